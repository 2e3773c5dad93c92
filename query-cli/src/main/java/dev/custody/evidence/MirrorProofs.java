package dev.custody.evidence;

import dev.custody.admission.TrustedRoots;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.tiles.EntrySearch;
import dev.custody.tiles.EntrySearch.Found;
import dev.custody.tiles.EntrySearch.Wanted;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.TlogProof;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Proofs from a mirror of the logs, each under the newest checkpoint that the mirror shows. */
final class MirrorProofs implements Evidence.Proofs {
  private final EntrySearch search;
  private final Map<Integer, Set<Wanted>> wanted = new LinkedHashMap<>();
  private final Map<Wanted, Found> found = new HashMap<>();

  private MirrorProofs(EntrySearch search) {
    this.search = search;
  }

  static MirrorProofs open(Path mirror, TrustedRoots roots) throws IOException, EvidenceException {
    try {
      return new MirrorProofs(EntrySearch.open(mirror, roots));
    } catch (NoSuchFileException e) {
      throw new EvidenceException(
          "no transparency log: expected the list of logs in %s, found none".formatted(mirror),
          "`custody up` writes it while it runs");
    } catch (TlogException e) {
      throw notBelieved(e);
    }
  }

  private static EvidenceException notBelieved(TlogException e) {
    return new EvidenceException(
        "the log is not to be believed: " + e.getMessage(),
        "see whether the root keys are those of this organisation; custody verify");
  }

  byte[] logs() {
    return search.list();
  }

  void want(int partition, ChainId chain, Collection<Long> sequences) {
    Set<Wanted> ofPartition = wanted.computeIfAbsent(partition, p -> new LinkedHashSet<>());
    sequences.forEach(sequence -> ofPartition.add(new Wanted(chain, sequence)));
  }

  /** Looks for everything that is wanted. */
  void find() throws IOException, EvidenceException {
    for (Map.Entry<Integer, Set<Wanted>> partition : wanted.entrySet()) {
      try {
        found.putAll(search.find(partition.getKey(), partition.getValue()));
        for (Wanted one : partition.getValue()) {
          if (!found.containsKey(one)) {
            throw newer(partition.getKey(), one);
          }
        }
      } catch (TlogException e) {
        throw notBelieved(e);
      }
    }
  }

  private EvidenceException newer(int partition, Wanted one) throws IOException, TlogException {
    String signed =
        search.shown(partition).stream()
            .findFirst()
            .map(log -> "a checkpoint of %d entries".formatted(log.checkpoint().size()))
            .orElse("no checkpoint");
    return new EvidenceException(
        "%s#%d is newer than what the log of partition %d has signed: found %s"
            .formatted(one.chain().shortHex(), one.sequence(), partition, signed),
        "wait for the next checkpoint, a second while `custody up` runs, and try again");
  }

  @Override
  public TlogProof prove(ChainId chain, long sequence, Digest link)
      throws IOException, EvidenceException {
    Found at = found.get(new Wanted(chain, sequence));
    if (at == null || !at.link().equals(link)) {
      throw new EvidenceException(
          "the log does not hold %s#%d with link %s".formatted(chain.shortHex(), sequence, link),
          "see what is wrong with it: custody verify");
    }
    long size = at.log().checkpoint().size();
    return new TlogProof(
        null,
        at.index(),
        dev.custody.merkle.Proofs.inclusion(at.index(), size, at.log().tiles().nodes(size)),
        at.log().note());
  }
}
