package dev.custody.campaign;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.merkle.Proofs;
import dev.custody.note.SignedNote;
import dev.custody.tlog.TlogProof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Inclusion and consistency proofs that prove something else, or nothing. */
final class ProofOperators {
  private ProofOperators() {}

  static List<Operator> all() {
    return List.of(
        file("flip a bit of a proof file", 30, ProofOperators::flip),
        file("prove another position", 15, ProofOperators::otherIndex),
        file("prove a position past the end", 8, ProofOperators::pastTheEnd),
        file("lengthen a proof", 10, (p, r) -> hashes(p, longer(p.inclusion(), r))),
        file("shorten a proof", 10, (p, r) -> hashes(p, shorter(p.inclusion(), r))),
        file("swap a proof's hashes", 10, (p, r) -> hashes(p, swapped(p.inclusion(), r))),
        file("change a proof's hash", 10, (p, r) -> hashes(p, changed(p.inclusion(), r))),
        file("append bytes to a proof file", 6, ProofOperators::append),
        new Operator(
            "prove another entry", 1, Target.PROOF, 10, ProofOperators::otherEntry),
        new Operator(
            "prove under another checkpoint", 1, Target.PROOF, 10, ProofOperators::otherNote),
        consistency("lengthen a consistency proof", (p, r) -> longer(p, r)),
        consistency("shorten a consistency proof", (p, r) -> shorter(p, r)),
        consistency("swap a consistency proof's hashes", (p, r) -> swapped(p, r)),
        consistency("change a consistency proof's hash", (p, r) -> changed(p, r)),
        new Operator(
            "prove consistency of another size", 1, Target.PROOF, 10, ProofOperators::otherSize),
        new Operator(
            "prove consistency with another root", 3, Target.PROOF, 10, ProofOperators::otherRoot));
  }

  // --- lists of hashes

  private static List<Digest> longer(List<Digest> proof, SplittableRandom random) {
    List<Digest> changed = new ArrayList<>(proof);
    int at = random.nextInt(proof.size() + 1);
    changed.add(at, proof.isEmpty() ? Digest.ZERO : proof.get(random.nextInt(proof.size())));
    return changed;
  }

  private static @Nullable List<Digest> shorter(List<Digest> proof, SplittableRandom random) {
    if (proof.isEmpty()) {
      return null;
    }
    List<Digest> changed = new ArrayList<>(proof);
    var _ = changed.remove(random.nextInt(proof.size()));
    return changed;
  }

  private static @Nullable List<Digest> swapped(List<Digest> proof, SplittableRandom random) {
    if (proof.size() < 2) {
      return null;
    }
    List<Digest> changed = new ArrayList<>(proof);
    Collections.swap(changed, random.nextInt(proof.size()), random.nextInt(proof.size()));
    return changed;
  }

  private static @Nullable List<Digest> changed(List<Digest> proof, SplittableRandom random) {
    if (proof.isEmpty()) {
      return null;
    }
    List<Digest> changed = new ArrayList<>(proof);
    int at = random.nextInt(proof.size());
    byte[] hash = proof.get(at).toByteArray();
    hash[random.nextInt(hash.length)] ^= (byte) (1 << random.nextInt(8));
    changed.set(at, new Digest(hash));
    return changed;
  }

  // --- proof files

  /** The bytes of a changed proof file, or null when there is nothing to change. */
  @FunctionalInterface
  private interface Change {
    byte @Nullable [] apply(TlogProof proof, SplittableRandom random);
  }

  private static Operator file(String name, int weight, Change change) {
    return new Operator(
        name,
        1,
        Target.PROOF,
        weight,
        (worlds, random) -> {
          long size = worlds.size(random);
          long index = size == 0 ? 0 : random.nextLong(size);
          if (size == 0) {
            return null;
          }
          TlogProof clean = proof(worlds.tree(), index, size);
          byte[] changed = change.apply(clean, random);
          return changed == null
              ? null
              : new Mutation(
                  "#%d of %d".formatted(index, size),
                  Arrays.equals(changed, clean.encode()),
                  Expected.of("BadProof", "NotIncluded", "BadCheckpoint"),
                  () -> LogFiles.judgeProof(0, worlds.tree().entry(index), changed));
        });
  }

  private static TlogProof proof(Tree tree, long index, long size) {
    return new TlogProof(
        null, index, tree.inclusion(index, size), LogFiles.checkpoint(0, tree, size));
  }

  private static byte @Nullable [] hashes(TlogProof proof, @Nullable List<Digest> hashes) {
    return hashes == null
        ? null
        : new TlogProof(null, proof.index(), hashes, proof.note()).encode();
  }

