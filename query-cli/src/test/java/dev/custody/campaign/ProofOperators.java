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
        text("prove a position past the end", "below the size", ProofOperators::pastTheEnd),
        text("take a proof's first line away", "first", (t, r) -> t.substring(t.indexOf('\n') + 1)),
        text(
            "take a proof's index away",
            "index line",
            (t, r) -> t.replaceFirst("index \\d+\n", "")),
        text(
            "take a proof's index and hashes away",
            "index line",
            (t, r) -> t.replaceFirst("(?s)index .*?\n\n", "\n")),
        text("take a proof's empty line away", "", (t, r) -> t.replace("\n\n", "\n")),
        text("take all but the proof's head away", "empty line", (t, r) -> head(t)),
        text("give a proof 64 hashes", "at most 63", (t, r) -> crowded(t)),
        text(
            "add no data to a proof",
            "extra data of 1 to",
            (t, r) -> t.replaceFirst("\n", "\nextra \n")),
        text(
            "blow a proof up",
            "tlog-proof: expected at most",
            (t, r) -> t + "\n".repeat(1_200_000)),
        file("lengthen a proof", 10, (p, r) -> hashes(p, longer(p.inclusion(), r))),
        file("shorten a proof", 10, (p, r) -> hashes(p, shorter(p.inclusion(), r))),
        file("swap a proof's hashes", 10, (p, r) -> hashes(p, swapped(p.inclusion(), r))),
        file("change a proof's hash", 10, (p, r) -> hashes(p, changed(p.inclusion(), r))),
        file("append bytes to a proof file", 6, ProofOperators::append),
        new Operator("prove another entry", 1, Target.PROOF, 10, ProofOperators::otherEntry),
        new Operator(
            "prove under another checkpoint", 1, Target.PROOF, 10, ProofOperators::otherNote),
        consistency("lengthen a consistency proof", (p, r) -> longer(p, r)),
        consistency("shorten a consistency proof", (p, r) -> shorter(p, r)),
        consistency("swap a consistency proof's hashes", (p, r) -> swapped(p, r)),
        consistency("change a consistency proof's hash", (p, r) -> changed(p, r)),
        consistency("prove consistency with nothing", (p, r) -> p.size() < 2 ? null : List.of()),
        new Operator(
            "prove an empty log under another root",
            3,
            Target.PROOF,
            6,
            (worlds, random) -> empty(worlds, random, 0)),
        new Operator(
            "prove growth from another empty log",
            3,
            Target.PROOF,
            6,
            (worlds, random) -> empty(worlds, random, 1 + worlds.size(random))),
        new Operator(
            "prove growth from an empty log with a hash",
            1,
            Target.PROOF,
            6,
            (worlds, random) -> {
              Digest root = worlds.tree().root(1 + random.nextLong(200));
              return fromEmpty(root);
            }),
        new Operator(
            "prove a size by itself with a hash",
            1,
            Target.PROOF,
            6,
            (worlds, random) -> {
              Digest root = worlds.tree().root(1 + random.nextLong(200));
              return same(root, root, List.of(root));
            }),
        new Operator(
            "prove two roots of one size",
            3,
            Target.PROOF,
            6,
            (worlds, random) ->
                same(
                    worlds.tree().root(1 + random.nextLong(200)),
                    Digest.sha256(new byte[] {(byte) random.nextInt(), 3}),
                    List.of())),
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

  /** A proof's text, changed, and what must be said of it. */
  private static Operator text(
      String name,
      String saying,
      java.util.function.BiFunction<String, SplittableRandom, String> change) {
    return new Operator(
        name,
        1,
        Target.PROOF,
        6,
        (worlds, random) -> {
          long size = 1 + worlds.size(random);
          if (size > worlds.tree().size()) {
            return null;
          }
          long index = random.nextLong(size);
          byte[] changed =
              change
                  .apply(text(proof(worlds.tree(), index, size)), random)
                  .getBytes(StandardCharsets.UTF_8);
          return new Mutation(
              "#%d of %d".formatted(index, size),
              false,
              Expected.because(saying, "BadProof"),
              () -> LogFiles.judgeProof(0, worlds.tree().entry(index), changed));
        });
  }

  private static String pastTheEnd(String proof, SplittableRandom random) {
    long size = Long.parseLong(proof.substring(proof.indexOf("\n\n")).split("\n", 5)[3]);
    long index = random.nextBoolean() ? size : size + random.nextInt(1 << 20);
    return proof.replaceFirst("index \\d+\n", "index %d\n".formatted(index));
  }

  private static String head(String proof) {
    return proof.substring(0, proof.indexOf("\n\n") + 1);
  }

  private static String crowded(String proof) {
    String hashes = (Digest.ZERO.base64() + "\n").repeat(TlogProof.MAX_HASHES + 1);
    int index = proof.indexOf('\n', proof.indexOf("index "));
    return proof.substring(0, index + 1) + hashes + proof.substring(proof.indexOf("\n\n") + 1);
  }

  private static byte[] append(TlogProof proof, SplittableRandom random) {
    return (text(proof) + (random.nextBoolean() ? "\n" : "x")).getBytes(StandardCharsets.UTF_8);
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

  /** Of no entries there is one root only, which no proof is needed for. */
  private static @Nullable Mutation empty(Worlds worlds, SplittableRandom random, long to) {
    if (to > worlds.tree().size()) {
      return null;
    }
    Digest made = Digest.sha256(new byte[] {(byte) random.nextInt(), 2});
    Digest toRoot = to == 0 ? made : worlds.tree().root(to);
    return new Mutation(
        "0 to " + to,
        false,
        Expected.of("Inconsistent"),
        () -> consistent(0, made, to, toRoot, List.of()));
  }

  /** The empty log begins every log, and needs no proof of it. */
  private static Mutation fromEmpty(Digest root) {
    return new Mutation(
        "0 to 7",
        false,
        Expected.of("Inconsistent"),
        () -> consistent(0, Digest.sha256(), 7, root, List.of(root)));
  }

  /** Between equal sizes there is nothing to prove, and nothing may differ. */
  private static Mutation same(Digest root, Digest other, List<Digest> proof) {
    return new Mutation(
        "7 to 7", false, Expected.of("Inconsistent"), () -> consistent(7, root, 7, other, proof));
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
