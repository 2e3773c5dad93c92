package dev.custody.enforce;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits what a shell is given into simple commands and their words: quotes, backslashes, comments,
 * here-documents, and the operators between commands. It expands nothing: a word in which a shell
 * would is not {@link Word#plain}. One pass, bounded.
 */
final class ShellWords {
  static final int MOST_CHARACTERS = 64 << 10;
  static final int MOST_COMMANDS = 256;
  static final int MOST_WORDS = 4096;

  /**
   * A word after quotes are removed.
   *
   * @param plain whether it is exactly what the program is given
   */
  record Word(String text, boolean plain) {}

  private final String text;
  private int at;
  private int words;
  private final List<List<Word>> commands = new ArrayList<>();
  private List<Word> command = new ArrayList<>();
  private final List<String> hereDocuments = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private boolean plain = true;

  private ShellWords(String text) {
    this.text = text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS);
  }

  /** The simple commands of {@code text}, in order; what is beyond the bounds is left out. */
  static List<List<Word>> commands(String text) {
    ShellWords shell = new ShellWords(text);
    shell.run();
    return shell.commands;
  }

  private void run() {
    while (at < text.length() && commands.size() < MOST_COMMANDS && words < MOST_WORDS) {
      char c = text.charAt(at++);
      switch (c) {
        case '\\' -> backslash();
        case '\'' -> singleQuotes();
        case '"' -> doubleQuotes();
        case ' ', '\t', '\r' -> endWord();
        case '\n' -> {
          endCommand();
          skipHereDocuments();
        }
        case ';', '|', '&', '(', ')', '`' -> endCommand();
        case '<', '>' -> redirection(c);
        case '#' -> comment();
        default -> ordinary(c);
      }
    }
    endCommand();
  }

  private void ordinary(char c) {
    boolean expands = "$*?[]{}".indexOf(c) >= 0 || (c == '~' && !inWord);
    add(c, !expands);
  }

  private void add(char c, boolean isPlain) {
    word.append(c);
    inWord = true;
    plain &= isPlain;
  }

  private void backslash() {
    if (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\n') {
        add(c, true);
      }
    }
  }

  private void singleQuotes() {
    inWord = true;
    int end = text.indexOf('\'', at);
    if (end < 0) {
      end = text.length();
      plain = false;
    }
    word.append(text, at, end);
    at = Math.min(text.length(), end + 1);
  }

  private void doubleQuotes() {
    inWord = true;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length() && "\"\\$`\n".indexOf(text.charAt(at)) >= 0) {
        char escaped = text.charAt(at++);
        if (escaped != '\n') {
          word.append(escaped);
        }
      } else {
        word.append(c);
        plain &= c != '$' && c != '`';
      }
    }
    plain &= at < text.length();
    at = Math.min(text.length(), at + 1);
  }

  private void comment() {
    if (inWord) {
      add('#', true);
      return;
    }
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  // Where output goes is no argument. A here-document is data, whatever it looks like.
  private void redirection(char c) {
    boolean descriptor = inWord && word.chars().allMatch(Character::isDigit);
    if (descriptor) {
      dropWord();
    } else {
      endWord();
    }
    boolean here = c == '<' && peek('<') && !followedBy("<<");
    while (at < text.length() && "<>&|".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean tabs = here && peek('-');
    if (tabs) {
      at++;
    }
    String target = target();
    if (here && !target.isEmpty()) {
      hereDocuments.add(target);
    }
  }

  private boolean peek(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private boolean followedBy(String next) {
    return text.startsWith(next, at);
  }

  private String target() {
    while (peek(' ') || peek('\t')) {
      at++;
    }
    StringBuilder target = new StringBuilder();
    while (at < text.length() && " \t\r\n;|&()<>".indexOf(text.charAt(at)) < 0) {
      char c = text.charAt(at++);
      if (c == '\'' || c == '"') {
        int end = text.indexOf(c, at);
        end = end < 0 ? text.length() : end;
        target.append(text, at, end);
        at = Math.min(text.length(), end + 1);
      } else if (c != '\\') {
        target.append(c);
      }
    }
    return target.toString();
  }

  private void skipHereDocuments() {
    for (String end : hereDocuments) {
      boolean ended = false;
      while (at < text.length() && !ended) {
        int line = text.indexOf('\n', at);
        line = line < 0 ? text.length() : line;
        ended = text.substring(at, line).strip().equals(end);
        at = Math.min(text.length(), line + 1);
      }
    }
    hereDocuments.clear();
  }

  private void dropWord() {
    word.setLength(0);
    inWord = false;
    plain = true;
  }

  private void endWord() {
    if (inWord) {
      command.add(new Word(word.toString(), plain));
      words++;
      dropWord();
    }
  }

  private void endCommand() {
    endWord();
    if (!command.isEmpty()) {
      commands.add(List.copyOf(command));
      command = new ArrayList<>();
    }
  }
}
