package dev.custody.audit;

import dev.custody.digest.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Hashes by their index in a temporary file, so that memory does not grow with a log. What was
 * never put is {@link Digest#ZERO}, which is the hash of nothing that anybody knows.
 */
final class HashFile implements Closeable {
  private final Path file;
  private final FileChannel channel;
  private long size;

  HashFile() throws IOException {
    this.file = Files.createTempFile("custody-audit", ".hashes");
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  void append(Digest hash) throws IOException {
    put(size, hash);
  }

  void put(long index, Digest hash) throws IOException {
    ByteBuffer bytes = hash.asByteBuffer();
    long at = index * Digest.SIZE;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    size = Math.max(size, index + 1);
  }

  /** One more than the highest index. */
  long size() {
    return size;
  }

  Digest get(long index) throws IOException {
    if (index >= size) {
      return Digest.ZERO;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Digest.SIZE);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, index * Digest.SIZE + bytes.position()) < 0) {
        throw new IOException(file + " became shorter");
      }
    }
    return new Digest(bytes.array());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
