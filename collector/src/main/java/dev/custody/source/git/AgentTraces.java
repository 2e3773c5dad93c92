package dev.custody.source.git;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.sighting.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Agent Trace records where its reference implementation keeps them (cursor/agent-trace, {@code
 * reference/trace-store.ts}): one a line, appended to a file of the work tree. Its specification
 * leaves the place open. Whoever works in the tree can write anything into it.
 */
final class AgentTraces {
  /** Below the work tree's root. */
  static final String FILE = ".agent-trace/traces.jsonl";

  /** Read at one look, in bytes; what is longer than that without a line's end is passed over. */
  static final int MOST_BYTES = 4 << 20;

  /** Longer ones are passed over: they would not fit into an event. */
  static final int LONGEST = 512 << 10;

  // How much of the file was recorded. Not kept over a restart: a record has an id of its own, and
  // what is told again adds nothing.
  private long recorded;

  /**
   * Records that are new.
   *
   * @param end how far they reach into the file
   */
  record News(List<ObjectNode> records, long end) {
    static final News NONE = new News(List.of(), -1);
  }

  /** What was appended to the file of {@code root} since the last {@link #keep}. */
  News since(Path root) throws IOException {
    Path file = root.resolve(FILE);
    // No link is followed: it could lead to any file that the collector may read.
    boolean plain =
        Files.isDirectory(root.resolve(".agent-trace"), LinkOption.NOFOLLOW_LINKS)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    if (!plain) {
      return News.NONE;
    }
    try (FileChannel in =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long from = in.size() < recorded ? 0 : recorded; // It was written anew.
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST_BYTES, in.size() - from));
      while (bytes.hasRemaining() && in.read(bytes, from + bytes.position()) >= 0) {
        // Until it is full, or the file ends.
      }
      return lines(Arrays.copyOf(bytes.array(), bytes.position()), from);
    }
  }

  private static News lines(byte[] bytes, long from) {
    List<ObjectNode> records = new ArrayList<>();
    int begin = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        add(records, Arrays.copyOfRange(bytes, begin, at));
        begin = at + 1;
      }
    }
    // A line without its end is being written; one that fills all of this is no record.
    int taken = begin == 0 && bytes.length == MOST_BYTES ? bytes.length : begin;
    return taken == 0 ? News.NONE : new News(List.copyOf(records), from + taken);
  }

  private static void add(List<ObjectNode> records, byte[] line) {
    if (line.length > LONGEST) {
      return;
    }
    try {
      ObjectNode record = StrictJson.object(line);
      if (record.path("id").asText().matches("[A-Za-z0-9-]{1,64}")
          && record.path("files").isArray()) {
        records.add(record);
      }
    } catch (BadInputException e) {
      return; // Anything may stand there.
    }
  }

  /** Those records are durable. */
  void keep(News news) {
    recorded = news.end();
  }
}
