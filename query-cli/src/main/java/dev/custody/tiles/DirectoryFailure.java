package dev.custody.tiles;

import dev.custody.digest.ChainId;
import org.jspecify.annotations.Nullable;

/** Why an exported log does not hold: data, one of a closed list. */
public sealed interface DirectoryFailure {
  /** Name of the verdict, as printed. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** The file, and where it tells one, the entry. */
  Where where();

  /** What had to be there. */
  String expected();

  /** What is there. */
  String found();

  /** What to do next. */
  default String next() {
    return "export it again, and compare; keep this copy: a signed checkpoint that does not hold is evidence";
  }

  /**
   * A place in an exported log.
   *
   * @param file below the directory
   * @param index entry of the log, null where there is none
   * @param chain whose position the entry is, null where that is not known
   * @param sequence the position
   */
  record Where(
      String file, @Nullable Long index, @Nullable ChainId chain, @Nullable Long sequence) {
    static Where of(String file) {
      return new Where(file, null, null, null);
    }
  }

  /** The list of logs is none that a root signed. */
  record BadLogList(Where where, String expected, String found) implements DirectoryFailure {
    @Override
    public String next() {
      return "verify with the root of the organisation that signed the list of logs: --root FILE";
    }
  }

  /** The checkpoint is none, or nobody who may signed it. */
  record BadCheckpoint(Where where, String expected, String found) implements DirectoryFailure {}

  /** Log or witnesses of the auditor's policy have not signed the checkpoint. */
  record PolicyNotSatisfied(Where where, String expected, String found)
      implements DirectoryFailure {
    @Override
    public String next() {
      return "fetch a checkpoint that these witnesses cosigned";
    }
  }

  /** A tile that the checkpoint needs is not there. */
  record MissingTile(Where where, String expected, String found) implements DirectoryFailure {}

  /** A tile has another length, or hashes that its entries do not give. */
  record BadTile(Where where, String expected, String found) implements DirectoryFailure {}

  /** An entry is no link statement. */
  record BadEntry(Where where, String expected, String found) implements DirectoryFailure {}

  /** An entry names another link before it than the one that is in the log. */
  record BrokenChain(Where where, String expected, String found) implements DirectoryFailure {}

  /** The entries do not lead to the root that was signed, or that the auditor kept. */
  record ForkedLog(Where where, String expected, String found) implements DirectoryFailure {}

  /** Fewer entries than the auditor's checkpoint had. */
  record RolledBackLog(Where where, String expected, String found) implements DirectoryFailure {}
}
