package dev.custody.note;

import org.jspecify.annotations.Nullable;

/** What a key signs and how: the type byte of c2sp.org/signed-note. */
public enum KeyType {
  /** Ed25519 over the text of the note: a log's own signature. */
  ED25519(1, 32),
  /** Ed25519 over a checkpoint and the time at which it was seen: a witness's cosignature. */
  COSIGNATURE(4, 32),
  /** ML-DSA-44 over name, time, origin, size and root: a witness's cosignature after quantum. */
  ML_DSA_44_COSIGNATURE(6, 1312);

  private final int code;
  private final int keyBytes;

  KeyType(int code, int keyBytes) {
    this.code = code;
    this.keyBytes = keyBytes;
  }

  /** Whether it is a witness's. */
  public boolean cosigns() {
    return this != ED25519;
  }

  /** Length of the public key. */
  int keyBytes() {
    return keyBytes;
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
