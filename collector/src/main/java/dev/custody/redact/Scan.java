package dev.custody.redact;

import org.jspecify.annotations.Nullable;

/**
 * One pass over one text. A table tells for each pair of characters whether a secret may begin
 * there, so that clean text costs one look-up a character, whatever the number of patterns; what a
 * match covers is not read again.
 */
final class Scan {
  private static final String BEARER = "bearer";
  private static final CharSet KEY_ID = CharSet.of("A-Z0-9");
  private static final CharSet SECRET_KEY = CharSet.of("A-Za-z0-9+/");
  private static final int KEY_ID_LENGTH = 20;
  private static final int SECRET_KEY_LENGTH = 40;

  /**
   * How far after an access key id its secret may stand: a row of {@code aws ... --output text}, or
   * of a CSV file.
   */
  private static final int SECRET_KEY_DISTANCE = 120;

  /**
   * How often a secret access key without any digit, as one in a thousand is, changes between lower
   * and upper case: 16 times on average, with a deviation of 3.
   */
  private static final int FEWEST_CHANGES = 5;

  private static final int MOST_SPACES = 8;

  private static final String BEFORE_SECRET_KEY = "secret_access_key ";

  private final String text;
  private final SecretPatterns patterns;
  private final Assignment assignment;
  private final Credential credential;
  private final Beside beside;
  private final CommandOption options;
  private int secretKeyUntil;

  /** One that a sign before it told of: between the two another may begin. */
  private @Nullable Span ahead;

  Scan(String text, SecretPatterns patterns) {
    this.text = text;
    this.patterns = patterns;
    this.assignment = new Assignment(text, patterns);
    this.credential = new Credential(text, patterns);
    this.beside = new Beside(text, patterns.marker());
    this.options = new CommandOption(text, patterns.marker());
  }

  /** The first secret at or behind {@code from}, null if there is none. */
  @Nullable Span next(int from) {
    return next(from, signBefore(from));
  }

  /**
   * Where to go on behind a secret: what was taken for its end may be a name and the sign of what
   * follows, and whether it was can't be told, for chance spells names.
   */
  private int signBefore(int from) {
    int at = from;
    while (at > 0 && from - at < MOST_SPACES && text.charAt(at - 1) == ' ') {
      at--;
    }
    return at > 0 && (text.charAt(at - 1) == ':' || text.charAt(at - 1) == '=') ? at - 1 : from;
  }

  /** The same where {@code clean} is the first place that is looked at. */
  @Nullable Span next(int from, int clean) {
    int at = clean;
    while (at < text.length()) {
      if (at >= secretKeyUntil) {
        at = patterns.triggers().next(text, at);
      }
      Span before = ahead;
      if (before != null && at >= before.start()) {
        return found(before);
      }
      if (at == text.length()) {
        return null;
      }
      int marker = text.charAt(at) == '[' ? patterns.marker().endAt(text, at) : -1;
      Span span = marker >= 0 ? null : outsideMarkers(secret(find(at)), from);
      if (span != null && span.start() <= at) {
        return found(span);
      }
      if (span != null && (before == null || span.start() < before.start())) {
        ahead = span;
      }
      at = marker >= 0 ? marker : at + 1;
    }
    return ahead == null ? null : found(ahead);
  }

  private Span found(Span span) {
    ahead = null;
    noteKeyIds(span.start(), span.end());
    return span;
  }

  /** The part of it that has not been replaced already, as what stands before an anchor may be. */
  private @Nullable Span outsideMarkers(@Nullable Span span, int from) {
    if (span == null) {
      return null;
    }
    Marker markers = patterns.marker();
    int outside = markers.endOfCovering(text, Math.max(from, span.start()));
    int start = markers.endOfAll(text, outside);
    return start < span.end() ? new Span(span.kind(), start, span.end()) : null;
  }

  /** None where the value is the word {@code Bearer}: the secret stands behind it. */
  private @Nullable Span secret(@Nullable Span found) {
    boolean scheme =
        found != null
            && found.end() - found.start() == BEARER.length()
            && text.regionMatches(true, found.start(), BEARER, 0, BEARER.length());
    return scheme ? null : found;
  }

  private @Nullable Span find(int at) {
    Span known = patterns.at(text, at);
    if (known != null) {
      return known;
    }
    return switch (text.charAt(at)) {
      case '=', '>' -> assignment.around(at);
      case ',' -> at > 0 && CharSet.ALNUM.has(text.charAt(at - 1)) ? null : assignment.around(at);
      case ':' -> text.startsWith("://", at) ? credential.inUrl(at) : afterColon(at);
      case '-' -> afterDash(at);
      default -> beside(at);
    };
  }

  private @Nullable Span afterColon(int at) {
    Span span = assignment.around(at);
    return span != null ? span : credential.inPasswordFile(at);
  }

  private @Nullable Span afterDash(int at) {
    if (text.startsWith("--", at)) {
      boolean option = at == 0 || text.charAt(at - 1) != '-';
      Span span = option ? assignment.option(at) : null;
      return option && span == null ? options.named(at) : span;
    }
    return options.at(at);
  }

  private @Nullable Span beside(int at) {
    noteKeyId(at);
    Span key = secretKeyAt(at);
    boolean word =
        key == null
            && at + 1 < text.length()
            && Beside.mayBeIn(text.charAt(at), text.charAt(at + 1));
    Span found = word ? beside.of(at) : null;
    if (found != null && patterns.at(text, found.start()) != null) {
      return key; // It has a form of its own, and is found by that.
    }
    return found != null ? found : key;
  }

  /** Also of an id that a match covers the secret may follow. */
  private void noteKeyIds(int from, int to) {
    for (int at = text.indexOf('A', from, to); at >= 0; at = text.indexOf('A', at + 1, to)) {
      noteKeyId(at);
    }
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
    if (CharSet.startsWith(text, at, BEFORE_SECRET_KEY)) {
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
    return !mixed || isMixed(from, end) ? new Span(SecretKind.AWS_SECRET_KEY, from, end) : null;
  }

  private boolean isMixed(int from, int to) {
    int fewest = CharSet.DIGIT.isIn(text, from, to) ? 1 : FEWEST_CHANGES;
    return Randomness.caseChanges(text, from, to) >= fewest;
  }
}
