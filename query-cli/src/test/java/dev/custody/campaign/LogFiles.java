package dev.custody.campaign;

import dev.custody.note.Checkpoint;
import dev.custody.note.Cosigner;
import dev.custody.note.NoteException;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.signing.Signer;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.TlogProof;
import dev.custody.tlog.WitnessPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** What an organisation publishes of its logs, signed by the keys that its root names. */
final class LogFiles {
  /** What the organisation calls its logs. */
  static final String NAME = "acme.example/custody";

  static final List<Cosigner> WITNESSES =
      List.of(
          new Cosigner("witness.example/a", SeededSigner.named("witness a")),
          new Cosigner("witness.example/b", SeededSigner.named("witness b")),
          new Cosigner("witness.example/c", SeededSigner.named("witness c")));

  /** When witnesses saw what they cosigned. */
  static final Instant SEEN = Instant.parse("2026-11-22T08:00:00Z");

  private static final int PARTITIONS = 5;

  private static final ConcurrentHashMap<String, Signer> KEYS = new ConcurrentHashMap<>();
  private static final ConcurrentHashMap<String, SignedNote> SIGNED = new ConcurrentHashMap<>();
  private static final SignedNote LIST =
      list().sign(new NoteSigner(LogList.rootName(NAME), Organisation.ROOT));

  private LogFiles() {}

  static LogOrigin origin(int partition) {
    return new LogOrigin(NAME, partition, 0);
  }

  static Signer key(int partition) {
    return KEYS.computeIfAbsent("log " + partition, SeededSigner::named);
  }

  static NoteSigner signer(int partition) {
    return new NoteSigner(origin(partition).toString(), key(partition));
  }

  static LogList list() {
    List<dev.custody.note.VerifierKey> keys = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      keys.add(signer(partition).key());
    }
    return new LogList(NAME, 1, Organisation.BEGIN, keys);
  }

  static SignedNote signedList() {
    return LIST;
  }

  /** The checkpoint of a tree, as the log of {@code partition} signs it. */
  static SignedNote checkpoint(int partition, Tree tree, long size) {
    String text = new Checkpoint(origin(partition).toString(), size, tree.root(size)).text();
    return SIGNED.computeIfAbsent(partition + text, _ -> sign(partition, text));
  }

  static SignedNote sign(int partition, String text) {
    return new SignedNote(text, List.of(signer(partition).sign(text)));
  }

  /** Two of the three witnesses must have cosigned. */
  static WitnessPolicy policy() {
    List<WitnessPolicy.Witness> witnesses = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Cosigner witness : WITNESSES) {
      String name = "w" + witnesses.size();
      witnesses.add(new WitnessPolicy.Witness(name, witness.key(), null));
      names.add(name);
    }
    return new WitnessPolicy(
        List.of(), witnesses, List.of(new WitnessPolicy.Group("two", 2, names)), "two");
  }

  static SignedNote cosigned(SignedNote note, int... witnesses) {
    SignedNote cosigned = note;
    for (int witness : witnesses) {
      cosigned = cosigned.with(WITNESSES.get(witness).cosign(note.text(), SEEN));
    }
    return cosigned;
  }

  // --- what an auditor asks

  /** A list of logs and a checkpoint of one of them. */
  static Judgement judge(byte[] list, int partition, byte[] checkpoint) {
    LogList opened;
    try {
      opened = LogList.open(list, Organisation.roots().publicKeys());
    } catch (TlogException e) {
      return Judgement.of("BadLogList", message(e));
    }
    try {
      var _ = opened.verify(origin(partition), checkpoint);
      return Judgement.CLEAN;
    } catch (TlogException e) {
      return Judgement.of("BadCheckpoint", message(e));
    }
  }

  /** A checkpoint that two of three witnesses must have seen. */
  static Judgement judgeWitnessed(int partition, byte[] checkpoint) {
    Judgement signed = judge(signedList().encode(), partition, checkpoint);
    if (!signed.clean()) {
      return signed;
    }
    try {
      return policy().satisfiedBy(SignedNote.parse(checkpoint))
          ? Judgement.CLEAN
          : Judgement.of("NoQuorum", "expected a quorum of witnesses");
    } catch (NoteException e) {
      return Judgement.of("BadCheckpoint", message(e));
    }
  }

  /** A proof file that {@code entry} is in the log of {@code partition}. */
  static Judgement judgeProof(int partition, byte[] entry, byte[] proof) {
    TlogProof parsed;
    try {
      parsed = TlogProof.parse(proof);
    } catch (TlogException e) {
      return Judgement.of("BadProof", message(e));
    }
    Judgement signed = judge(signedList().encode(), partition, parsed.note().encode());
    if (!signed.clean()) {
      return signed;
    }
    return parsed.includes(dev.custody.merkle.MerkleTree.leaf(entry))
        ? Judgement.CLEAN
        : Judgement.of("NotIncluded", "the entry is not at #" + parsed.index());
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
