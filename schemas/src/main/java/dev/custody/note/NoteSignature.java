package dev.custody.note;

import dev.custody.digest.Bytes;
import dev.custody.digest.StrictText;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One signature line of a note; as text {@code — name base64(id || signature)}.
 *
 * @param name the key's name
 * @param keyId the key's id
 * @param signature what follows the id, at least one byte
 */
public record NoteSignature(String name, int keyId, Bytes signature) {
  /** Longest signature: those of ML-DSA-87 have 4,627 bytes. */
  public static final int MAX_BYTES = 8192;

  private static final String DASH = "\u2014 ";

  /**
   * @throws IllegalArgumentException for a name or a signature that a line cannot hold
   */
  public NoteSignature {
    String defect = KeyNames.defect(name);
    if (defect != null) {
      throw new IllegalArgumentException(defect);
    }
    if (signature.isEmpty() || signature.size() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "expected a signature of 1 to %d bytes, found %d".formatted(MAX_BYTES, signature.size()));
    }
    // Bytes are equal to their own kind only; a line knows no kinds.
    signature = new Bytes(signature.toByteArray());
  }

  /**
   * Parses a signature line without its newline, as a witness answers it.
   *
   * @throws NoteException saying what is wrong
   */
  public static NoteSignature parse(String line) throws NoteException {
    try {
      return read(line);
    } catch (IllegalArgumentException e) {
      throw new NoteException("not a signature line: " + e.getMessage(), e);
    }
  }

  static NoteSignature read(String line) {
    if (!line.startsWith(DASH)) {
      throw new IllegalArgumentException(
          "expected an em dash and a space first, found " + StrictText.shown(line));
    }
    String[] parts = line.substring(DASH.length()).split(" ", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          "expected a name, a space and base64, found " + StrictText.shown(line));
    }
    byte[] signature = StrictText.base64(parts[1]);
    if (signature.length <= Integer.BYTES) {
      throw new IllegalArgumentException(
          "expected a key id of 4 bytes and a signature, found %d bytes"
              .formatted(signature.length));
    }
    return new NoteSignature(
        parts[0],
        ByteBuffer.wrap(signature).getInt(),
        new Bytes(Arrays.copyOfRange(signature, Integer.BYTES, signature.length)));
  }

  String keyName() {
    return name + "+" + HexFormat.of().toHexDigits(keyId, 2 * Integer.BYTES);
  }

  /** The line, without its newline. */
  @Override
  public String toString() {
    byte[] blob = new byte[Integer.BYTES + signature.size()];
    ByteBuffer.wrap(blob).putInt(keyId);
    signature.copyTo(blob, Integer.BYTES);
    return DASH + name + " " + new Bytes(blob).base64();
  }
}
