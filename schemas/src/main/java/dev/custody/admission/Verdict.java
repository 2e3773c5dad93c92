package dev.custody.admission;

import dev.custody.chain.ChainHead;
import dev.custody.digest.Digest;

/**
 * What verification says of one record. A verdict is data; an exception means that nothing could be
 * checked.
 *
 * <p>{@code docs/format.md} has the table of verdicts.
 */
public sealed interface Verdict {
  /** Name of the verdict, as printed and stored. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Expected and found, in words. */
  String detail();

  /** Whether the record belongs to the history that is believed. */
  default boolean admitted() {
    return this instanceof Intact || this instanceof Gap || this instanceof LateFit;
  }

  /** The next position of its chain, unbroken. */
  record Intact(ChainHead head) implements Verdict {
    @Override
    public String detail() {
      return "continues the chain at #" + head.sequence();
    }
  }

  /**
   * Positions are missing before this one. The record itself verifies and is admitted; what is
   * missing is reported at once.
   */
  record Gap(ChainHead head, long expected) implements Verdict {
    @Override
    public String detail() {
      return "expected #%d, found #%d: %d missing"
          .formatted(expected, head.sequence(), head.sequence() - expected);
    }
  }

  /**
   * A record that fills a position which was missing.
   *
   * @param position where it fits
   * @param closed whether nothing of what was reported is missing any more
   * @param gap what was missing before
   */
  record LateFit(ChainHead position, boolean closed, ChainMemory.Missing gap) implements Verdict {
    @Override
    public String detail() {
      return "fills the missing #" + position.sequence() + (closed ? ", which closes the gap" : "");
    }
  }

  /** The same link once more: a resend. */
  record Repeat(long sequence) implements Verdict {
    @Override
    public String detail() {
      return "#" + sequence + " is known, with the same link hash";
    }
  }

  /** Another record at a position that is taken, or one whose past is another. */
  record Fork(long at, Digest kept, Digest rival) implements Verdict {
    @Override
    public String detail() {
      return "at #%d expected link %s, found %s".formatted(at, kept.hex(), rival.hex());
    }
  }

  /**
   * A position older than the links that are kept for comparison: it can be neither a proven repeat
   * nor a proven fork.
   */
  record Stale(long sequence, long oldestKept) implements Verdict {
    @Override
    public String detail() {
      return "expected #%d or later, found #%d".formatted(oldestKept, sequence);
    }
  }

  /** The chain's genesis has not been seen: nothing says whose key this is. */
  record NoGenesis(long sequence) implements Verdict {
    @Override
    public String detail() {
      return "expected the chain to begin at #0, found #" + sequence;
    }
  }

  /** The genesis is not one: its chain id is not its own, or its event is of another kind. */
  record BadGenesis(String detail) implements Verdict {}

  /** No trusted root vouches for the collector, or for the new key of one. */
  record UnknownSigner(String detail) implements Verdict {}

  /** The record names a key that is not the chain's at its position. */
  record WrongKey(String detail) implements Verdict {}

  /** Observed outside the validity of the collector's certificate. */
  record KeyOutsideValidity(String detail) implements Verdict {}

  /**
   * A change of the chain's key that cannot be: to another collector's, to a key that it had, or
   * too late.
   */
  record BadRotation(String detail) implements Verdict {}

  /** The seal's numbers, path or signature do not hold: the event or its links were changed. */
  record BadSeal(String detail) implements Verdict {}

  /** The bytes are no record of this format. */
  record Malformed(String detail) implements Verdict {}

  /** The Kafka timestamp or key is not the signed one. */
  record Relabelled(String detail) implements Verdict {}
}
