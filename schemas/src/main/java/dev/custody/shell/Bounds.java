package dev.custody.shell;

/** What is left to be read of one text, over all scripts in it. */
final class Bounds {
  private int characters = Shell.MOST_CHARACTERS;
  private int commands = Shell.MOST_COMMANDS;
  private int words = Shell.MOST_WORDS;
  private boolean exceeded;

  /** The part of {@code text}, the script itself or one in it, that may still be read. */
  String admitted(String text, int depth) {
    if (depth > Shell.DEEPEST) {
      exceeded = true;
      return "";
    }
    // A script in a script is read again: once for each level at most.
    int most = depth == 0 ? characters : Math.min(text.length(), characters);
    if (text.length() > most) {
      exceeded = true;
    }
    return text.length() <= most ? text : text.substring(0, most);
  }

  /** Counts a command; false when it is one too many. */
  boolean command() {
    return --commands >= 0 || exceed();
  }

  /** Counts a word; false when it is one too many. */
  boolean word() {
    return --words >= 0 || exceed();
  }

  /** Notes that something was left out. */
  boolean exceed() {
    exceeded = true;
    return false;
  }

  boolean exceeded() {
    return exceeded;
  }
}
