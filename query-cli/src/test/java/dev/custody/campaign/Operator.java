package dev.custody.campaign;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One way of tampering.
 *
 * <p>A mutation is a <b>no-op</b> when the bytes are the clean ones, or when they say the same: an
 * envelope that is encoded otherwise and decodes to the very same fields (its encoding is not
 * hashed, all that it says is), or one of several copies of a record taken away (a resend is no
 * second record).
 *
 * @param name as the threat table has it
 * @param level of the attacker: 0 beside the agent, 1 with the storage, 2 with a collector's key, 3
 *     with the log's key
 * @param target what it changes
 * @param weight how often it is applied, in proportion to others
 * @param maker applies it
 */
record Operator(String name, int level, Target target, int weight, Maker maker) {
  /** Applies an operator. */
  @FunctionalInterface
  interface Maker {
    /** A mutation, or null when what was drawn does not lend itself to it. */
    @Nullable Mutation make(Worlds worlds, SplittableRandom random) throws Exception;
  }

  /** Every operator of the campaign. */
  static List<Operator> all() {
    return java.util.stream.Stream.of(
            RecordOperators.all(),
            FieldOperators.all(),
            ChainOperators.all(),
            KeyOperators.all(),
            RotationOperators.all(),
            LateOperators.all(),
            TrustOperators.all(),
            LogOperators.all(),
            TileOperators.all(),
            NoteOperators.all(),
            ProofOperators.all())
        .flatMap(List::stream)
        .toList();
  }
}
