package dev.custody.redact;

/**
 * Whether a value looks as if dice had made it: its characters are spread, and change between upper
 * case, lower case and digits as no word does. Digests, UUIDs and identifiers of clouds are random,
 * too, and not secret: they are left.
 */
final class Randomness {
  private static final CharSet MEMBERS = CharSet.of("A-Za-z0-9+/=_.~-");
  private static final CharSet HEX = CharSet.of("0-9A-Fa-f-");
  private static final CharSet UPPER_OR_DIGIT = CharSet.of("A-Z0-9");
  private static final int SHORTEST = 16;
  private static final int LONGEST = 512;

  private static final int FEWEST_CHANGES = 3;

  /** Of letters and digits in base 62 six in ten differ in class from the one before. */
  private static final double LEAST_CHANGES = 0.33;

  /** Bits a character: twenty random ones of base 62 have about 4.0, English words about 3.2. */
  private static final double LEAST_ENTROPY = 3.4;

  /** Integrity digests, public keys and certificates, pictures, by how their base64 begins. */
  private static final String[] PUBLIC = {
    "sha1-",
    "sha256-",
    "sha384-",
    "sha512-",
    "sha1=",
    "sha256=",
    "sha384=",
    "sha512=",
    "AAAAB3Nza",
    "AAAAC3Nza",
    "AAAAE2Vj",
    "MII",
    "MIG",
    "MHc",
    "iVBORw0KGgo",
    "/9j/",
    "R0lGOD",
    "UklGR",
    "PHN2Zy",
    "d09GM",
    "AAABAA",
    "h1:"
  };

  private Randomness() {}

  /** Of a value under a name, or beside a word, that is doubtful. */
  static boolean of(String text, int from, int to) {
    int length = to - from;
    return length >= SHORTEST
        && length <= LONGEST
        && MEMBERS.hasAll(text, from, to)
        && !HEX.hasAll(text, from, to)
        && !isIdentifier(text, from, to)
        && !isPath(text, from, to)
        && changes(text, from, to)
        && entropy(text, from, to) >= LEAST_ENTROPY;
  }

  /** Whether chance may have made a word: names have no digit and few changes of case. */
  static boolean isMixed(String text, int from, int to) {
    return CharSet.DIGIT.isIn(text, from, to) || caseChanges(text, from, to) >= FEWEST_CHANGES;
  }

  /** How often a letter has another case than the letter before it. */
  static int caseChanges(String text, int from, int to) {
    int changes = 0;
    int last = 0;
    for (int at = from; at < to; at++) {
      int type = type(text.charAt(at));
      if (type == 1 || type == 2) {
        changes += last > 0 && type != last ? 1 : 0;
        last = type;
      }
    }
    return changes;
  }

  private static boolean isIdentifier(String text, int from, int to) {
    for (String begin : PUBLIC) {
      if (text.startsWith(begin, from)) {
        return true;
      }
    }
    return to - from <= 24 && UPPER_OR_DIGIT.hasAll(text, from, to); // AROA..., AIDA..., ULIDs.
  }

  private static boolean isPath(String text, int from, int to) {
    int slashes = 0;
    int separators = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      slashes += c == '/' ? 1 : 0;
      separators += c == '-' || c == '_' || c == '.' || c == '/' ? 1 : 0;
    }
    int length = to - from;
    return slashes * 16 > length || separators * 7 > length;
  }

  private static boolean changes(String text, int from, int to) {
    int changes = 0;
    int counted = 0;
    int digits = 0;
    int previous = -1;
    for (int i = from; i < to; i++) {
      int type = type(text.charAt(i));
      if (type == 0) {
        previous = -1;
        continue;
      }
      digits += type == 3 ? 1 : 0;
      changes += previous >= 0 && type != previous ? 1 : 0;
      counted++;
      previous = type;
    }
    return digits > 0 && digits * 2 < counted && changes >= counted * LEAST_CHANGES;
  }

  private static int type(char c) {
    if (c >= 'a' && c <= 'z') {
      return 1;
    }
    if (c >= 'A' && c <= 'Z') {
      return 2;
    }
    return c >= '0' && c <= '9' ? 3 : 0;
  }

  private static double entropy(String text, int from, int to) {
    int[] counts = new int[128];
    for (int i = from; i < to; i++) {
      counts[text.charAt(i)]++;
    }
    double bits = 0;
    double length = to - from;
    for (int count : counts) {
      if (count > 0) {
        bits -= count / length * (Math.log(count / length) / Math.log(2));
      }
    }
    return bits;
  }
}
