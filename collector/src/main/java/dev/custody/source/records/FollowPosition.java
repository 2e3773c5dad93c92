package dev.custody.source.records;

/**
 * How far a followed file was delivered.
 *
 * @param key what the file system calls the file, whatever its name is
 * @param path its name when it was read last
 * @param offset bytes before it were delivered
 * @param line the line that begins there, from 1
 * @param print keyed digest of the file's first bytes, at most {@link FollowPositions#PREFIX} and
 *     none behind {@code offset}
 * @param size of a file that is read whole: its size then; -1 for one of lines
 * @param modified when the file was last changed then, in milliseconds
 */
record FollowPosition(
    String key, String path, long offset, long line, String print, long size, long modified) {
  static final long LINES = -1;

  boolean isOfLines() {
    return size == LINES;
  }
}
