package dev.custody.evidence;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.evidence.BundleFailure.Where;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.TlogProof;
import dev.custody.tlog.WitnessPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The checkpoints of a bundle, who signed them, and the proofs under them. */
final class CheckpointCheck {
  private final @Nullable WitnessPolicy policy;
  private final List<SignedNote> kept;
  private final Consumer<BundleFailure> failures;
  private final Map<String, Signed> byOrigin = new LinkedHashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> used = new HashSet<>();
  private final List<String> notChecked = new ArrayList<>();
  private @Nullable LogList logs;

  /** A checkpoint that a listed key signed. */
  record Signed(Member member, SignedNote note, Checkpoint checkpoint) {}

  CheckpointCheck(
      @Nullable WitnessPolicy policy, List<SignedNote> kept, Consumer<BundleFailure> failures) {
    this.policy = policy;
    this.kept = kept;
    this.failures = failures;
  }

  /** Trusts the keys that {@code list} names. */
  void trust(LogList list) {
    logs = list;
  }

  /** Takes a checkpoint; empty when it is refused. */
  Optional<Signed> take(Member member, byte[] file) {
    LogList list = logs;
    if (list == null) {
      return Optional.empty();
    }
    LogOrigin origin = new LogOrigin(list.name(), (int) member.first(), (int) member.second());
    Where where = Where.of(member);
    try {
      Checkpoint checkpoint = list.verify(origin, file);
      SignedNote note = SignedNote.parse(file);
      Signed signed = new Signed(member, note, checkpoint);
      byOrigin.put(origin.toString(), signed);
      requirePolicy(where, note);
      for (SignedNote before : kept) {
        compareWithKept(where, before, checkpoint);
      }
      return Optional.of(signed);
    } catch (TlogException | NoteException e) {
      refused.add(origin.toString());
      failures.accept(
          new BundleFailure.BadCheckpoint(
              where,
              "a checkpoint of %s, signed by a key that the list of logs names".formatted(origin),
              String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private void requirePolicy(Where where, SignedNote note) {
    WitnessPolicy required = policy;
    if (required == null) {
      return;
    }
    String found;
    try {
      if (required.satisfiedBy(note)) {
        return;
      }
      found = "signatures of " + required.cosignedBy(note);
    } catch (NoteException e) {
      found = String.valueOf(e.getMessage());
    }
    failures.accept(
        new BundleFailure.PolicyNotSatisfied(
            where, "the log and the quorum " + required.quorum() + " of the policy", found));
  }

  private void compareWithKept(Where where, SignedNote before, Checkpoint checkpoint) {
    Checkpoint known;
    try {
      known = Checkpoint.of(before);
    } catch (NoteException e) {
      throw new IllegalStateException("the auditor's checkpoint was parsed before", e);
    }
    if (!known.origin().equals(checkpoint.origin())) {
      return;
    }
    if (known.size() != checkpoint.size()) {
      notChecked.add(
          "whether the log of %d entries continues yours of %d: a bundle has no consistency proof, the log has"
              .formatted(checkpoint.size(), known.size()));
    } else if (!known.root().equals(checkpoint.root())) {
      failures.accept(
          new BundleFailure.ForkedLog(
              where,
              "root %s at size %d, as you kept it".formatted(known.root().base64(), known.size()),
              checkpoint.root().base64()));
    }
  }

  /** The proof of {@code link}, once it leads to a checkpoint that was taken; else null. */
  @Nullable TlogProof prove(Member member, byte[] file, Digest link) {
    Where where = Where.of(member);
    TlogProof proof;
    try {
      proof = TlogProof.parse(file);
    } catch (TlogException e) {
      failures.accept(
          new BundleFailure.BadMember(where, "a tlog-proof", String.valueOf(e.getMessage())));
      return null;
    }
    if (proof.extra() != null || !Arrays.equals(proof.encode(), file)) {
      failures.accept(
          new BundleFailure.BadMember(
              where, "the one encoding of a tlog-proof without extra data", "another one"));
      return null;
    }
    String origin = proof.checkpoint().origin();
    used.add(origin);
    Signed signed = byOrigin.get(origin);
    if (refused.contains(origin)) {
      return null;
    }
    if (signed == null || !sameNote(signed.note(), proof.note())) {
      failures.accept(
          new BundleFailure.BadProof(
              where,
              "a proof under a checkpoint of this bundle",
              "one under another checkpoint of " + dev.custody.digest.StrictText.shown(origin)));
      return null;
    }
    if (!proof.includes(link)) {
      failures.accept(
          new BundleFailure.BadProof(
              where,
              "a proof that leads from link %s to root %s"
                  .formatted(link.hex(), signed.checkpoint().root().base64()),
              "one that does not, at index " + proof.index()));
      return null;
    }
    return proof;
  }

  private static boolean sameNote(SignedNote a, SignedNote b) {
    return new Bytes(a.encode()).equals(new Bytes(b.encode()));
  }

  /** Checkpoints that no proof uses. */
  List<BundleFailure> unused() {
    List<BundleFailure> unused = new ArrayList<>();
    byOrigin.forEach((origin, signed) -> {
      if (!used.contains(origin)) {
        unused.add(
            new BundleFailure.ExtraMember(
                Where.of(signed.member()),
                "checkpoints that a proof leads to",
                signed.member().name()));
      }
    });
    return unused;
  }

  List<Checkpoint> verified() {
    return byOrigin.values().stream().map(Signed::checkpoint).toList();
  }

  List<String> notChecked() {
    return notChecked;
  }
}
