package dev.custody.collector;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file beside the spool by which a lost spool is told from a first start. It is written once the
 * first genesis is durable: a crash before that leaves no chain to be silent about.
 */
final class StartMarker {
  private static final byte[] TEXT =
      "A Custody collector has recorded here; while this file is, a missing spool is a loss.\n"
          .getBytes(StandardCharsets.UTF_8);

  private final Path file;

  StartMarker(Path data) {
    this.file = data.resolve("collector.started");
  }

  boolean present() {
    return Files.exists(file);
  }

  void write() throws IOException {
    if (present()) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(TEXT));
      channel.force(true);
    }
  }
}
