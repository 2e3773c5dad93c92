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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each shipped rule fires on what it is for, and not on what is nearest to it. */
class ShippedRulesTest {
  private static final String OUTSIDE = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e01";
  private static final String BORROWED = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e04";
  private static final String UNKNOWN = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e05";
  private static final String MISUSE = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e06";
  private static final String ORPHAN = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e07";
  private static final String SETTINGS_CHANGED = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e14";
  private static final String SETTINGS_WRITTEN = "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e15";
  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

  private final RuleMatcher matcher = new RuleMatcher(ShippedRules.load());

  /** Ids of the rules that tell by themselves; those that only correlations look at have none. */
  private List<String> told(Event event) {
    return telling(matcher.hits(event));
  }

  /** Without those that only correlations look at. */
  private static List<String> telling(Collection<String> hits) {
    return hits.stream().filter(id -> id.startsWith("6a1f0b52-")).toList();
  }

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
      assertThat(told(decision(source, "NONE", "delegation-required", "deny")))
          .containsExactly(BORROWED);
      assertThat(told(decision(source, "NONE", "delegation-required", "proceed")))
          .containsExactly(BORROWED);
    }
  }

  @Test
  void aDecisionByAnotherRuleIsNoBorrowedIdentity() {
    assertThat(told(decision("claude-code", "NONE", "observe", "proceed"))).isEmpty();
    assertThat(told(decision("claude-code", "OUTSIDE", "scope", "deny"))).isEmpty();
    assertThat(told(decision("claude-code", "WITHIN", "delegation-scope", "proceed"))).isEmpty();
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
    assertThat(told(mcp("mcp:tool-description-changed")))
        .containsExactly("6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e11");
    assertThat(told(mcp("mcp:tools/list"))).isEmpty();
  }

  @Test
  void settingsThatChangedAreAFinding() {
    EventBuilder changed =
        new EventBuilder(
            new Source("claude-code", "ConfigChange", null, null),
            new Host("laptop", null),
            NOW,
            new Body.ConfigurationChanged("user_settings", "/home/dana/.claude/settings.json"));
    assertThat(told(changed.action("configuration:change").build()))
        .containsExactly(SETTINGS_CHANGED);
    assertThat(told(call("claude-code", "InstructionsLoaded", "x", "{}"))).isEmpty();
  }

  private static Event call(String source, String tool, String resource, String content) {
    return new EventBuilder(
            new Source(source, "PreToolUse", null, null),
            new Host("laptop", null),
            NOW,
            new Body.ToolCallRequested(tool))
        .action("tool:" + tool)
        .resources(List.of(resource))
        .content(content.replace('\'', '"').getBytes(StandardCharsets.UTF_8), 0)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "Write, /home/dana/.claude/settings.json",
    "Edit, /home/dana/api/.claude/settings.local.json",
    "apply_patch, /home/dana/.codex/hooks.json",
    "apply_patch, /home/dana/.codex/config.toml",
    "write_file, /home/dana/.gemini/settings.json",
    "replace, /home/dana/api/.gemini/settings.json",
    "write, /home/dana/.config/opencode/plugins/custody.js",
    "edit, /home/dana/api/.opencode/plugin/custody.js",
    "mcp__fs__write_file, /home/dana/.claude/settings.json",
    "mcp_fs_edit_file, /home/dana/.claude/settings.json"
  })
  void aCallThatWritesAnAgentsSettingsIsAFinding(String tool, String file) {
    assertThat(told(call("claude-code", tool, file, "{}"))).containsExactly(SETTINGS_WRITTEN);
  }

  @ParameterizedTest
  @CsvSource({
    "Read, /home/dana/.claude/settings.json",
    "read_file, /home/dana/.gemini/settings.json",
    "mcp__fs__read_file, /home/dana/.claude/settings.json",
    "Write, /home/dana/.claude/settings.json.md",
    "Write, /home/dana/api/.claude/commands/deploy.md",
    "Write, /home/dana/api/settings.json",
    "Write, /home/dana/api/.vscode/settings.json",
    "apply_patch, /home/dana/.codex/prompts/hooks.json.md",
    "write, /home/dana/.config/opencode/themes/dark.json"
  })
  void aCallThatReadsThemOrWritesWhatIsNextToThemIsNone(String tool, String file) {
    assertThat(told(call("claude-code", tool, file, "{}"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bash | {'tool_input':{'command':'echo {} > ~/.claude/settings.json'}}",
        "Bash | {'tool_input':{'command':'cd && rm -f .codex/hooks.json'}}",
        "Bash | {'tool_input':{'command':'tee /home/dana/.claude/settings.local.json < new'}}",
        "run_shell_command | {'tool_input':{'command':'sed -i s/true/false/ ~/.gemini/settings.json'}}",
        "bash | {'output':{'args':{'command':'mv .opencode/plugin/custody.js /tmp'}}}",
        "bash | {'input':{'args':{'command':'rm -r ~/.config/opencode/plugins'}}}"
      })
  void aCommandThatWritesThemIsAFinding(String tool, String content) {
    assertThat(told(call("codex", tool, "/home/dana/api", content)))
        .containsExactly(SETTINGS_WRITTEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat ~/.claude/settings.json",
        "grep -n hooks ~/.codex/config.toml",
        "cat ~/.claude/settings.json; echo done > /tmp/x",
        "diff .gemini/settings.json b | tee out",
        "rm settings.json"
      })
  void aCommandThatOnlyReadsThemIsNone(String command) {
    assertThat(
            told(
                call(
                    "claude-code",
                    "Bash",
                    "/home/dana/api",
                    "{'tool_input':{'command':'" + command + "'}}")))
        .isEmpty();
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
        List.of(),
        null,
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
    assertThat(telling(matcher.hitsOfDelegationUse(act("CloudCall", verdict)))).isEqualTo(expected);
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
    Attribution act = act("CloudCall", DelegationVerdict.REVOKED, Concern.AFTER_REVOCATION);
    Sightings sightings = new Sightings(matcher);
    List<Sighting> seen = sightings.of(act, telling(sightings.hits(act)));
    assertThat(seen).extracting(Sighting::rule).containsExactlyInAnyOrder(OUTSIDE, MISUSE);
    assertThat(seen)
        .allSatisfy(s -> {
          assertThat(s.group()).isEqualTo("prompt:prompt");
          assertThat(s.evidence().summary()).contains("AFTER_REVOCATION");
        });
  }
}
