package dev.custody.tlog;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.StrictText;
import dev.custody.merkle.Proofs;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .tlog-proof} file: that an entry is in a log, to be checked offline. Whether the
 * checkpoint is to be believed is for a {@link WitnessPolicy} to say.
 *
 * @param extra what its maker added, authenticated by nothing; null for none
 * @param index position of the entry
 * @param inclusion RFC 6962 inclusion proof, at most 63 hashes
 * @param note the signed checkpoint
 */
public record TlogProof(
    @Nullable Bytes extra, long index, List<Digest> inclusion, SignedNote note) {
  /** Most hashes of a proof: a tree has fewer than 2^63 leaves. */
  public static final int MAX_HASHES = 63;

  /** Longest {@link #extra}, in bytes. */
  public static final int MAX_EXTRA_BYTES = 64 << 10;

  private static final String HEADER = "c2sp.org/tlog-proof@v1\n";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";
  private static final int MAX_BYTES = SignedNote.MAX_BYTES + 2 * MAX_EXTRA_BYTES;

  /**
   * @throws IllegalArgumentException unless the note is a checkpoint of a log with that index
   */
  public TlogProof {
    inclusion = List.copyOf(inclusion);
    if (extra != null) {
      if (extra.isEmpty() || extra.size() > MAX_EXTRA_BYTES) {
        throw new IllegalArgumentException(
            "expected extra data of 1 to %d bytes, found %d"
                .formatted(MAX_EXTRA_BYTES, extra.size()));
      }
      // Bytes are equal to their own kind only; a line knows no kinds.
      extra = new Bytes(extra.toByteArray());
    }
    if (inclusion.size() > MAX_HASHES) {
      throw new IllegalArgumentException(
          "expected at most %d hashes, found %d".formatted(MAX_HASHES, inclusion.size()));
    }
    long size = checkpoint(note).size();
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "expected an index below the size %d of the checkpoint, found %d".formatted(size, index));
    }
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

  /** Whether the entry with the hash {@code leaf} is at {@link #index} under the checkpoint. */
  public boolean includes(Digest leaf) {
    Checkpoint checkpoint = checkpoint();
    return Proofs.includes(leaf, index, checkpoint.size(), inclusion, checkpoint.root());
  }

  /** The bytes that {@link #parse} takes. */
  public byte[] encode() {
    StringBuilder lines = new StringBuilder(HEADER);
    if (extra != null) {
      lines.append(EXTRA).append(extra.base64()).append('\n');
    }
    lines.append(INDEX).append(index).append('\n');
    inclusion.forEach(hash -> lines.append(hash.base64()).append('\n'));
    lines.append('\n').append(new String(note.encode(), StandardCharsets.UTF_8));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Parses a proof; nothing of it is verified.
   *
   * @throws TlogException saying what is wrong
   */
  public static TlogProof parse(byte[] proof) throws TlogException {
    if (proof.length > MAX_BYTES) {
      throw new TlogException(
          "not a tlog-proof: expected at most %d bytes, found %d"
              .formatted(MAX_BYTES, proof.length));
    }
    try {
      return read(StrictText.utf8(proof));
    } catch (IllegalArgumentException | NoteException e) {
      throw new TlogException("not a tlog-proof: " + e.getMessage(), e);
    }
  }

  private static TlogProof read(String proof) throws NoteException {
    if (!proof.startsWith(HEADER)) {
      throw new IllegalArgumentException("expected the line c2sp.org/tlog-proof@v1 first");
    }
    int blank = proof.indexOf("\n\n");
    if (blank < 0) {
      throw new IllegalArgumentException("expected an empty line before the checkpoint");
    }
    String head = proof.substring(Math.min(HEADER.length(), blank + 1), blank + 1);
    List<String> lines = new ArrayList<>(List.of(head.split("\n", MAX_HASHES + 4)));
    lines.removeLast();
    Bytes extra = null;
    if (!lines.isEmpty() && lines.getFirst().startsWith(EXTRA)) {
      extra = extra(lines.removeFirst().substring(EXTRA.length()));
    }
    if (lines.isEmpty() || !lines.getFirst().startsWith(INDEX)) {
      throw new IllegalArgumentException("expected an index line before the hashes");
    }
    long index = index(lines.removeFirst().substring(INDEX.length()));
    SignedNote note =
        SignedNote.parse(proof.substring(blank + "\n\n".length()).getBytes(StandardCharsets.UTF_8));
    return new TlogProof(extra, index, hashes(lines), note);
  }

  private static Bytes extra(String base64) {
    try {
      return new Bytes(StrictText.base64(base64));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("extra: " + e.getMessage(), e);
    }
  }

  private static long index(String decimal) {
    try {
      return StrictText.decimal(decimal);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("index: " + e.getMessage(), e);
    }
  }

  private static List<Digest> hashes(List<String> lines) {
    List<Digest> hashes = new ArrayList<>();
    for (String line : lines) {
      try {
        hashes.add(Digest.ofBase64(line));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "hash %d: %s".formatted(hashes.size() + 1, e.getMessage()), e);
      }
    }
    return hashes;
  }
}
