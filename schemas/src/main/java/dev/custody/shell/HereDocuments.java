package dev.custody.shell;

import dev.custody.shell.Redirection.Kind;
import java.util.List;

/**
 * Reads redirections. The text of a here-document is taken from below its line at once; that line's
 * end then leads behind it.
 */
final class HereDocuments {
  private static final int MOST = 64;

  private final Cursor in;
  private final Parser parser;
  private final Bounds bounds;
  private int line = -1;
  private int behind;
  private int read;

  HereDocuments(Cursor in, Parser parser, Bounds bounds) {
    this.in = in;
    this.parser = parser;
    this.bounds = bounds;
  }

  /** Passes the line end here, and the here-documents below it. */
  void passLine() {
    if (in.position() == line) {
      in.jump(behind);
      line = -1;
    } else {
      in.skip(1);
    }
  }

  /** Reads the redirection that stands here into {@code found}; false when none does. */
  boolean redirected(Words words, List<Redirection> found) {
    int digits = 0;
    while (digits < 3 && Character.isDigit(in.peek(digits))) {
      digits++;
    }
    boolean both = in.looksAt("&>");
    char c = in.peek(both ? 1 : digits);
    if ((c != '<' && c != '>') || (!both && in.peek(digits + 1) == '(' && digits == 0)) {
      return false;
    }
    int descriptor = digits > 0 ? number(digits) : c == '<' ? 0 : 1;
    in.skip(both ? 1 : digits);
    found.add(redirection(descriptor, words));
    return true;
  }

  private int number(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      value = value * 10 + Character.digit(in.peek(i), 10);
    }
    return value;
  }

  private Redirection redirection(int descriptor, Words words) {
    if (in.looksAt("<<<")) {
      in.skip(3);
      return new Redirection(descriptor, Kind.HERE_STRING, target(words));
    }
    if (in.looksAt("<<")) {
      in.skip(2);
      return new Redirection(descriptor, Kind.HERE_DOCUMENT, document(words));
    }
    String operator = in.takeWhile("<>&|");
    Kind kind =
        operator.endsWith("&") && operator.length() > 1
            ? Kind.DUPLICATE
            : operator.startsWith(">>")
                ? Kind.APPEND
                : operator.indexOf('>') >= 0 ? Kind.WRITE : Kind.READ;
    Word target = target(words);
    boolean isFile = kind == Kind.DUPLICATE && !isDescriptor(target.text());
    return new Redirection(descriptor, isFile ? Kind.WRITE : kind, target);
  }

  private static boolean isDescriptor(String target) {
    return target.isEmpty()
        || target.equals("-")
        || target.startsWith("$")
        || target.chars().allMatch(c -> Character.isDigit(c) || c == '-');
  }

  private Word target(Words words) {
    String _ = in.takeWhile(" \t");
    return bounds.word() ? words.word() : Word.of("");
  }

  private Word document(Words words) {
    boolean tabs = in.peek() == '-';
    in.skip(tabs ? 1 : 0);
    Word end = target(words);
    if (++read > MOST) {
      in.end();
      boolean _ = bounds.exceed();
      return Word.of("");
    }
    if (line < in.position()) {
      line = in.lineEnd();
      behind = line + 1;
    }
    String body = body(end.text(), tabs);
    boolean quoted = end.parts().stream().anyMatch(p -> isQuoted(p));
    return quoted ? Word.of(body) : parser.expanded(body);
  }

  private static boolean isQuoted(Word.Part part) {
    return part instanceof Word.Part.Literal literal && literal.quoted();
  }

  private String body(String end, boolean tabs) {
    int start = behind;
    int at = start;
    while (at < in.length()) {
      String next = in.line(at);
      int below = at + next.length() + 1;
      String compared = tabs ? next.stripLeading() : next;
      // Agents indent and end their documents loosely; a shell would read on to the text's end.
      if (compared.equals(end) || compared.strip().equals(end)) {
        behind = below;
        return in.between(start, at);
      }
      at = below;
    }
    behind = in.length();
    return start < in.length() ? in.between(start, in.length()) : "";
  }
}
