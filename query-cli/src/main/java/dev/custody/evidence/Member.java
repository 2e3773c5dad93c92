package dev.custody.evidence;

import dev.custody.digest.ChainId;
import dev.custody.digest.StrictText;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A member of a bundle, and its place in the order of all.
 *
 * @param kind what it is
 * @param chain hex of the chain, empty where there is none
 * @param first sequence of a proof, partition of a checkpoint, else 0
 * @param second generation of a checkpoint, else 0
 */
record Member(Kind kind, String chain, long first, long second) implements Comparable<Member> {
  static final Member MANIFEST = new Member(Kind.MANIFEST, "", 0, 0);
  static final Member REPORT = new Member(Kind.REPORT, "", 0, 0);
  static final Member ROOTS = new Member(Kind.ROOTS, "", 0, 0);
  static final Member LOGS = new Member(Kind.LOGS, "", 0, 0);
  static final Member REVOCATIONS = new Member(Kind.REVOCATIONS, "", 0, 0);
  static final Member DIGEST = new Member(Kind.DIGEST, "", 0, 0);

  private static final Pattern CHAIN = Pattern.compile("chains/([0-9a-f]{32})");
  private static final Pattern CHECKPOINT =
      Pattern.compile("checkpoints/(0|[1-9][0-9]{0,8})-(0|[1-9][0-9]{0,8})");
  private static final Pattern PROOF =
      Pattern.compile("proofs/([0-9a-f]{32})-([0-9]{1,19})\\.tlog-proof");
  private static final Comparator<Member> ORDER =
      Comparator.comparing(Member::kind)
          .thenComparing(Member::chain)
          .thenComparingLong(Member::first)
          .thenComparingLong(Member::second);

  /** Kinds, in the order of a bundle; with the largest size of each. */
  enum Kind {
    MANIFEST(8 << 20),
    REPORT(64 << 20),
    ROOTS(64 << 10),
    LOGS(1_000_000),
    REVOCATIONS(4 << 20),
    CHAIN(4L << 30),
    CHECKPOINT(1_000_000),
    PROOF(1_000_000 + (4 << 10)),
    DIGEST(256);

    final long maxBytes;

    Kind(long maxBytes) {
      this.maxBytes = maxBytes;
    }
  }

  static Member chain(ChainId chain) {
    return new Member(Kind.CHAIN, chain.hex(), 0, 0);
  }

  static Member checkpoint(int partition, int generation) {
    return new Member(Kind.CHECKPOINT, "", partition, generation);
  }

  static Member proof(ChainId chain, long sequence) {
    return new Member(Kind.PROOF, chain.hex(), sequence, 0);
  }

  /** The member with this name; empty when no member has it. */
  static Optional<Member> named(String name) {
    for (Member fixed : new Member[] {MANIFEST, REPORT, ROOTS, LOGS, REVOCATIONS, DIGEST}) {
      if (fixed.name().equals(name)) {
        return Optional.of(fixed);
      }
    }
    Matcher chain = CHAIN.matcher(name);
    if (chain.matches()) {
      return Optional.of(new Member(Kind.CHAIN, chain.group(1), 0, 0));
    }
    Matcher checkpoint = CHECKPOINT.matcher(name);
    if (checkpoint.matches()) {
      return Optional.of(
          checkpoint(Integer.parseInt(checkpoint.group(1)), Integer.parseInt(checkpoint.group(2))));
    }
    Matcher proof = PROOF.matcher(name);
    return proof.matches() ? proof(proof.group(1), proof.group(2)) : Optional.empty();
  }

  private static Optional<Member> proof(String chain, String sequence) {
    try {
      return Optional.of(new Member(Kind.PROOF, chain, StrictText.decimal(sequence), 0));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Its name in the archive. */
  String name() {
    return switch (kind) {
      case MANIFEST -> "manifest.json";
      case REPORT -> "report.md";
      case ROOTS -> "roots.pub";
      case LOGS -> "logs";
      case REVOCATIONS -> "revocations";
      case CHAIN -> "chains/" + chain;
      case CHECKPOINT -> "checkpoints/" + first + "-" + second;
      case PROOF -> "proofs/" + chain + "-" + first + ".tlog-proof";
      case DIGEST -> "manifest.sha256";
    };
  }

  /** The chain of a segment or a proof. */
  ChainId chainId() {
    return new ChainId(HexFormat.of().parseHex(chain));
  }

  @Override
  public int compareTo(Member other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name();
  }
}
