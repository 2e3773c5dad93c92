package dev.custody.source.records;

import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads files that have their records in any shape but lines: whole, once they no longer change.
 */
final class WholeFiles {
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final RecordShape shape;
  private final FollowPositions positions;
  private final FileFollower.Sink sink;
  private final InstantSource clock;
  private final Map<String, Look> looks = new HashMap<>();

  /** What a file looked like in the poll before. */
  record Look(long size, long modified) {
    static Look at(BasicFileAttributes file) {
      return new Look(file.size(), file.lastModifiedTime().toMillis());
    }
  }

  WholeFiles(
      RecordShape shape, FollowPositions positions, FileFollower.Sink sink, InstantSource clock) {
    this.shape = shape;
    this.positions = positions;
    this.sink = sink;
    this.clock = clock;
  }

  /** Reads {@code path} if it changed since {@code known}, and no longer does. */
  boolean read(Path path, BasicFileAttributes now, @Nullable FollowPosition known) {
    String key = FileFollower.key(now);
    Look look = Look.at(now);
    if (known != null && known.size() == look.size() && known.modified() == look.modified()) {
      return false;
    }
    boolean quiet = clock.millis() - look.modified() > QUIET.toMillis();
    if (!quiet && !look.equals(looks.put(key, look))) {
      return false;
    }
    take(path, now);
    looks.remove(key);
    return true;
  }

  /** Reads {@code path} as it is. */
  void take(Path path, BasicFileAttributes now) {
    Look look = Look.at(now);
    var _ =
        RecordFiles.read(
            shape, List.of(path), InputStream.nullInputStream(), sink, (at, total) -> {});
    sink.delivered();
    positions.save(
        new FollowPosition(
            FileFollower.key(now),
            path.toString(),
            look.size(),
            1,
            positions.print(new byte[0], 0),
            look.size(),
            look.modified()));
  }
}
