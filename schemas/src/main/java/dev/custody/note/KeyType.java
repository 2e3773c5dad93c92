package dev.custody.note;

import org.jspecify.annotations.Nullable;

/** What a key signs and how: the type byte of c2sp.org/signed-note. */
public enum KeyType {
  /** Ed25519 over the text of the note: a log's own signature. */
  ED25519(1),
  /** Ed25519 over a checkpoint and the time at which it was seen: a witness's cosignature. */
  COSIGNATURE(4);

  private final int code;

  KeyType(int code) {
    this.code = code;
  }

  /** The type byte. */
  public int code() {
    return code;
  }

  static @Nullable KeyType of(int code) {
    for (KeyType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
