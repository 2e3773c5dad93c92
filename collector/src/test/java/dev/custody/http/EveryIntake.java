package dev.custody.http;

import dev.custody.access.TokenFile;
import dev.custody.capture.HookReply;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.event.Event;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.SessionPlaces;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.spool.SpoolLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A collector with a real source of each kind: hooks, telemetry, an audit log. */
final class EveryIntake implements AutoCloseable {
  final MemoryOutlet outlet = new MemoryOutlet();
  private final Path importTokens;
  private final Organisation organisation;
  private final Collector collector;

  EveryIntake(Path directory) throws Exception {
    importTokens = directory.resolve("data").resolve(TokenFile.IMPORT_NAME);
    organisation = Organisation.in(directory);
    ClaudeCodeHooks hooks = new ClaudeCodeHooks(organisation.observer());
    collector =
        Collector.start(
            new CollectorConfig(
                directory.resolve("data"),
                outlet,
                new HttpConfig("127.0.0.1", 0, Set.of(), Duration.ofSeconds(20)),
                notes ->
                    organisation
                        .routes(
                            Map.of(
                                Routes.CLAUDE_CODE,
                                (body, _) -> HookReply.proceed(hooks.events(body))),
                            List.of(new CloudTrailSource(organisation.observer())),
                            events -> {})
                        .open(notes)
                        .with(
                            new OtlpReceiver(
                                organisation.observer(),
                                new SessionRedactors(organisation.observer().fingerprints()),
                                new SessionPlaces())),
                organisation.observer(),
                organisation::key,
                organisation.roots(),
                SpoolLimits.DEFAULT,
                Duration.ofHours(1),
                "custody-test 1"));
  }

  /** The headers of a request to {@code path}, as who may send there has them. */
  String admission(String path) throws IOException {
    return path.startsWith("/import/")
        ? "Authorization: Bearer %s\r\n".formatted(TokenFile.importToken(importTokens))
        : "";
  }

  int port() {
    return collector.httpPort();
  }

  /** All that was recorded but the collector's own. */
  List<Event> recorded() throws Exception {
    if (!collector.awaitPublished(Duration.ofSeconds(30))) {
      throw new IllegalStateException("not everything was published");
    }
    return organisation.verify(outlet.log()).stream()
        .map(v -> v.event())
        .filter(e -> !e.source().kind().equals("custody"))
        .toList();
  }

  @Override
  public void close() {
    collector.close();
  }
}
