package dev.custody.note;

/** A note, key or checkpoint that cannot be accepted; the message tells what and where. */
public final class NoteException extends Exception {
  private static final long serialVersionUID = 1L;

  NoteException(String message) {
    super(message);
  }

  NoteException(String message, Throwable cause) {
    super(message, cause);
  }
}
