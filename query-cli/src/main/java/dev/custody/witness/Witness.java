package dev.custody.witness;

import dev.custody.digest.Digest;
import dev.custody.digest.StrictText;
import dev.custody.merkle.Proofs;
import dev.custody.note.Checkpoint;
import dev.custody.note.Cosigner;
import dev.custody.note.NoteException;
import dev.custody.note.NoteSignature;
import dev.custody.note.NoteVerification;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.tlog.AddCheckpoint;
import dev.custody.tlog.TlogException;
import dev.custody.witness.WitnessAnswer.Cosigned;
import dev.custody.witness.WitnessAnswer.Refused;
import dev.custody.witness.WitnessAnswer.Stale;
import dev.custody.witness.WitnessAnswer.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cosigns checkpoints of the logs that it knows, each only as an extension of the one before. Safe
 * for use by several threads.
 */
public final class Witness implements AutoCloseable {
  private static final Digest EMPTY = Digest.sha256();
  private static final Logger LOG = LoggerFactory.getLogger(Witness.class);

  private final Cosigner cosigner;
  private final WitnessMemory memory;
  private final InstantSource clock;
  private final Map<String, Watched> logs = new TreeMap<>();
  private final Map<String, Watched> logsByHash = new TreeMap<>();

  private Witness(Cosigner cosigner, WitnessMemory memory, InstantSource clock) {
    this.cosigner = cosigner;
    this.memory = memory;
    this.clock = clock;
  }

