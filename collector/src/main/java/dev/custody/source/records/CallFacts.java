package dev.custody.source.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.tag.SessionTag;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the logs of all providers say in one way: who called, from where, by which program. */
public final class CallFacts {
  /** Longest identifier; anything longer is none. */
  public static final int LONGEST_ID = 256;

  /** Longest text of a body's field. */
  public static final int LONGEST_TEXT = 1024;

  /** {@code app/<id>}, by which an SDK names the application; AWS allows 50 characters. */
  private static final Pattern TAG = Pattern.compile("(?:^|\\s)app/([^\\s/()]{1,64})(?:\\s|$)");

  private static final String TAG_MARK = "app/";

  private final List<Identifier> identifiers = new ArrayList<>();

  /** Adds an identifier, unless it is absent or too long to be one. */
  public CallFacts add(IdentifierKind kind, @Nullable String value) {
    if (value != null && value.length() <= LONGEST_ID) {
      identifiers.add(new Identifier(kind, value));
    }
    return this;
  }

  /** Adds the application and the session that a user agent names. */
  public CallFacts addUserAgent(@Nullable String userAgent) {
    int mark = userAgent == null ? -1 : userAgent.indexOf(TAG_MARK);
    if (userAgent != null && mark >= 0) {
      Matcher matcher = TAG.matcher(userAgent);
      boolean found = matcher.find(Math.max(0, mark - 1));
      add(IdentifierKind.USER_AGENT_TAG, found ? matcher.group(1) : null);
      SessionTag tag = SessionTag.inUserAgent(userAgent);
      if (tag != null) {
        identifiers.add(tag.identifier());
      }
    }
    return this;
  }

  /** What was added, in that order. */
  public List<Identifier> identifiers() {
    return List.copyOf(identifiers);
  }

  /** The text under {@code field}; null where there is none, or an empty one. */
  public static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.get(field);
    String text = value == null ? null : value.textValue();
    return text == null || text.isEmpty() ? null : text;
  }

  /** As much of {@code text} as a field of a body takes. */
  public static @Nullable String bounded(@Nullable String text) {
    return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
