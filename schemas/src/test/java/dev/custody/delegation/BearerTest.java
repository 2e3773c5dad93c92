package dev.custody.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.identity.SpiffeId;
import org.junit.jupiter.api.Test;

class BearerTest {
  private static final SpiffeId AGENT = SpiffeId.parse("spiffe://acme.example/agent/codex/shop");
  private static final Bearer MAIN = new Bearer(AGENT, null);
  private static final Bearer REVIEWER = new Bearer(AGENT, "reviewer");

  private static SpiffeId id(String path) {
    return SpiffeId.parse("spiffe://acme.example/agent/" + path);
  }

  @Test
  void aSubAgentIsItsAgentWithOneSegmentMore() {
    assertThat(MAIN.id()).isEqualTo(AGENT).hasToString(MAIN.toString());
    assertThat(REVIEWER.id()).isEqualTo(id("codex/shop/reviewer")).hasToString("" + REVIEWER);
    assertThat(new Bearer(AGENT, "a b/../c").id()).isEqualTo(id("codex/shop/a-b-..-c"));
    assertThat(new Bearer(AGENT, "..").id()).isEqualTo(id("codex/shop/unnamed"));
  }

  @Test
  void anAgentPresentsWhatIsForItOrForAnIdAboveIt() {
    for (Bearer bearer : new Bearer[] {MAIN, REVIEWER}) {
      assertThat(bearer.mayPresent(AGENT)).isTrue();
      assertThat(bearer.mayPresent(id("codex"))).isTrue();
      assertThat(bearer.mayPresent(id("codex/shop-2"))).isFalse();
      assertThat(bearer.mayPresent(id("claude-code/shop"))).isFalse();
    }
  }

  @Test
  void theHopOfASubAgentIsPresentedByThatSubAgentOnly() {
    SpiffeId hop = id("codex/shop/reviewer");
    assertThat(REVIEWER.mayPresent(hop)).isTrue();
    assertThat(MAIN.mayPresent(hop)).isFalse();
    assertThat(new Bearer(AGENT, "tester").mayPresent(hop)).isFalse();
    assertThat(new Bearer(id("claude-code/shop"), "reviewer").mayPresent(hop)).isFalse();
    assertThat(
            new Bearer(SpiffeId.parse("spiffe://other.example/agent/codex/shop"), "reviewer")
                .mayPresent(hop))
        .isFalse();
  }

  @Test
  void aSubAgentNeedsAHopOfItsOwnOrDepthLeft() {
    SpiffeId hop = id("codex/shop/reviewer");
    assertThat(MAIN.mayActUnder(AGENT, 0)).isTrue();
    assertThat(REVIEWER.mayActUnder(AGENT, 0)).isFalse();
    assertThat(REVIEWER.mayActUnder(AGENT, 1)).isTrue();
    assertThat(REVIEWER.mayActUnder(hop, 0)).isTrue();
    assertThat(new Bearer(AGENT, "tester").mayActUnder(hop, 0)).isFalse();
  }

  @Test
  void anIdThatWouldBeTooLongIsNobodysAndNoError() {
    SpiffeId longest = SpiffeId.parse("spiffe://acme.example/" + "a".repeat(2020));
    assertThat(new Bearer(longest, "reviewer").mayPresent(AGENT)).isFalse();
  }
}
