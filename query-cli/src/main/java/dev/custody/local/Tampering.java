package dev.custody.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Does to a copy of the log what somebody with access to the disk could do to the log. */
public final class Tampering {
  private Tampering() {}

  /**
   * Copies what an auditor needs of {@code data}, the log and the public root key, to {@code copy}.
   */
  public static void copyLog(Path data, Path copy) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(data)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(f -> isNeeded(data.relativize(f).toString()))
              .toList();
    }
    for (Path file : files) {
      Path to = copy.resolve(data.relativize(file).toString());
      Files.createDirectories(to.getParent());
      Files.copy(file, to);
    }
  }

  private static boolean isNeeded(String file) {
    return file.equals("keys/root.pub")
        || (file.startsWith("kafka/") && file.contains("custody.events-"));
  }

  /**
   * What was changed.
   *
   * @param file the file
   * @param position the byte in it
   * @param before its value
   * @param after its value now
   */
  public record Change(Path file, long position, byte before, byte after) {}

  /**
   * Changes the first byte of {@code text} in the stored record of the event {@code id}.
   *
   * @throws IOException when the log does not hold it
   */
  public static Change changeOneByte(Path data, UUID id, String text) throws IOException {
    byte[] marker =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    List<Path> segments;
    try (Stream<Path> all = Files.walk(data.resolve("kafka"))) {
      segments = all.filter(f -> f.toString().endsWith(".log")).toList();
    }
    for (Path segment : segments) {
      byte[] bytes = Files.readAllBytes(segment);
      int at = find(bytes, marker, 0);
      int position = at < 0 ? -1 : find(bytes, text.getBytes(StandardCharsets.UTF_8), at);
      if (position >= 0) {
        return flip(segment, position, bytes[position]);
      }
    }
    throw new IOException(
        "the log in " + data + " holds no event " + id + " with the text " + text);
  }

  private static Change flip(Path segment, int position, byte before) throws IOException {
    byte after = (byte) (before + 1);
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      var _ = channel.write(ByteBuffer.wrap(new byte[] {after}), position);
    }
    return new Change(segment, position, before, after);
  }

  private static int find(byte[] bytes, byte[] wanted, int from) {
    for (int i = from; i <= bytes.length - wanted.length; i++) {
      int j = 0;
      while (j < wanted.length && bytes[i + j] == wanted[j]) {
        j++;
      }
      if (j == wanted.length) {
        return i;
      }
    }
    return -1;
  }
}
