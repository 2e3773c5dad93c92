package dev.custody.witness;

import dev.custody.note.NoteSignature;

/** What a witness answers to {@code add-checkpoint}. */
public sealed interface WitnessAnswer {
  /** Status in HTTP, as c2sp.org/tlog-witness assigns it. */
  int status();

  /**
   * The checkpoint extends all that was cosigned before, and is now on the disk.
   *
   * @param cosignature to be answered
   */
  record Cosigned(NoteSignature cosignature) implements WitnessAnswer {
    @Override
    public int status() {
      return 200;
    }
  }

  /**
   * The proof does not begin where this witness is.
   *
   * @param size where it is
   */
  record Stale(long size) implements WitnessAnswer {
    @Override
    public int status() {
      return 409;
    }
  }

  /**
   * Anything else that was not cosigned.
   *
   * @param why which of them
   * @param detail for people
   */
  record Refused(Why why, String detail) implements WitnessAnswer {
    @Override
    public int status() {
      return why.status;
    }
  }

  /** Why a checkpoint was not cosigned. */
  enum Why {
    /** Not a request, or the old size is above the new. */
    MALFORMED(400),
    /** No key of the log's signed it, or one of them fails. */
    NOT_SIGNED_BY_LOG(403),
    /** This witness does not watch that log. */
    UNKNOWN_LOG(404),
    /** The proof, or the root, contradicts what was cosigned. */
    INCONSISTENT(422),
    /** What was cosigned could not be kept: nothing is cosigned until a restart. */
    CANNOT_REMEMBER(503);

    private final int status;

    Why(int status) {
      this.status = status;
    }
  }
}
