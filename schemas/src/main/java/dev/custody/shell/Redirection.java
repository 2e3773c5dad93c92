package dev.custody.shell;

/**
 * Where a command's input comes from, or its output goes.
 *
 * @param descriptor number of the file that is redirected: 0 input, 1 output, 2 errors
 * @param kind what is done
 * @param target a file's name; the text itself of a here-document and a here-string
 */
public record Redirection(int descriptor, Kind kind, Word target) {
  /** What is done. */
  public enum Kind {
    READ,
    WRITE,
    APPEND,
    DUPLICATE,
    HERE_DOCUMENT,
    HERE_STRING
  }

  /** Whether a file is written. */
  public boolean writes() {
    return kind == Kind.WRITE || kind == Kind.APPEND;
  }

  /** Whether the input is a text that stands in the script. */
  public boolean isText() {
    return kind == Kind.HERE_DOCUMENT || kind == Kind.HERE_STRING;
  }
}
