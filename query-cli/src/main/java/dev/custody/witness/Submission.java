package dev.custody.witness;

import dev.custody.note.NoteSignature;
import java.util.List;

/** What came of asking a witness to cosign. */
public sealed interface Submission {
  /**
   * It cosigned; each signature is verified.
   *
   * @param cosignatures of the checkpoint, at least one
   */
  record Cosigned(List<NoteSignature> cosignatures) implements Submission {
    /** Copies the cosignatures. */
    public Cosigned {
      cosignatures = List.copyOf(cosignatures);
    }
  }

  /**
   * It has cosigned a larger checkpoint of this log already: somebody else was faster, or this log
   * is older than it once was.
   *
   * @param size of that checkpoint
   */
  record Ahead(long size) implements Submission {}

  /**
   * It answered, and not with a cosignature that verifies.
   *
   * @param status of HTTP; 422 says that the witness holds another history
   * @param reason for people
   */
  record Refused(int status, String reason) implements Submission {}

  /**
   * It did not answer.
   *
   * @param reason for people
   */
  record Unreachable(String reason) implements Submission {}
}
