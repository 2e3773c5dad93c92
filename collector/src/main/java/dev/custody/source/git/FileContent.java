package dev.custody.source.git;

import dev.custody.digest.Digest;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.signing.FingerprintKey;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a file holds, by a name that only the organisation's key makes: the same for what an agent's
 * tool wrote and for what a commit holds, on whichever machines. Line ends don't count, for git
 * changes them.
 */
public final class FileContent {
  /** What is shorter, in bytes, says nothing: many files begin alike. */
  static final int SHORTEST = 64;

  /** What is longer, in bytes, is not named: of a commit it is not read. */
  public static final int LONGEST = 1 << 20;

  /** Of the files of one call or commit so many are named: rules compare no more values. */
  public static final int MOST = 16;

  private static final String USE = "file-content";

  private FileContent() {}

  /**
   * The name of {@code content}; empty where it has less than 64 bytes, or more than a mebibyte.
   */
  public static Optional<Identifier> identifier(FingerprintKey organisation, byte[] content) {
    return content.length < SHORTEST || content.length > LONGEST
        ? Optional.empty()
        : Optional.of(
            new Identifier(
                IdentifierKind.FILE_CONTENT,
                organisation.name(USE, Digest.sha256(unixLines(content)).toString())));
  }

  private static byte[] unixLines(byte[] content) {
    byte[] lines = new byte[content.length];
    int size = 0;
    for (int i = 0; i < content.length; i++) {
      boolean endsLine = content[i] == '\r' && i + 1 < content.length && content[i + 1] == '\n';
      if (!endsLine) {
        lines[size++] = content[i];
      }
    }
    return size == lines.length ? lines : Arrays.copyOf(lines, size);
  }
}
