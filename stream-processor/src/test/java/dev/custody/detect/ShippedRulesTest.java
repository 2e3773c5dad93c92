package dev.custody.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Concern;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.attribution.Position;
import dev.custody.digest.ChainId;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.EventId;
import dev.custody.event.Host;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each shipped rule fires on what it is for, and not on what is nearest to it. */
class ShippedRulesTest {
  private static final String OUTSIDE = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e01";
  private static final String BORROWED = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e04";
  private static final String UNKNOWN = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e05";
  private static final String MISUSE = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e06";
  private static final String ORPHAN = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e07";
  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

  private final RuleMatcher matcher = new RuleMatcher(ShippedRules.load());

  private static Event decision(
      String source, String verdict, @Nullable String rule, String answer) {
    return new EventBuilder(
            new Source(source, "PolicyDecision", null, null),
            new Host("laptop", null),
            NOW,
            new Body.PolicyDecision(
                "Bash", "enforce", verdict, rule, "configuration", answer, "because"))
        .action("tool:Bash")
        .build();
  }

  @Test
  void aBorrowedIdentityIsAFindingWhereThePolicyAsksForADelegation() {
    for (String source : List.of("claude-code", "custody")) {
      assertThat(matcher.hits(decision(source, "NONE", "delegation-required", "deny")))
          .containsExactly(BORROWED);
      assertThat(matcher.hits(decision(source, "NONE", "delegation-required", "proceed")))
          .containsExactly(BORROWED);
    }
  }

  @Test
  void aDecisionByAnotherRuleIsNoBorrowedIdentity() {
    assertThat(matcher.hits(decision("claude-code", "NONE", "observe", "proceed"))).isEmpty();
    assertThat(matcher.hits(decision("claude-code", "OUTSIDE", "scope", "deny"))).isEmpty();
    assertThat(matcher.hits(decision("claude-code", "WITHIN", "delegation-scope", "proceed")))
        .isEmpty();
  }

  private static Event mcp(String action) {
    return new EventBuilder(
            new Source("mcp", "ToolDescriptionChanged", null, null),
            new Host("laptop", null),
            NOW,
            new Body.Observed("ToolDescriptionChanged"))
        .action(action)
        .build();
  }

  @Test
  void aToolThatIsDescribedOtherwiseIsAFinding() {
    assertThat(matcher.hits(mcp("mcp:tool-description-changed")))
        .containsExactly("6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e11");
    assertThat(matcher.hits(mcp("mcp:tools/list"))).isEmpty();
  }

  private static Attribution act(String kind, DelegationVerdict verdict, Concern... concerns) {
    Candidate best =
        new Candidate(
                new Agent("claude-code", null, "spiffe://test/agent/claude-code/api", "one", null),
                null,
                "one",
                "prompt",
                null,
                null,
                Grade.CORROBORATED,
                List.of(),
                List.of(),
                null)
            .concerned(List.of(concerns));
    return new Attribution(
        EventId.fresh(),
        0,
        kind,
        NOW,
        NOW,
        new Position(0, 0, ChainId.ofHex("00".repeat(16)), 1),
        new Source("cloudtrail", null, null, null),
        "laptop",
        "s3:GetObject",
        List.of("arn:aws:s3:::b/k"),
        Outcome.SUCCESS,
        null,
        List.of(new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "ASIAEXAMPLE000000001")),
        0,
        "",
        best,
        Grade.INFERRED,
        List.of(),
        0,
        new DelegationUse(verdict, "dlg-12345678", null, List.of(), null, null, "why"),
        List.of(),
        null);
  }

  @ParameterizedTest
  @EnumSource(DelegationVerdict.class)
  void delegationVerdictsFireAsTheyShould(DelegationVerdict verdict) {
    List<String> expected =
        switch (verdict) {
          case OUTSIDE, EXPIRED, NOT_YET_VALID, REVOKED -> List.of(OUTSIDE);
          case UNKNOWN -> List.of(UNKNOWN);
          case WITHIN, NONE, UNCERTAIN, NOT_APPLICABLE -> List.of();
        };
    assertThat(matcher.hitsOfDelegationUse(act("CloudCall", verdict))).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(Concern.class)
  void concernsFireAsTheyShould(Concern concern) {
    assertThat(matcher.hitsOfCredentialUse(act("CloudCall", DelegationVerdict.WITHIN, concern)))
        .containsExactly(concern == Concern.NO_TOOL_CALL ? ORPHAN : MISUSE);
  }

  @Test
  void severalConcernsFireEachTheirOwn() {
    assertThat(
            Set.copyOf(
                matcher.hitsOfCredentialUse(
                    act(
                        "CloudCall",
                        DelegationVerdict.WITHIN,
                        Concern.NO_TOOL_CALL,
                        Concern.AFTER_EXPIRY,
                        Concern.OTHER_ADDRESS))))
        .containsExactlyInAnyOrder(MISUSE, ORPHAN);
  }

  @Test
  void aUseWithoutConcernsAndACommitWithoutAToolCallFireNothing() {
    assertThat(matcher.hitsOfCredentialUse(act("CloudCall", DelegationVerdict.WITHIN))).isEmpty();
    assertThat(
            matcher.hitsOfCredentialUse(
                act("CommitCreated", DelegationVerdict.WITHIN, Concern.NO_TOOL_CALL)))
        .isEmpty();
  }

  @Test
  void concernsOfAnAttributionBecomeSightingsThatSayThem() {
    List<Sighting> seen =
        new Sightings(matcher)
            .in(act("CloudCall", DelegationVerdict.REVOKED, Concern.AFTER_REVOCATION));
    assertThat(seen).extracting(Sighting::rule).containsExactlyInAnyOrder(OUTSIDE, MISUSE);
    assertThat(seen)
        .allSatisfy(s -> {
          assertThat(s.group()).isEqualTo("prompt:prompt");
          assertThat(s.evidence().summary()).contains("AFTER_REVOCATION");
        });
  }
}
