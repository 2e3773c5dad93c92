package dev.custody.witness;

import dev.custody.digest.Digest;
import dev.custody.digest.StrictText;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of {@code POST add-checkpoint}.
 *
 * @param old size of the checkpoint that the witness is thought to have cosigned last
 * @param proof consistency proof from there
 * @param note the checkpoint
 */
record AddCheckpoint(long old, List<Digest> proof, SignedNote note) {
  /** Longest body, in bytes: a proof, and a checkpoint with some fifty ML-DSA-44 signatures. */
  static final int MAX_BYTES = 256 << 10;

  private static final int MAX_HASHES = 63;
  private static final String OLD = "old ";
  private static final String BLANK = "\n\n";

  AddCheckpoint {
    proof = List.copyOf(proof);
  }

  byte[] encode() {
    StringBuilder body = new StringBuilder(OLD).append(old).append('\n');
    proof.forEach(hash -> body.append(hash.base64()).append('\n'));
    body.append('\n').append(new String(note.encode(), StandardCharsets.UTF_8));
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Parses a body.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static AddCheckpoint parse(byte[] body) {
    if (body.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "expected at most %d bytes, found %d".formatted(MAX_BYTES, body.length));
    }
    String text = StrictText.utf8(body);
    int blank = text.indexOf(BLANK);
    if (!text.startsWith(OLD) || blank < 0) {
      throw new IllegalArgumentException(
          "expected an old size, a proof, an empty line and a checkpoint");
    }
    List<String> lines = new ArrayList<>(List.of(text.substring(0, blank).split("\n", -1)));
    long old = StrictText.decimal(lines.removeFirst().substring(OLD.length()));
    if (lines.size() > MAX_HASHES) {
      throw new IllegalArgumentException(
          "expected at most %d hashes, found %d".formatted(MAX_HASHES, lines.size()));
    }
    byte[] note = text.substring(blank + BLANK.length()).getBytes(StandardCharsets.UTF_8);
    try {
      return new AddCheckpoint(
          old, lines.stream().map(Digest::ofBase64).toList(), SignedNote.parse(note));
    } catch (NoteException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
