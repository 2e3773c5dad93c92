package dev.custody.trust;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** A set of revocations, and what follows from them. Immutable. */
public final class Revocations {
  /** No revocation at all. */
  public static final Revocations NONE = new Revocations(List.of());

  private static final int MAX_FILE_BYTES = 4 << 20;

  private final SortedSet<Revocation> all;

  /** The set of {@code revocations}; the order and repeats mean nothing. */
  public Revocations(Collection<Revocation> revocations) {
    this.all = new TreeSet<>(revocations);
  }

  /**
   * Reads a revocation file, a line each; blank lines and lines that start with # are skipped.
   *
   * @throws IOException when it cannot be read, or a line is no revocation of a trusted root, which
   *     the message names
   */
  public static Revocations read(Path file, TrustedRoots roots) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(
          "%s: expected at most %d bytes of revocations".formatted(file, MAX_FILE_BYTES));
    }
    List<Revocation> read = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      try {
        if (!line.isBlank() && !line.startsWith("#")) {
          read.add(Revocation.parse(line, roots));
        }
      } catch (UntrustedException e) {
        throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
      }
    }
    return new Revocations(read);
  }

  /** These and {@code more}. */
  public Revocations and(Collection<Revocation> more) {
    List<Revocation> both = new ArrayList<>(all);
    both.addAll(more);
    return new Revocations(both);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** All of them, in an order of their own. */
  public List<Revocation> all() {
    return List.copyOf(all);
  }

  /** Judges by these and by what is known of the chains now. */
  public TrustJudge against(Histories histories) {
    return new TrustJudge(all(), histories);
  }
}
