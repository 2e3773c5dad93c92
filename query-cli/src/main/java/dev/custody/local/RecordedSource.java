package dev.custody.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.event.Event;
import dev.custody.event.Host;
import dev.custody.http.HookSource;
import dev.custody.sighting.SessionRedactors;
import dev.custody.signing.FingerprintKey;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.gcp.GcpSource;
import dev.custody.source.github.GitHubSource;
import dev.custody.source.kubernetes.KubernetesSource;
import dev.custody.source.records.AuditLog;
import dev.custody.source.records.RecordFiles;
import dev.custody.source.records.RecordReader;
import dev.custody.source.records.RecordShape;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Records of one source, read into events as a collector reads them, without a collector: nothing
 * is recorded, no hook is answered, secrets have fingerprints of this process alone.
 */
public final class RecordedSource {
  private static final int LARGEST_HOOK = 8 << 20;

  private final RecordShape shape;
  private final Reading reading;

  /** The events that the bytes of one record tell of. */
  @FunctionalInterface
  private interface Reading {
    List<Event> events(byte[] record) throws BadInputException;
  }

  /** Takes what is read, in order. */
  public interface Sink {
    /** The events of one record. */
    void events(RecordFiles.Item place, List<Event> events);

    /** What could not be read; nothing of it is repeated. */
    void problem(RecordFiles.Problem problem);
  }

  private RecordedSource(RecordShape shape, Reading reading) {
    this.shape = shape;
    this.reading = reading;
  }

  /**
   * The source of that name.
   *
   * @throws IllegalArgumentException naming those that there are, when it is none
   */
  public static RecordedSource of(String name) {
    Map<String, RecordedSource> all = all();
    RecordedSource source = all.get(name);
    if (source == null) {
      throw new IllegalArgumentException(
          "expected one of %s, found %s".formatted(String.join(", ", all.keySet()), name));
    }
    return source;
  }

  private static Map<String, RecordedSource> all() {
    Observer observer =
        new Observer(
            new Host("localhost", null),
            null,
            "local",
            FingerprintKey.ephemeral(),
            InstantSource.system());
    Map<String, RecordedSource> all = new TreeMap<>();
    List<AuditLog> logs =
        List.of(
            new CloudTrailSource(observer),
            new GcpSource(observer),
            new GitHubSource(observer),
            new KubernetesSource(observer));
    for (AuditLog log : logs) {
      RecordReader reader = new RecordReader(log);
      all.put(log.shape().log(), new RecordedSource(log.shape(), record -> events(reader, record)));
    }
    Map<String, HookSource> hooks =
        AgentHookSource.all(
            observer, new SessionRedactors(observer.fingerprints()), null, Duration.ZERO);
    hooks.forEach((path, hook) -> {
      String agent = path.substring(path.lastIndexOf('/') + 1);
      all.put(
          agent,
          new RecordedSource(
              new RecordShape(agent, agent, Set.of(), LARGEST_HOOK),
              record -> hook.receive(record, null).events()));
    });
    return all;
  }

  private static List<Event> events(RecordReader reader, byte[] record) throws BadInputException {
    List<Event> events = new ArrayList<>();
    for (JsonNode each : reader.records(record, 0, record.length)) {
      events.addAll(reader.events(each));
    }
    return events;
  }

  /** Reads files, directories and, for {@code -}, the standard input. */
  public void read(List<Path> paths, InputStream standardInput, Sink sink) {
    RecordFiles.Totals _ =
        RecordFiles.read(
            shape,
            paths,
            standardInput,
            new RecordFiles.Sink() {
              @Override
              public void record(RecordFiles.Item item) {
                try {
                  sink.events(item.placeOnly(), reading.events(item.record()));
                } catch (BadInputException e) {
                  sink.problem(item.problem(String.valueOf(e.getMessage())));
                }
              }

              @Override
              public void problem(RecordFiles.Problem problem) {
                sink.problem(problem);
              }
            },
            (bytes, total) -> {});
  }
}
