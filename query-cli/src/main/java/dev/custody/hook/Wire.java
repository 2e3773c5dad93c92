package dev.custody.hook;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be wired to the collector. */
public enum Wire {
  CLAUDE_CODE("claude-code"),
  CODEX("codex"),
  GEMINI_CLI("gemini-cli"),
  OPENCODE("opencode"),
  GIT("git");

  private final String id;

  Wire(String id) {
    this.id = id;
  }

  /** Its name on the command line, and of an agent the end of its path at the collector. */
  public String id() {
    return id;
  }

  /** The agents: all but git. */
  public static List<Wire> agents() {
    return List.of(CLAUDE_CODE, CODEX, GEMINI_CLI, OPENCODE);
  }

  /** The one that is called {@code id}. */
  public static Optional<Wire> of(String id) {
    return Arrays.stream(values()).filter(w -> w.id.equals(id)).findFirst();
  }
}
