package dev.custody.mcp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a wrapper runs, as its environment and its options tell.
 *
 * @param facts members of each delivery
 * @param sessions sessions that the environment names, by product
 * @param delegation the delegation that the agent's environment names; null for none
 */
record Surroundings(
    Map<String, String> facts, Map<String, String> sessions, @Nullable String delegation) {
  private static final int LONGEST = 256;

  /** Variables that hold a session, the first that is set of each product. */
  private static final Map<String, List<String>> SESSIONS =
      Map.of(
          "claude-code", List.of("CLAUDE_CODE_SESSION_ID"),
          "codex", List.of("CODEX_SESSION_ID", "CODEX_THREAD_ID"),
          "gemini-cli", List.of("GEMINI_SESSION_ID"),
          "opencode", List.of("OPENCODE_SESSION_ID"));

  /** Variables by which a product can be known. */
  private static final List<Map.Entry<String, String>> MARKS =
      List.of(
          Map.entry("CODEX_THREAD_ID", "codex"),
          Map.entry("CODEX_SESSION_ID", "codex"),
          Map.entry("GEMINI_CLI", "gemini-cli"),
          Map.entry("OPENCODE", "opencode"),
          Map.entry("CLAUDECODE", "claude-code"),
          Map.entry("CLAUDE_CODE_SESSION_ID", "claude-code"));

  static Surroundings of(WrapperOptions options, Map<String, String> environment, String cwd) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("instance", UUID.randomUUID().toString());
    facts.put("cwd", cwd);
    putIfThere(facts, "product", options.product());
    putIfThere(
        facts,
        "session",
        options.session() == null ? environment.get("CUSTODY_SESSION") : options.session());
    putIfThere(facts, "server", options.server());
    MARKS.stream()
        .filter(mark -> !environment.getOrDefault(mark.getKey(), "").isBlank())
        .findFirst()
        .ifPresent(mark -> facts.put("around", mark.getValue()));
    Map<String, String> sessions = new LinkedHashMap<>();
    SESSIONS.forEach((product, variables) ->
        variables.forEach(variable -> {
          if (!sessions.containsKey(product)) {
            putIfThere(sessions, product, environment.get(variable));
          }
        }));
    String delegation = environment.get("CUSTODY_DELEGATION");
    return new Surroundings(
        facts, sessions, delegation == null || delegation.isBlank() ? null : delegation.strip());
  }

  private static void putIfThere(Map<String, String> to, String name, @Nullable String value) {
    if (value != null && !value.isBlank() && value.length() <= LONGEST) {
      to.put(name, value.strip());
    }
  }
}
