package dev.custody.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one text. A table tells for each pair of characters whether a secret may begin
 * there, so that clean text costs one look-up a character; what a match replaced is not read again.
 */
final class Scan {
  private static final boolean[] TRIGGERS = triggers();
  private static final CharSet KEY_ID = CharSet.of("A-Z0-9");
  private static final CharSet SECRET_KEY = CharSet.of("A-Za-z0-9+/");
  private static final CharSet UPPER = CharSet.of("A-Z");
  private static final CharSet LOWER = CharSet.of("a-z");
  private static final int KEY_ID_LENGTH = 20;
  private static final int SECRET_KEY_LENGTH = 40;

  /**
   * How far after an access key id its secret may stand: a row of {@code aws ... --output text}, or
   * of a CSV file.
   */
  private static final int SECRET_KEY_DISTANCE = 120;

  private static final String BEFORE_SECRET_KEY = "secret_access_key ";

  private static final int MOST_ROUNDS = 8;

  private final String text;
  private final String location;
  private final Fingerprint fingerprint;
  private final List<Finding> findings;
  private final StringBuilder out = new StringBuilder();
  private final Assignment assignment;
  private final Credential credential;
  private int copied;
  private int secretKeyUntil;

  private Scan(String text, String location, Fingerprint fingerprint, List<Finding> findings) {
    this.text = text;
    this.location = location;
    this.fingerprint = fingerprint;
    this.findings = findings;
    this.assignment = new Assignment(text);
    this.credential = new Credential(text);
  }

  /** The text without its secrets; the same instance if there are none. */
  static String redact(
      String text, String location, Fingerprint fingerprint, List<Finding> findings) {
    // What a marker replaced may have hidden the name of what follows: again, until nothing
    // changes.
    String before = text;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      String after = new Scan(before, location, fingerprint, findings).run();
      if (after.equals(before)) {
        return before;
      }
      before = after;
    }
    return before;
  }

  private String run() {
    int length = text.length();
    int at = 0;
    while (at < length) {
      at = at < secretKeyUntil ? step(at) : skipClean(at, length);
    }
    return copied == 0 ? text : out.append(text, copied, length).toString();
  }

  private int skipClean(int from, int length) {
    int at = from;
    while (at < length) {
      char first = text.charAt(at);
      char second = at + 1 < length ? text.charAt(at + 1) : '\0';
      if (first < 128 && TRIGGERS[first << 7 | (second & 127)]) {
        return step(at);
      }
      at++;
    }
    return at;
  }

  /** Judges what begins at {@code at}, and says where to go on. */
  private int step(int at) {
    int marker = Marker.endAt(text, at);
    if (marker >= 0) {
      return marker;
    }
    Span span = find(at);
    if (span == null) {
      return at + 1;
    }
    replace(span);
    return span.end();
  }

  private @Nullable Span find(int at) {
    return switch (text.charAt(at)) {
      case '=', '>', ',' -> assignment.around(at);
      case ':' -> text.startsWith("://", at) ? credential.inUrl(at) : assignment.around(at);
      case '-' -> afterDash(at);
      default -> {
        noteKeyId(at);
        Span span = TokenFormat.at(text, at);
        yield span != null ? span : secretKeyAt(at);
      }
    };
  }

  private @Nullable Span afterDash(int at) {
    Span block = TokenFormat.at(text, at);
    boolean option =
        block == null && text.startsWith("--", at) && (at == 0 || text.charAt(at - 1) != '-');
    return option ? assignment.option(at) : block;
  }

  private void noteKeyId(int at) {
    boolean keyId =
        (text.startsWith("AKIA", at) || text.startsWith("ASIA", at))
            && KEY_ID.runEnd(text, at, at + KEY_ID_LENGTH + 1) == at + KEY_ID_LENGTH;
    if (keyId) {
      secretKeyUntil = at + KEY_ID_LENGTH + SECRET_KEY_DISTANCE;
    }
  }

  /**
   * A secret access key that has no name, but an access key id or {@code aws configure set} before
   * it.
   */
  private @Nullable Span secretKeyAt(int at) {
    if (text.regionMatches(true, at, BEFORE_SECRET_KEY, 0, BEFORE_SECRET_KEY.length())) {
      return exactly40(at + BEFORE_SECRET_KEY.length(), false);
    }
    boolean start = at < secretKeyUntil && at > 0 && SECRET_KEY.has(text.charAt(at));
    boolean boundary =
        start && (!SECRET_KEY.has(text.charAt(at - 1)) || Boundary.escapeEndsAt(text, at));
    return boundary ? exactly40(at, true) : null;
  }

  private @Nullable Span exactly40(int from, boolean mixed) {
    int end = SECRET_KEY.runEnd(text, from, from + SECRET_KEY_LENGTH + 1);
    if (end - from != SECRET_KEY_LENGTH) {
      return null;
    }
    boolean random =
        hasAny(UPPER, from, end) && hasAny(LOWER, from, end) && hasAny(CharSet.DIGIT, from, end);
    return random || !mixed ? new Span(SecretKind.AWS_SECRET_KEY, from, end) : null;
  }

  private boolean hasAny(CharSet set, int from, int to) {
    for (int i = from; i < to; i++) {
      if (set.has(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private void replace(Span span) {
    String mark = fingerprint.of(span.kind(), text.substring(span.start(), span.end()));
    out.append(text, copied, span.start()).append(Marker.of(span.kind(), mark));
    copied = span.end();
    findings.add(new Finding(span.kind(), mark, location));
  }

  private static boolean[] triggers() {
    boolean[] table = new boolean[128 * 128];
    for (char first = 0; first < 128; first++) {
      for (char second = 0; second < 128; second++) {
        table[first << 7 | second] =
            switch (first) {
              case '=', ':', '>' -> true;
              case ',' -> second <= ' ' || second == '\'' || second == '"';
              case '-' -> second == '-';
              case '[' -> second == 'r';
              case 'A' -> second == 'K' || second == 'S' || TokenFormat.mayBeginWith(first, second);
              case 's', 'S' ->
                  second == 'e' || second == 'E' || TokenFormat.mayBeginWith(first, second);
              default -> TokenFormat.mayBeginWith(first, second);
            };
      }
    }
    return table;
  }
}
