package dev.custody.log;

import dev.custody.tlog.LogOrigin;
import java.util.Optional;

/** What was published of a log, as everybody else can read it: committed records only. */
@FunctionalInterface
public interface PublishedCheckpoints {
  /** The signed note that was published last for {@code origin}; empty when none was. */
  Optional<byte[]> last(LogOrigin origin);

  /** Nothing was ever published. */
  static PublishedCheckpoints none() {
    return origin -> Optional.empty();
  }
}
