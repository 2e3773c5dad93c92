package dev.custody.log;

import dev.custody.admission.VerifiedEvent;
import dev.custody.admit.AdmissionOutcome;
import dev.custody.attribution.Position;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.note.Checkpoint;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import dev.custody.topic.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends each admitted link of its partition to the partition's log, publishes tiles as they
 * become full, and at most once a second a checkpoint, when there is something new.
 *
 * <p>On start it asks what was published last. A tree that has come as far must have that very root
 * there; one that is rebuilt says nothing until it has come as far, and must have that root then.
 * Where it differs the log stops: nothing more is appended or published, a finding says why, and
 * all else goes on.
 */
public final class LogProcessor implements Processor<String, AdmissionOutcome, String, LogOutput> {
  /** State store of the trees. */
  public static final String STORE = "log";

  /** Suffix of the key under which the open entry bundle lies in {@link Topic#TILES}. */
  public static final String OPEN = "/open";

  private static final Logger LOG = LoggerFactory.getLogger(LogProcessor.class);
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);
  private static final ChainId NO_CHAIN = new ChainId(new byte[ChainId.SIZE]);

  private final LogKeys keys;
  private final PublishedCheckpoints published;
  private @Nullable ProcessorContext<String, LogOutput> context;
  private @Nullable LogOrigin origin;
  private @Nullable LogTree tree;
  // The size up to which everything is published already: nothing below it is published again.
  private long publishedSize;
  private @Nullable Digest publishedRoot;
  private @Nullable String stopped;
  private boolean stopReported;

  /** Signs with {@code keys}; {@code published} is asked on each start. */
  public LogProcessor(LogKeys keys, PublishedCheckpoints published) {
    this.keys = keys;
    this.published = published;
  }

  @Override
  public void init(ProcessorContext<String, LogOutput> context) {
    this.context = context;
    this.origin = keys.origin(context.taskId().partition());
    try {
      Optional<byte[]> last = published.last(origin());
      Checkpoint checkpoint = last.isEmpty() ? null : keys.list().verify(origin(), last.get());
      LogTree opened = new LogTree(new TreeStore(context.getStateStore(STORE)), this::publish);
      this.tree = opened;
      compare(opened, checkpoint);
    } catch (TlogException e) {
      stop("its last published checkpoint is not one: " + e.getMessage());
    } catch (LogTree.DamagedException e) {
      stop("its state is damaged: " + e.getMessage());
    }
    context.schedule(CHECKPOINT_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  private void compare(LogTree opened, @Nullable Checkpoint last) throws LogTree.DamagedException {
    TreeStore.Made made = opened.made();
    publishedSize = last == null ? 0 : last.size();
    publishedRoot = last == null ? null : last.root();
    opened.settle(publishedSize);
    if (made == null) {
      // It is new, or being rebuilt: then it must not have come past what is published yet.
      if (opened.size() >= publishedSize) {
        reached(opened);
      }
      return;
    }
    if (!made.origin().equals(origin().toString())) {
      stop("its state is that of log " + made.origin());
      return;
    }
    Digest root = opened.recompute(made);
    if (last == null || made.size() != last.size() || !root.equals(last.root())) {
      stop(
          "its state has root %s at size %d, published is %s"
              .formatted(
                  root.hex(),
                  made.size(),
                  last == null
                      ? "nothing"
                      : "root %s at size %d".formatted(last.root().hex(), last.size())));
    }
  }

  @Override
  public void process(Record<String, AdmissionOutcome> record) {
    LogTree log = tree;
    if (stopped == null
        && log != null
        && record.value() instanceof AdmissionOutcome.Admitted admitted) {
      append(log, admitted.event());
    }
  }

  private void append(LogTree log, VerifiedEvent event) {
    log.append(event.link().statement(), event.linkHash());
    if (log.size() == publishedSize) {
      reached(log);
    }
  }

  /** A tree that is rebuilt has come to the size of what was published last. */
  private void reached(LogTree log) {
    Digest expected = publishedRoot;
    if (expected == null) {
      return;
    }
    if (log.size() != publishedSize || !log.root().equals(expected)) {
      stop(
          "rebuilt it has root %s at size %d, published is root %s at size %d"
              .formatted(log.root().hex(), log.size(), expected.hex(), publishedSize));
    } else {
      log.checkpointMade(origin().toString());
    }
  }

  private void publish(Tile tile, byte[] bytes) {
    // Below the last checkpoint all tiles are out already; another content there would be a fork.
    if (Objects.requireNonNull(tree).size() > publishedSize) {
      forward(Topic.TILES, origin() + "/" + tile.path(), bytes);
    }
  }

  private void tick(long now) {
    LogTree log = tree;
    if (stopped != null || log == null) {
      reportStop(now);
    } else if (log.size() > publishedSize) {
      checkpoint(log);
    }
  }

  private void checkpoint(LogTree log) {
    List<byte[]> entries = log.openEntries();
    byte[] open = entries.isEmpty() ? new byte[0] : EntryBundle.encode(entries);
    forward(
        Topic.TILES,
        origin() + OPEN,
        ByteBuffer.allocate(Long.BYTES + open.length).putLong(log.size()).put(open).array());
    Checkpoint checkpoint = new Checkpoint(origin().toString(), log.size(), log.root());
    forward(Topic.CHECKPOINTS, origin().toString(), keys.sign(checkpoint).encode());
    log.checkpointMade(origin().toString());
    publishedSize = log.size();
    publishedRoot = checkpoint.root();
  }

  private void stop(String why) {
    stopped = why;
    LOG.error(
        "log {} stopped: {}; nothing more is appended or published; try: custody verify, and when the"
            + " cause is known: custody tlog reopen {}",
        origin(),
        why,
        origin().partition());
  }

  private void reportStop(long now) {
    if (!stopReported && stopped != null) {
      stopReported = true;
      AdmissionOutcome.Suspicion suspicion =
          new AdmissionOutcome.Suspicion(
              "LogStopped",
              stopped,
              new Position(origin().partition(), -1, NO_CHAIN, -1),
              now,
              origin() + "@" + publishedSize,
              false);
      context().forward(new Record<>(origin().toString(), new LogOutput.Stopped(suspicion), now));
    }
  }

  private void forward(Topic topic, String key, byte[] value) {
    LogRecord record = new LogRecord(topic, origin().partition(), key, value);
    context()
        .forward(
            new Record<>(key, new LogOutput.Published(record), context().currentSystemTimeMs()));
  }

  private LogOrigin origin() {
    return Objects.requireNonNull(origin);
  }

  private ProcessorContext<String, LogOutput> context() {
    return Objects.requireNonNull(context);
  }
}
