package dev.custody.tlog;

import dev.custody.digest.Digest;
import dev.custody.digest.StrictText;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is sent to a witness: the body of {@code POST add-checkpoint} (c2sp.org/tlog-witness).
 *
 * @param old size of the checkpoint that the witness is thought to have cosigned last
 * @param proof consistency proof from there, at most 63 hashes
 * @param note the checkpoint
 */
public record AddCheckpoint(long old, List<Digest> proof, SignedNote note) {
  /** Longest body, in bytes: a proof, and a checkpoint with some fifty ML-DSA-44 signatures. */
  public static final int MAX_BYTES = 256 << 10;

  private static final int MAX_HASHES = 63;
  private static final String OLD = "old ";
  private static final String BLANK = "\n\n";

  /**
   * @throws IllegalArgumentException for a size below 0, a proof of more hashes than any has, or a
   *     note that is no checkpoint
   */
  public AddCheckpoint {
    proof = List.copyOf(proof);
    if (old < 0) {
      throw new IllegalArgumentException("expected an old size of at least 0, found " + old);
    }
    if (proof.size() > MAX_HASHES) {
      throw new IllegalArgumentException(
          "expected at most %d hashes, found %d".formatted(MAX_HASHES, proof.size()));
    }
    checkpoint(note);
  }

  private static Checkpoint checkpoint(SignedNote note) {
    try {
      return Checkpoint.of(note);
    } catch (NoteException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** What the note says; of a log that nobody has vouched for yet. */
  public Checkpoint checkpoint() {
    return checkpoint(note);
  }

  /** The bytes that {@link #parse} takes. */
  public byte[] encode() {
    StringBuilder body = new StringBuilder(OLD).append(old).append('\n');
    proof.forEach(hash -> body.append(hash.base64()).append('\n'));
    body.append('\n').append(new String(note.encode(), StandardCharsets.UTF_8));
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Parses a body; nothing of it is verified.
   *
   * @throws TlogException saying what is wrong
   */
  public static AddCheckpoint parse(byte[] body) throws TlogException {
    if (body.length > MAX_BYTES) {
      throw new TlogException(
          "not an add-checkpoint: expected at most %d bytes, found %d"
              .formatted(MAX_BYTES, body.length));
    }
    try {
      return read(StrictText.utf8(body));
    } catch (IllegalArgumentException | NoteException e) {
      throw new TlogException("not an add-checkpoint: " + e.getMessage(), e);
    }
  }

  private static AddCheckpoint read(String body) throws NoteException {
    int blank = body.indexOf(BLANK);
    if (!body.startsWith(OLD) || blank < 0) {
      throw new IllegalArgumentException(
          "expected an old size, a proof, an empty line and a checkpoint");
    }
    List<String> lines = new ArrayList<>(List.of(body.substring(0, blank).split("\n", -1)));
    long old = StrictText.decimal(lines.removeFirst().substring(OLD.length()));
    byte[] note = body.substring(blank + BLANK.length()).getBytes(StandardCharsets.UTF_8);
    return new AddCheckpoint(
        old, lines.stream().map(Digest::ofBase64).toList(), SignedNote.parse(note));
  }
}
