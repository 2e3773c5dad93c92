package dev.custody.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases are those of the SPIFFE-ID standard, sections 2.1 to 2.3. */
class SpiffeIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://example.org",
        "spiffe://example.org/a",
        "spiffe://example.org/9eebccd2-12bf-40a6-b262-65fe0487d453",
        "spiffe://my_trust-domain.9/ns/prod/sa/x",
        "spiffe://1.2.3.4/service",
        "spiffe://example.org/A.b_c-d/...",
      })
  void whatTheStandardAllowsIsParsedAndPrintedTheSame(String text) {
    assertThat(SpiffeId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "spiffe:",
        "spiffe://",
        "spiffe:///path",
        "http://example.org/path",
        "SPIFFE://example.org",
        "spiffe://Example.org/path",
        "spiffe://example.org:80/path",
        "spiffe://user@example.org/path",
        "spiffe://exa mple.org/path",
        "spiffe://exämple.org/path",
        "spiffe://example.org/",
        "spiffe://example.org/path/",
        "spiffe://example.org//path",
        "spiffe://example.org/./path",
        "spiffe://example.org/../path",
        "spiffe://example.org/path/..",
        "spiffe://example.org/p%61th",
        "spiffe://example.org/path?query",
        "spiffe://example.org/path#fragment",
        "spiffe://example.org/p ath",
        "spiffe://example.org/päth",
        "spiffe://example.org/path\n",
        " spiffe://example.org/path",
      })
  void whatTheStandardForbidsIsRefused(String text) {
    assertThatThrownBy(() -> SpiffeId.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthsAreBounded() {
    String domain = "d".repeat(255);
    assertThat(SpiffeId.parse("spiffe://" + domain).trustDomain()).isEqualTo(domain);
    assertThatThrownBy(() -> SpiffeId.parse("spiffe://d" + domain))
        .isInstanceOf(IllegalArgumentException.class);
    String head = "spiffe://d/";
    String whole = head + "p".repeat(2_048 - head.length());
    assertThat(SpiffeId.parse(whole)).hasToString(whole);
    assertThatThrownBy(() -> SpiffeId.parse(whole + "p"))
        .hasMessage("a SPIFFE ID has at most 2048 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "spiffe://d/agent, spiffe://d/agent, true",
    "spiffe://d/agent, spiffe://d/agent/claude-code/api, true",
    "spiffe://d, spiffe://d/agent, true",
    "spiffe://d/agent/claude, spiffe://d/agent/claude-code, false",
    "spiffe://d/agent/a, spiffe://d/agent, false",
    "spiffe://d/agent, spiffe://e/agent, false",
    "spiffe://d/agent, spiffe://d/Agent, false",
  })
  void anIdCoversItselfAndWhatStandsBelowItByWholeSegments(
      String above, String below, boolean covers) {
    assertThat(SpiffeId.parse(above).covers(SpiffeId.parse(below))).isEqualTo(covers);
  }

  @Test
  void namesOfHostsAndProjectsBecomeSegments() {
    assertThat(SpiffeId.collector("d", "Dana's Laptop"))
        .hasToString("spiffe://d/collector/dana-s-laptop");
    assertThat(SpiffeId.agent("d", "claude-code", ".."))
        .hasToString("spiffe://d/agent/claude-code/unnamed");
    assertThat(SpiffeId.agent("d", "x", "p".repeat(500)).path())
        .hasSize("/agent/x/".length() + 128);
  }
}
