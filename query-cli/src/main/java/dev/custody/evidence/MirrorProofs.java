package dev.custody.evidence;

import dev.custody.admission.TrustedRoots;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.tiles.LogMirror;
import dev.custody.tiles.PublishedLogs;
import dev.custody.tiles.PublishedLogs.Entry;
import dev.custody.tiles.PublishedLogs.Shown;
import dev.custody.tlog.TlogProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Proofs from a mirror of the logs, each under the newest checkpoint that the mirror shows. */
final class MirrorProofs implements Evidence.Proofs {
  private final PublishedLogs logs;
  private final Map<Integer, Set<Wanted>> wanted = new LinkedHashMap<>();
  private final Map<Wanted, Entry> found = new HashMap<>();

  private record Wanted(ChainId chain, long sequence) {}

  private MirrorProofs(PublishedLogs logs) {
    this.logs = logs;
  }

  static MirrorProofs open(Path mirror, TrustedRoots roots) throws IOException, EvidenceException {
    try {
      return new MirrorProofs(PublishedLogs.open(mirror, roots));
    } catch (NoSuchFileException e) {
      throw new EvidenceException(
          "no transparency log: expected the list of logs in %s, found none".formatted(mirror),
          "`custody up` writes it while it runs");
    }
  }

  /** The list of logs, as it was signed. */
  byte[] logs() throws IOException {
    return Files.readAllBytes(logs.directory().resolve(LogMirror.LIST));
  }

  void want(int partition, ChainId chain, Collection<Long> sequences) {
    Set<Wanted> ofPartition = wanted.computeIfAbsent(partition, p -> new LinkedHashSet<>());
    sequences.forEach(sequence -> ofPartition.add(new Wanted(chain, sequence)));
  }

  /** Looks for everything that is wanted, in the newest generation first. */
  void find() throws IOException, EvidenceException {
    for (Map.Entry<Integer, Set<Wanted>> partition : wanted.entrySet()) {
      Set<Wanted> rest = new HashSet<>(partition.getValue());
      List<Shown> shown = logs.shownOf(partition.getKey());
      for (Shown log : shown) {
        PublishedLogs.read(
            log,
            entry -> {
              Wanted here = new Wanted(entry.link().chain(), entry.link().sequence());
              if (rest.remove(here)) {
                found.put(here, entry);
              }
              return !rest.isEmpty();
            });
      }
      for (Wanted one : partition.getValue()) {
        if (rest.contains(one)) {
          throw newer(partition.getKey(), one, shown);
        }
      }
    }
  }

  private static EvidenceException newer(int partition, Wanted one, List<Shown> shown) {
    return new EvidenceException(
        "%s#%d is newer than what the log of partition %d has signed: found %s"
            .formatted(
                one.chain().shortHex(),
                one.sequence(),
                partition,
                shown.isEmpty()
                    ? "no checkpoint"
                    : "a checkpoint of %d entries".formatted(shown.getFirst().head().size())),
        "wait for the next checkpoint, a second while `custody up` runs, and try again");
  }

  @Override
  public TlogProof prove(ChainId chain, long sequence, Digest link)
      throws IOException, EvidenceException {
    Entry entry = found.get(new Wanted(chain, sequence));
    if (entry == null || !entry.leaf().equals(link)) {
      throw new EvidenceException(
          "the log does not hold %s#%d with link %s".formatted(chain.shortHex(), sequence, link),
          "see what is wrong with it: custody verify");
    }
    return entry.proof();
  }
}
