package dev.custody.tag;

import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A session's tag.
 *
 * @param value {@code custody-} and 20 lower-case hex digits
 */
public record SessionTag(String value) {
  /** Key of the trailer by which a commit carries a tag. */
  public static final String TRAILER = "Custody-Session";

  private static final Pattern FORM = Pattern.compile("custody-[0-9a-f]{20}");

  /**
   * As an SDK, or {@code TF_APPEND_USER_AGENT}, puts it into a user agent, to which Google appends
   * {@code ,gzip(gfe)}.
   */
  private static final Pattern IN_USER_AGENT =
      Pattern.compile("(?:^|[\\s\\[(])app/(custody-[0-9a-f]{20})(?:[\\s\\]),]|$)");

  private static final String USER_AGENT_MARK = "app/custody-";

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException when it is no tag
   */
  public SessionTag {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("no session tag: expected custody- and 20 hex digits");
    }
  }

  /** The tag that {@code text} is, null when it is none. */
  public static @Nullable SessionTag of(String text) {
    return FORM.matcher(text).matches() ? new SessionTag(text) : null;
  }

  /** The first that stands in a user agent, null without any. */
  public static @Nullable SessionTag inUserAgent(String userAgent) {
    int mark = userAgent.indexOf(USER_AGENT_MARK);
    if (mark < 0) {
      return null; // Without the expression, which looks at every character of it.
    }
    Matcher matcher = IN_USER_AGENT.matcher(userAgent);
    return matcher.find(Math.max(0, mark - 1)) ? new SessionTag(matcher.group(1)) : null;
  }

  /** As an event carries it. */
  public Identifier identifier() {
    return new Identifier(IdentifierKind.SESSION_TAG, value);
  }
}
