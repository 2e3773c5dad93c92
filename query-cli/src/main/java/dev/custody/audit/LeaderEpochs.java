package dev.custody.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which leader wrote which offsets of a partition, as Kafka noted it beside the segments before it
 * wrote them. A batch repeats it in a field that its CRC does not cover.
 */
final class LeaderEpochs {
  private static final String FILE = "leader-epoch-checkpoint";
  private static final int MAX_BYTES = 1 << 20;

  private final TreeMap<Long, Integer> epochByFirstOffset = new TreeMap<>();

  /** Reads the note beside {@code segment}; without one, nothing is known. */
  static LeaderEpochs beside(Path segment) throws IOException {
    LeaderEpochs epochs = new LeaderEpochs();
    Path file = segment.resolveSibling(FILE);
    try {
      if (Files.size(file) <= MAX_BYTES) {
        epochs.parse(Files.readAllLines(file));
      }
    } catch (NoSuchFileException | java.nio.charset.CharacterCodingException e) {
      // A copy of the segments alone, or a note that is no text: the segments speak for themselves.
      epochs.epochByFirstOffset.clear();
    }
    return epochs;
  }

  private void parse(List<String> lines) {
    try {
      for (String line : lines.subList(Math.min(2, lines.size()), lines.size())) {
        String[] parts = line.split(" ", 2);
        epochByFirstOffset.put(Long.parseLong(parts[1]), Integer.parseInt(parts[0]));
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      epochByFirstOffset.clear();
    }
  }

  /** The epoch in which {@code offset} was written, or null when that is not known. */
  @Nullable Integer at(long offset) {
    Map.Entry<Long, Integer> entry = epochByFirstOffset.floorEntry(offset);
    return entry == null ? null : entry.getValue();
  }
}