  private static byte[] flip(TlogProof proof, SplittableRandom random) {
    byte[] bytes = proof.encode();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private static byte @Nullable [] otherIndex(TlogProof proof, SplittableRandom random) {
    long size = proof.checkpoint().size();
    return size == 1
        ? null
        : new TlogProof(
                null,
                (proof.index() + 1 + random.nextLong(size - 1)) % size,
                proof.inclusion(),
                proof.note())
            .encode();
  }

  private static byte[] pastTheEnd(TlogProof proof, SplittableRandom random) {
    long size = proof.checkpoint().size();
    long index = random.nextBoolean() ? size : size + random.nextInt(1 << 20);
    return text(proof)
        .replaceFirst("index \\d+\n", "index %d\n".formatted(index))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] append(TlogProof proof, SplittableRandom random) {
    return (text(proof) + (random.nextBoolean() ? "\n" : "x"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String text(TlogProof proof) {
    return new String(proof.encode(), StandardCharsets.UTF_8);
  }

  private static @Nullable Mutation otherEntry(Worlds worlds, SplittableRandom random) {
    Tree tree = worlds.tree();
    long size = worlds.size(random);
    if (size < 2) {
      return null;
    }
    long index = random.nextLong(size);
    byte[] proof = proof(tree, index, size).encode();
    byte[] entry =
        random.nextBoolean()
            ? tree.entry((index + 1 + random.nextLong(size - 1)) % size)
            : Bytes.utf8("no entry").toByteArray();
    return new Mutation(
        "#%d of %d".formatted(index, size),
        Arrays.equals(entry, tree.entry(index)),
        Expected.of("NotIncluded"),
        () -> LogFiles.judgeProof(0, entry, proof));
  }

  private static @Nullable Mutation otherNote(Worlds worlds, SplittableRandom random) {
    Tree tree = worlds.tree();
    long size = worlds.size(random);
    long other = worlds.size(random);
    if (size == 0 || other == 0) {
      return null;
    }
    long index = random.nextLong(Math.min(size, other));
    SignedNote note =
        random.nextBoolean()
            ? LogFiles.checkpoint(0, tree, other)
            : LogFiles.checkpoint(1, tree, size);
    TlogProof changed = new TlogProof(null, index, tree.inclusion(index, size), note);
    TlogProof clean = proof(tree, index, size);
    return new Mutation(
        "#%d of %d under %d".formatted(index, size, other),
        Arrays.equals(changed.encode(), clean.encode()),
        Expected.of("NotIncluded", "BadCheckpoint"),
        () -> LogFiles.judgeProof(0, tree.entry(index), changed.encode()));
  }

  // --- consistency

  /** A changed proof, or null when there is nothing to change. */
  @FunctionalInterface
  private interface HashChange {
    @Nullable List<Digest> apply(List<Digest> proof, SplittableRandom random);
  }

  private static Operator consistency(String name, HashChange change) {
    return new Operator(
        name,
        1,
        Target.PROOF,
        10,
        (worlds, random) -> {
          Tree tree = worlds.tree();
          long one = worlds.size(random);
          long other = worlds.size(random);
          long from = Math.min(one, other);
          long to = Math.max(one, other);
          List<Digest> clean = tree.consistency(from, to);
          List<Digest> changed = change.apply(clean, random);
          return changed == null
              ? null
              : new Mutation(
                  "%d to %d".formatted(from, to),
                  changed.equals(clean),
                  Expected.of("Inconsistent"),
                  () -> consistent(from, tree.root(from), to, tree.root(to), changed));
        });
  }

  private static Judgement consistent(
      long from, Digest fromRoot, long to, Digest toRoot, List<Digest> proof) {
    return Proofs.consistent(from, fromRoot, to, toRoot, proof)
        ? Judgement.CLEAN
        : Judgement.of("Inconsistent", "%d to %d".formatted(from, to));
  }

  private static @Nullable Mutation otherSize(Worlds worlds, SplittableRandom random) {
    Tree tree = worlds.tree();
    long from = worlds.size(random);
    long to = worlds.size(random);
    if (from >= to) {
      return null;
    }
    long other = random.nextBoolean() ? from + 1 : Math.max(0, from - 1);
    if (other == from) {
      return null;
    }
    List<Digest> proof = tree.consistency(from, to);
    return new Mutation(
        "%d as %d to %d".formatted(from, other, to),
        false,
        Expected.of("Inconsistent"),
        () -> consistent(other, tree.root(from), to, tree.root(to), proof));
  }

  private static @Nullable Mutation otherRoot(Worlds worlds, SplittableRandom random) {
    Tree tree = worlds.tree();
    long from = worlds.size(random);
    long to = worlds.size(random);
    if (from > to) {
      return null;
    }
    boolean old = random.nextBoolean();
    Digest made = Digest.sha256(new byte[] {(byte) random.nextInt(), 1});
    // The empty tree begins every tree: only its own root can be wrong.
    if (from == 0 && !old && to > 0) {
      return null;
    }
    return new Mutation(
        "%d to %d".formatted(from, to),
        false,
        Expected.of("Inconsistent"),
        () ->
            consistent(
                from,
                old ? made : tree.root(from),
                to,
                old ? tree.root(to) : made,
                tree.consistency(from, to)));
  }
}
