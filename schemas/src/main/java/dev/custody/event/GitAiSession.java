package dev.custody.event;

import dev.custody.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How git-ai's notes name an agent's session: {@code s_} and the first 14 hex digits of the SHA-256
 * of {@code <tool>:<conversation id>} (Git AI Standard v3.0.0, 1.2.3.1). Anybody who knows the
 * conversation's id can compute it, and write it into a note.
 */
public final class GitAiSession {
  /** What git-ai calls Claude Code. */
  public static final String CLAUDE_CODE = "claude";

  private static final int DIGITS = 14;
  private static final Pattern NAME = Pattern.compile("s_[0-9a-f]{14}");
  private static final Pattern EARLIER = Pattern.compile("[0-9a-f]{16}");

  private GitAiSession() {}

  /**
   * The session of {@code conversation}.
   *
   * @param tool the agent as git-ai calls it: {@code claude}, {@code codex}, {@code gemini}, {@code
   *     opencode}, {@code cursor}, ...
   * @param conversation the agent's own session id
   */
  public static Identifier of(String tool, String conversation) {
    byte[] named = (tool + ':' + conversation).getBytes(StandardCharsets.UTF_8);
    return named(Digest.sha256(named).hex());
  }

  /**
   * The session that a note's key names: {@code s_} and 14 digits, or the 16 digits that git-ai
   * wrote before 1.4.0, which begin with the same 14. Null if it is neither.
   */
  public static @Nullable Identifier inNote(String key) {
    if (NAME.matcher(key).matches()) {
      return new Identifier(IdentifierKind.GIT_AI_SESSION, key);
    }
    return EARLIER.matcher(key).matches() ? named(key) : null;
  }

  private static Identifier named(String digest) {
    return new Identifier(IdentifierKind.GIT_AI_SESSION, "s_" + digest.substring(0, DIGITS));
  }
}
