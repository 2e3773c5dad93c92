package dev.custody.shell;

/** Reads what a shell is given. */
public final class Shell {
  /** Longest text that is read; UTF-16 code units. */
  public static final int MOST_CHARACTERS = 64 << 10;

  /** Most simple commands of one text, those inside of others included. */
  public static final int MOST_COMMANDS = 256;

  /** Most words of one text. */
  public static final int MOST_WORDS = 4096;

  /** Substitutions, and scripts given to shells, inside of each other. */
  public static final int DEEPEST = 8;

  private Shell() {}

  /**
   * What {@code text} has a shell run. Total: text that no shell would take is read as far as it
   * makes sense.
   */
  public static Script parse(String text) {
    Bounds bounds = new Bounds();
    return new Script(new Parser(text, bounds, 0).all(), bounds.exceeded());
  }
}
