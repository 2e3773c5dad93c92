package dev.custody.shell;

import dev.custody.shell.Word.Part;
import java.util.ArrayList;
import java.util.List;

/** Reads words: quotes, variables, substitutions. */
final class Words {
  private static final String ENDS = " \t\r\n;&|<>()";
  private static final String SPECIAL = "?#@*$!-";

  private final Parser parser;
  private final Cursor in;

  Words(Parser parser, Cursor in) {
    this.parser = parser;
    this.in = in;
  }

  /** The word that begins here; never stays where it is unless at an end or an operator. */
  Word word() {
    Pieces pieces = new Pieces();
    while (!in.atEnd()) {
      char c = in.peek();
      if ((c == '<' || c == '>') && in.peek(1) == '(' && pieces.isEmpty()) {
        in.skip(2);
        pieces.add(new Part.Substitution(parser.nested(), true));
      } else if (ENDS.indexOf(c) >= 0) {
        break;
      } else {
        in.skip(1);
        unquoted(c, pieces);
      }
    }
    return pieces.word();
  }

  private void unquoted(char c, Pieces pieces) {
    switch (c) {
      case '\\' -> {
        if (!in.atEnd()) {
          char escaped = in.next();
          if (escaped != '\n') {
            pieces.text(escaped, true);
          }
        }
      }
      case '\'' -> pieces.text(in.until('\''), true);
      case '"' -> doubleQuoted(pieces);
      case '`' -> backticks(pieces);
      case '$' -> dollar(pieces, false);
      case '*', '?', '[' -> pieces.add(new Part.Pattern(String.valueOf(c)));
      default -> pieces.text(c, false);
    }
  }

  private void doubleQuoted(Pieces pieces) {
    pieces.text("", true);
    while (!in.atEnd() && in.peek() != '"') {
      expanding(in.next(), pieces, "\"\\$`\n");
    }
    in.skip(1);
  }

  /** One character of a text in which only variables and substitutions are replaced. */
  private void expanding(char c, Pieces pieces, String escapes) {
    if (c == '\\' && !in.atEnd() && escapes.indexOf(in.peek()) >= 0) {
      char escaped = in.next();
      if (escaped != '\n') {
        pieces.text(escaped, true);
      }
    } else if (c == '$') {
      dollar(pieces, true);
    } else if (c == '`') {
      backticks(pieces);
    } else {
      pieces.text(c, true);
    }
  }

  /** The body of a here-document whose end was not quoted, up to the end. */
  Word expandingText() {
    Pieces pieces = new Pieces();
    while (!in.atEnd()) {
      expanding(in.next(), pieces, "\\$`\n");
    }
    return pieces.word();
  }

  private void backticks(Pieces pieces) {
    StringBuilder script = new StringBuilder();
    while (!in.atEnd() && in.peek() != '`') {
      char c = in.next();
      if (c == '\\' && !in.atEnd() && "`\\$".indexOf(in.peek()) >= 0) {
        c = in.next();
      }
      script.append(c);
    }
    in.skip(1);
    pieces.add(new Part.Substitution(parser.parsed(script.toString()), false));
  }

  private void dollar(Pieces pieces, boolean quoted) {
    char c = in.peek();
    if (c == '(') {
      if (in.peek(1) == '(' && in.arithmetic()) {
        pieces.add(new Part.Variable("(", "", Word.of("")));
      } else {
        in.skip(1);
        pieces.add(new Part.Substitution(parser.nested(), false));
      }
    } else if (c == '{') {
      in.skip(1);
      braced(pieces);
    } else if (c == '\'' && !quoted) {
      in.skip(1);
      pieces.text(Escapes.ansi(in), true);
    } else if (c == '"' && !quoted) {
      in.skip(1);
      doubleQuoted(pieces);
    } else if (isNameStart(c)) {
      pieces.add(new Part.Variable(name(), "", Word.of("")));
    } else if (!in.atEnd() && (SPECIAL.indexOf(c) >= 0 || Character.isDigit(c))) {
      in.skip(1);
      pieces.add(new Part.Variable(String.valueOf(c), "", Word.of("")));
    } else {
      pieces.text('$', true);
    }
  }

  private void braced(Pieces pieces) {
    if (!parser.enter(1)) {
      return;
    }
    boolean indirect = in.peek() == '!' || in.peek() == '#';
    if (indirect) {
      in.skip(1);
    }
    String name = isNameStart(in.peek()) ? name() : in.takeWhile("0123456789@*?$-!");
    String operator = in.takeWhile(":-=?+#%/^,@[");
    Pieces operand = new Pieces();
    while (!in.atEnd() && in.peek() != '}') {
      char c = in.next();
      if (c == '\'') {
        operand.text(in.until('\''), true);
      } else if (c == '"') {
        doubleQuoted(operand);
      } else {
        expanding(c, operand, "}\"\\$`\n'");
      }
    }
    in.skip(1);
    parser.leave(1);
    pieces.add(new Part.Variable(name, indirect ? "!" + operator : operator, operand.word()));
  }

  private String name() {
    int start = in.position();
    while (!in.atEnd() && (isNameStart(in.peek()) || Character.isDigit(in.peek()))) {
      in.skip(1);
    }
    return in.from(start);
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  /** The parts of one word as they come. */
  private static final class Pieces {
    private final List<Part> parts = new ArrayList<>(1);
    private final StringBuilder text = new StringBuilder();
    private boolean quoted;
    private boolean open;

    boolean isEmpty() {
      return parts.isEmpty() && !open;
    }

    void text(char c, boolean isQuoted) {
      begin(isQuoted);
      text.append(c);
    }

    void text(String piece, boolean isQuoted) {
      begin(isQuoted);
      text.append(piece);
    }

    private void begin(boolean isQuoted) {
      if (open && quoted != isQuoted) {
        flush();
      }
      open = true;
      quoted = isQuoted;
    }

    void add(Part part) {
      flush();
      parts.add(part);
    }

    private void flush() {
      if (open) {
        parts.add(new Part.Literal(text.toString(), quoted));
        text.setLength(0);
        open = false;
      }
    }

    Word word() {
      flush();
      return new Word(parts);
    }
  }
}
