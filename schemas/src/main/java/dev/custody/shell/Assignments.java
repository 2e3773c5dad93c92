package dev.custody.shell;

import dev.custody.shell.Word.Part;
import java.util.ArrayList;
import java.util.List;

/** Tells {@code NAME=value} from any other word. */
final class Assignments {
  private Assignments() {}

  /** Where the sign stands in the word's first part; -1 when the word is no assignment. */
  static int equalsSign(Word word) {
    if (!(word.startsBare() && word.parts().getFirst() instanceof Part.Literal first)) {
      return -1;
    }
    String text = first.text();
    int end = 0;
    while (end < text.length() && isNamePart(text.charAt(end), end)) {
      end++;
    }
    int sign = end > 0 && text.startsWith("+=", end) ? end + 1 : end;
    return end > 0 && sign < text.length() && text.charAt(sign) == '=' ? sign : -1;
  }

  private static boolean isNamePart(char c, int at) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (at > 0 && c >= '0' && c <= '9');
  }

  static String name(Word word, int sign) {
    String text = word.parts().getFirst().text();
    return text.substring(0, text.charAt(sign - 1) == '+' ? sign - 1 : sign);
  }

  static boolean isEmpty(Word word, int sign) {
    return word.parts().size() == 1 && word.parts().getFirst().text().length() == sign + 1;
  }

  static Word value(Word word, int sign) {
    List<Part> parts = new ArrayList<>(word.parts());
    String rest = parts.getFirst().text().substring(sign + 1);
    if (rest.isEmpty()) {
      parts.removeFirst();
    } else {
      parts.set(0, new Part.Literal(rest, false));
    }
    return new Word(parts);
  }
}
