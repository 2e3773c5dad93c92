package dev.custody.log;

import dev.custody.note.Checkpoint;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.signing.Signer;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import java.util.List;

/**
 * The logs that this processor writes, and the key that signs for them.
 *
 * @param list the organisation's logs, verified
 * @param signedList the note that it was read from
 * @param signer its key is named by the list for each current log
 */
public record LogKeys(LogList list, SignedNote signedList, Signer signer) {
  public LogKeys {
    for (LogOrigin origin : list.logs()) {
      boolean current = list.current(origin.partition()).filter(origin::equals).isPresent();
      if (current && !list.keysOf(origin).getLast().publicKey().equals(signer.publicKey())) {
        throw new IllegalArgumentException(
            "the list of logs names another key for %s than the one at hand; try: custody keys rotate log"
                .formatted(origin));
      }
    }
  }

  /**
   * The log of {@code partition}.
   *
   * @throws IllegalStateException when the list has none
   */
  LogOrigin origin(int partition) {
    return list.current(partition)
        .orElseThrow(() ->
            new IllegalStateException(
                "the list of logs of %s has none for partition %d"
                    .formatted(list.name(), partition)));
  }

  /** How often a log was opened anew, all logs together. */
  public int reopened() {
    return (int) list.logs().stream().filter(origin -> origin.generation() > 0).count();
  }

  /** Signs a checkpoint. */
  SignedNote sign(Checkpoint checkpoint) {
    String text = checkpoint.text();
    return new SignedNote(text, List.of(new NoteSigner(checkpoint.origin(), signer).sign(text)));
  }
}