  /**
   * Opens a witness and what it remembers.
   *
   * @param fresh whether its key was made just now; only then may {@code state} be empty
   * @param logs the keys of the logs; a log's origin is the name of its key
   * @throws WitnessException when the state is not this witness's, is damaged, or is in use
   */
  public static Witness open(
      Path state,
      Cosigner cosigner,
      boolean fresh,
      Collection<VerifierKey> logs,
      InstantSource clock)
      throws WitnessException, IOException {
    for (VerifierKey log : logs) {
      if (log.type().cosigns()) {
        throw new WitnessException(
            "expected the key of a log, found that of a witness: %s; try: the log's vkey"
                .formatted(log));
      }
    }
    WitnessMemory memory = WitnessMemory.open(state, cosigner.key(), fresh);
    Witness witness = new Witness(cosigner, memory, clock);
    try {
      for (VerifierKey log : logs) {
        witness.watch(log.name(), logs);
      }
      return witness;
    } catch (WitnessException | IOException | RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private void watch(String origin, Collection<VerifierKey> all)
      throws WitnessException, IOException {
    List<VerifierKey> keys = all.stream().filter(key -> key.name().equals(origin)).toList();
    Watched log = new Watched(origin, keys, memory.latest(origin));
    logs.put(origin, log);
    logsByHash.put(WitnessMemory.hash(origin), log);
  }

  /** What verifies the cosignatures. */
  public VerifierKey key() {
    return cosigner.key();
  }

  /** Judges the body of an {@code add-checkpoint}, and keeps what it cosigns. */
  public WitnessAnswer add(byte[] body) {
    AddCheckpoint request;
    try {
      request = AddCheckpoint.parse(body);
    } catch (TlogException e) {
      return new Refused(Why.MALFORMED, String.valueOf(e.getMessage()));
    }
    Checkpoint checkpoint = request.checkpoint();
    Watched log = logs.get(checkpoint.origin());
    if (log == null) {
      return new Refused(
          Why.UNKNOWN_LOG,
          "expected a log that is watched here, found " + StrictText.shown(checkpoint.origin()));
    }
    try {
      List<NoteSignature> signed = log.signatures(request.note());
      return signed.isEmpty()
          ? new Refused(Why.NOT_SIGNED_BY_LOG, "expected a signature of the log, found none")
          : log.add(request, checkpoint, new SignedNote(request.note().text(), signed));
    } catch (NoteException e) {
      return new Refused(Why.NOT_SIGNED_BY_LOG, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The latest checkpoint that was cosigned, with the cosignature; null when there is none.
   *
   * @param originHash SHA-256 of the origin in lower-case hex
   */
  public @Nullable SignedNote latest(String originHash) {
    Watched log = logsByHash.get(originHash);
    return log == null ? null : log.latest();
  }

  @Override
  public void close() throws IOException {
    memory.close();
  }

  /** One log, and the latest checkpoint of it that was cosigned. */
  private final class Watched {
    private final String origin;
    private final List<VerifierKey> keys;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock: to compare and to keep is one step, else the later of two writers could
    // roll back what the earlier cosigned.
    private @Nullable SignedNote latest;
    private boolean uncertain;

    Watched(String origin, List<VerifierKey> keys, @Nullable SignedNote latest) {
      this.origin = origin;
      this.keys = keys;
      this.latest = latest;
    }

    /** The log's own signatures on {@code note}, verified; what else is there is not kept. */
    List<NoteSignature> signatures(SignedNote note) throws NoteException {
      List<VerifierKey> signed = note.verify(keys).stream().map(NoteVerification::key).toList();
      return note.signatures().stream()
          .filter(signature ->
              signed.stream()
                  .anyMatch(
                      key -> key.id() == signature.keyId() && key.name().equals(signature.name())))
          .toList();
    }

    @Nullable SignedNote latest() {
      lock.lock();
      try {
        return uncertain ? null : latest;
      } finally {
        lock.unlock();
      }
    }

    WitnessAnswer add(AddCheckpoint request, Checkpoint checkpoint, SignedNote signed)
        throws NoteException {
      if (request.old() > checkpoint.size()) {
        return new Refused(
            Why.MALFORMED,
            "expected an old size of at most %d, found %d"
                .formatted(checkpoint.size(), request.old()));
      }
      lock.lock();
      try {
        Checkpoint before =
            latest == null ? new Checkpoint(origin, 0, EMPTY) : Checkpoint.of(latest);
        if (uncertain) {
          return new Refused(Why.CANNOT_REMEMBER, "the state could not be written; see the log");
        }
        if (request.old() != before.size()) {
          return new Stale(before.size());
        }
        if (!Proofs.consistent(
            before.size(), before.root(), checkpoint.size(), checkpoint.root(), request.proof())) {
          return inconsistent(before, checkpoint, signed);
        }
        return cosign(signed);
      } finally {
        lock.unlock();
      }
    }

    private WitnessAnswer cosign(SignedNote signed) {
      NoteSignature cosignature = cosigner.cosign(signed.text(), clock.instant());
      SignedNote cosigned = signed.with(cosignature);
      try {
        memory.keep(origin, cosigned);
      } catch (IOException e) {
        // Old or new may be on the disk: only a restart, which reads it, can go on from it.
        uncertain = true;
        LOG.error("{} cannot be remembered, nothing of it is cosigned any more", origin, e);
        return new Refused(Why.CANNOT_REMEMBER, "the state could not be written; see the log");
      }
      latest = cosigned;
      return new Cosigned(cosignature);
    }

    private WitnessAnswer inconsistent(
        Checkpoint before, Checkpoint checkpoint, SignedNote signed) {
      boolean fork = before.size() == checkpoint.size() && !before.root().equals(checkpoint.root());
      // Any sender can spoil a proof; only another root of one size is the log's own doing.
      if (fork && latest != null) {
        LOG.error("{} has signed two roots for size {}", origin, before.size());
        try {
          memory.keepFork(origin, signed);
        } catch (IOException e) {
          LOG.error("the second root of {} could not be kept", origin, e);
        }
      }
      return new Refused(
          Why.INCONSISTENT,
          "expected an extension of size %d with root %s, found none in size %d with root %s"
              .formatted(
                  before.size(),
                  before.root().base64(),
                  checkpoint.size(),
                  checkpoint.root().base64()));
    }
  }
}
