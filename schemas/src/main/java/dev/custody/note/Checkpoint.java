package dev.custody.note;

import dev.custody.digest.Digest;
import dev.custody.digest.StrictText;

/**
 * The head of a log: its first three lines in a note (c2sp.org/tlog-checkpoint). We write no more;
 * lines that another log adds are signed and kept with the note's text, and mean nothing here.
 *
 * @param origin names the log
 * @param size number of leaves
 * @param root RFC 6962 root over them
 */
public record Checkpoint(String origin, long size, Digest root) {
  private static final int LINES = 3;

  /**
   * @throws IllegalArgumentException for an origin or a size that a checkpoint cannot hold
   */
  public Checkpoint {
    if (origin.isEmpty() || origin.chars().anyMatch(c -> c < ' ') || !KeyNames.wellFormed(origin)) {
      throw new IllegalArgumentException(
          "expected an origin without control characters, found " + StrictText.shown(origin));
    }
    if (size < 0) {
      throw new IllegalArgumentException("expected a size of at least 0, found " + size);
    }
  }

  /** The text of the note: three lines. */
  public String text() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }

  /**
   * Parses the text of a note.
   *
   * @throws NoteException saying what is wrong
   */
  public static Checkpoint parse(String noteText) throws NoteException {
    try {
      return read(noteText);
    } catch (IllegalArgumentException e) {
      throw new NoteException("not a checkpoint: " + e.getMessage(), e);
    }
  }

  /** What {@code note} says, once its signatures are verified by whoever asks. */
  public static Checkpoint of(SignedNote note) throws NoteException {
    return parse(note.text());
  }

  static boolean isCheckpoint(String noteText) {
    try {
      return read(noteText).size() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Checkpoint read(String text) {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("expected a newline at the end, found none");
    }
    String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
    if (lines.length < LINES) {
      throw new IllegalArgumentException(
          "expected an origin, a size and a root, found %d lines".formatted(lines.length));
    }
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isEmpty()) {
        throw new IllegalArgumentException("line %d is empty".formatted(i + 1));
      }
    }
    return new Checkpoint(lines[0], size(lines[1]), root(lines[2]));
  }

  private static long size(String line) {
    try {
      return StrictText.decimal(line);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("size: " + e.getMessage(), e);
    }
  }

  private static Digest root(String line) {
    try {
      return Digest.ofBase64(line);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("root: " + e.getMessage(), e);
    }
  }
}
