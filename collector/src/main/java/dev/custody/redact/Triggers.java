package dev.custody.redact;

/**
 * Where something may begin, told by two characters, or by three where only an anchor may: ordinary
 * words end here. One table look-up a character, whatever the number of anchors.
 */
final class Triggers {
  private static final int ASCII = 128;

  /** Something that is no anchor may begin here: a separator, a marker, a telling word. */
  private static final char STRUCTURE = Character.MAX_VALUE;

  private final AnchorTable anchors;

  /** By two characters: 0, a node of the anchors, or {@link #STRUCTURE}. */
  private final char[] table = new char[ASCII * ASCII];

  Triggers(AnchorTable anchors) {
    this.anchors = anchors;
    for (char first = 0; first < ASCII; first++) {
      for (char second = 0; second < ASCII; second++) {
        table[first * ASCII + second] =
            isStructure(first, second) ? STRUCTURE : (char) anchors.node(first, second);
      }
    }
  }

  /** The first place at or behind {@code from} where something may begin; the length if nowhere. */
  int next(String text, int from) {
    int last = text.length() - 1;
    for (int at = from; at < last; at++) {
      char first = text.charAt(at);
      if (first >= ASCII) {
        continue;
      }
      char found = table[first * ASCII + (text.charAt(at + 1) & (ASCII - 1))];
      if (found != 0
          && (found == STRUCTURE
              || anchors.goesOn(found, at + 1 < last ? text.charAt(at + 2) : ' '))) {
        return at;
      }
    }
    return text.length();
  }

  private static boolean isStructure(char first, char second) {
    return switch (first) {
      case '=', ':', '>' -> true;
      case ',' -> second <= ' ' || second == '\'' || second == '"';
      case '-' -> second == '-' || CommandOption.mayBeginWith(second);
      case '[' -> second == 'r';
      case 'A' -> second == 'K' || second == 'S';
      case 's', 'S' -> second == 'e' || second == 'E' || Beside.mayBeIn(first, second);
      default -> Beside.mayBeIn(first, second);
    };
  }
}
