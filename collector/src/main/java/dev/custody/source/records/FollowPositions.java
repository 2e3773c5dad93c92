package dev.custody.source.records;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The durable memory of a follower: one file, which one process holds. A line with a key, then a
 * line for each position, the newest of a file counts; a line that a crash tore is left out.
 *
 * <p>First bytes are remembered by a digest under a key that is made with the file: whoever reads
 * the file alone can test no guess of what they were.
 */
public final class FollowPositions implements AutoCloseable {
  static final int PREFIX = 1024;

  private static final int KEY_BYTES = 32;
  private static final int SPARE_LINES = 1_000;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final FileChannel lock;
  private final SecretKeySpec key;
  private final Map<String, FollowPosition> positions = new LinkedHashMap<>();
  private FileChannel out;
  private int lines;

  private FollowPositions(Path file, FileChannel lock) throws IOException {
    this.file = file;
    this.lock = lock;
    List<String> written =
        Files.exists(file)
            ? List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n"))
            : List.of();
    byte[] secret = new byte[KEY_BYTES];
    if (written.isEmpty() || written.getFirst().length() != 2 * KEY_BYTES) {
      new SecureRandom().nextBytes(secret);
    } else {
      secret = HexFormat.of().parseHex(written.getFirst());
      written.stream().skip(1).forEach(this::read);
    }
    this.key = new SecretKeySpec(secret, "HmacSHA256");
    this.out = rewrite();
  }

  /**
   * Opens {@code file}, making it where it is missing.
   *
   * @throws IOException when it cannot be used, or another process follows with it
   */
  public static FollowPositions open(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel lock =
        FileChannel.open(
            file.resolveSibling(file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      @Nullable FileLock held = lock.tryLock();
      if (held == null) {
        throw new OverlappingFileLockException();
      }
      return new FollowPositions(file, lock);
    } catch (OverlappingFileLockException e) {
      lock.close();
      throw new IOException(
          file + " is in use: another process follows this log; try: stop it, or --data DIR", e);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  private void read(String line) {
    try {
      FollowPosition position = JSON.readValue(line, FollowPosition.class);
      positions.put(position.key(), position);
    } catch (IOException e) {
      lines++; // Torn by a crash: what it said is read and delivered again, and is known there.
    }
  }

  private FileChannel rewrite() throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    StringBuilder text = new StringBuilder(HexFormat.of().formatHex(key.getEncoded())).append('\n');
    for (FollowPosition position : positions.values()) {
      text.append(JSON.writeValueAsString(position)).append('\n');
    }
    FileChannel opened = FileChannel.open(fresh, StandardOpenOption.WRITE);
    write(opened, text.toString());
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    lines = positions.size();
    return opened;
  }

  private static void write(FileChannel to, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      var _ = to.write(bytes);
    }
    to.force(false);
  }

  /** The position in the file that the file system calls {@code fileKey}. */
  @Nullable FollowPosition of(String fileKey) {
    return positions.get(fileKey);
  }

  Collection<FollowPosition> all() {
    return List.copyOf(positions.values());
  }

  /** Remembers {@code position}: on return it is on disk. */
  void save(FollowPosition position) {
    try {
      positions.put(position.key(), position);
      write(out, JSON.writeValueAsString(position) + '\n');
      if (++lines > 2 * positions.size() + SPARE_LINES) {
        out.close();
        out = rewrite();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("positions cannot be written to " + file, e);
    }
  }

  /** A keyed digest of the first {@code length} of {@code bytes}. */
  String print(byte[] bytes, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(Arrays.copyOf(bytes, length));
      return length + ":" + HexFormat.of().formatHex(mac.doFinal(), 0, 16);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HMAC of its own", e);
    }
  }

  /** How many bytes {@code print} is of. */
  static int printed(String print) {
    return Integer.parseInt(print.substring(0, print.indexOf(':')));
  }

  @Override
  public void close() throws IOException {
    out.close();
    lock.close();
  }
}
