package dev.custody.tlog;

import dev.custody.digest.Bytes;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The logs of an organisation and the keys that may sign for them, vouched for by its root: a
 * signed note (C2SP signed-note) that names a verifier key a line.
 *
 * <pre>
 * custody.logs.v1
 * acme.example/custody
 * 3
 * 2026-11-22T10:00:00Z
 * acme.example/custody/0/0+4f0c1d2e+AYzq...
 * acme.example/custody/1/0+0a9b8c7d+AYzq...
 *
 * - acme.example/custody/root ...
 * </pre>
 *
 * @param name what the organisation calls its logs
 * @param serial counts the lists, from 1; the highest is in force
 * @param issued when it was signed, whole seconds
 * @param keys each key's name is its log's origin; of several for one origin the last one signs
 *     now, the earlier ones did
 */
public record LogList(String name, long serial, Instant issued, List<VerifierKey> keys) {
  /** First line of every list; no checkpoint begins like it, because it is no origin. */
  public static final String HEADER = "custody.logs.v1";

  /** Most keys that a list may name. */
  public static final int MAX_KEYS = 10_000;

  private static final int FIXED_LINES = 4;

  public LogList {
    keys = List.copyOf(keys);
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException("expected at most " + MAX_KEYS + " keys");
    }
    for (VerifierKey key : keys) {
      if (!LogOrigin.parse(key.name()).name().equals(name)) {
        throw new IllegalArgumentException(
            "expected logs of %s, found %s".formatted(name, key.name()));
      }
    }
  }

  /**
   * Signs it.
   *
   * @param root the organisation's root, under the name {@link #rootName}
   */
  public SignedNote sign(NoteSigner root) {
    if (!root.key().name().equals(rootName(name))) {
      throw new IllegalArgumentException(
          "expected a signer named %s, found %s".formatted(rootName(name), root.key().name()));
    }
    return new SignedNote(text(), List.of(root.sign(text())));
  }

  /** The name of the root's key in the note. */
  public static String rootName(String name) {
    return name + "/root";
  }

  private String text() {
    StringBuilder text =
        new StringBuilder(HEADER + "\n" + name + "\n" + serial + "\n" + issued + "\n");
    keys.forEach(key -> text.append(key).append('\n'));
    return text.toString();
  }

  /**
   * The list in {@code note}, once one of {@code roots} signed it.
   *
   * @param roots raw Ed25519 keys that are trusted, 32 bytes each
   * @throws TlogException naming the line that is not as it must be, or that no trusted root signed
   */
  public static LogList open(byte[] note, Collection<Bytes> roots) throws TlogException {
    try {
      SignedNote signed = SignedNote.parse(note);
      LogList list = parse(signed.text());
      List<VerifierKey> trusted =
          roots.stream().map(key -> VerifierKey.ed25519(rootName(list.name()), key)).toList();
      if (signed.verify(trusted).isEmpty()) {
        throw new TlogException(
            "list of logs of %s: expected the signature of a trusted root, found none"
                .formatted(list.name()));
      }
      return list;
    } catch (NoteException e) {
      throw new TlogException("list of logs: " + e.getMessage(), e);
    }
  }

  private static LogList parse(String text) throws TlogException, NoteException {
    List<String> lines = text.lines().toList();
    if (lines.size() < FIXED_LINES || !lines.getFirst().equals(HEADER)) {
      throw new TlogException("expected a list of logs (%s)".formatted(HEADER));
    }
    try {
      List<VerifierKey> keys = new ArrayList<>();
      for (String line : lines.subList(FIXED_LINES, lines.size())) {
        keys.add(VerifierKey.parse(line));
      }
      LogList list =
          new LogList(
              lines.get(1), Long.parseLong(lines.get(2)), Instant.parse(lines.get(3)), keys);
      if (!list.text().equals(text)) {
        throw new TlogException("list of logs: expected the canonical form, found another");
      }
      return list;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new TlogException("list of logs: " + e.getMessage(), e);
    }
  }

  /** Every key that may sign checkpoints of {@code origin}, the one in use last. */
  public List<VerifierKey> keysOf(LogOrigin origin) {
    return keys.stream().filter(key -> key.name().equals(origin.toString())).toList();
  }

  /**
   * The checkpoint in {@code note}, once a key that this list names for {@code origin} signed it.
   *
   * @throws TlogException saying what is not as it must be
   */
  public Checkpoint verify(LogOrigin origin, byte[] note) throws TlogException {
    try {
      SignedNote signed = SignedNote.parse(note);
      if (signed.verify(keysOf(origin)).isEmpty()) {
        throw new TlogException(
            "expected a checkpoint signed by a key of %s, found none".formatted(origin));
      }
      Checkpoint checkpoint = Checkpoint.of(signed);
      if (!checkpoint.origin().equals(origin.toString())) {
        throw new TlogException(
            "expected a checkpoint of %s, found one of %s".formatted(origin, checkpoint.origin()));
      }
      return checkpoint;
    } catch (NoteException e) {
      throw new TlogException("checkpoint of %s: %s".formatted(origin, e.getMessage()), e);
    }
  }

  /** Every log, generations included, by partition and then generation. */
  public List<LogOrigin> logs() {
    return keys.stream()
        .map(key -> LogOrigin.parse(key.name()))
        .distinct()
        .sorted(
            Comparator.comparingInt(LogOrigin::partition).thenComparingInt(LogOrigin::generation))
        .toList();
  }

  /** The log that takes the links of {@code partition} now. */
  public Optional<LogOrigin> current(int partition) {
    TreeMap<Integer, LogOrigin> generations = new TreeMap<>();
    logs().stream()
        .filter(origin -> origin.partition() == partition)
        .forEach(origin -> generations.put(origin.generation(), origin));
    return generations.isEmpty()
        ? Optional.empty()
        : Optional.of(generations.lastEntry().getValue());
  }
}
