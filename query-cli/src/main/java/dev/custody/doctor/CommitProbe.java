package dev.custody.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The commit by which the check for secrets is tried: one file that holds one made-up secret. The
 * check refuses it as any other, and tells the collector of a probe and not of a refusal. Whoever
 * else makes the very same commit hides nothing by it: nothing but the made-up secret is in it.
 */
public final class CommitProbe {
  /** How the check begins what it says when it refuses a commit. */
  public static final String REFUSED = "custody: the commit adds ";

  /** How the check says that nobody heard of it. */
  public static final String NOT_TAKEN = "custody: no collector took this down";

  /** The file's name. */
  public static final String FILE = "custody-probe";

  /** What is in it; in parts, so that nothing that looks for secrets finds it in our sources. */
  public static final String TEXT = "gh" + "p_" + "Cu5t0dyPr0beN0b0dy5S3cr3t7vQ2xK9wZ4m\n";

  private static final Pattern SESSION = Pattern.compile(Probe.SESSION + "[0-9a-f]{16}");

  private CommitProbe() {}

  /**
   * Whether a commit is the probe.
   *
   * @param session that it is made in
   * @param path of the only file that has secrets on lines that the commit adds
   * @param blob git's id of all that is staged of it
   */
  public static boolean is(@Nullable String session, String path, String blob) {
    return session != null
        && SESSION.matcher(session).matches()
        && path.equals(FILE)
        && blob.equals(blob());
  }

  /** What the collector is told of it. */
  public static ObjectNode record(String session) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("hook_event_name", Probe.HOOK)
        .put("session_id", session);
  }

  private static String blob() {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + TEXT.length() + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sha1.digest(TEXT.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
