package dev.custody.accuracy.play;

import dev.custody.access.TokenFile;
import dev.custody.admission.TrustedRoots;
import dev.custody.broker.CredentialBroker;
import dev.custody.capture.Observer;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorKey;
import dev.custody.delegations.DelegationBook;
import dev.custody.digest.Bytes;
import dev.custody.event.Event;
import dev.custody.event.Host;
import dev.custody.http.HttpConfig;
import dev.custody.http.Routes;
import dev.custody.identity.SpiffeId;
import dev.custody.local.CollectorClient;
import dev.custody.local.Installation;
import dev.custody.publish.Outlet;
import dev.custody.publish.OutletException;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.git.GitWatcher;
import dev.custody.source.otlp.Signal;
import dev.custody.spool.SpoolLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A collector of a machine of the organisation; spoken to over HTTP. */
final class RealCollector implements Station {
  static final String DOMAIN = "acme.example";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration VALIDITY = Duration.ofDays(365);

  private final SetClock clock;
  private final BooleanSupplier online;
  private final Collector collector;
  private final GitWatcher git;
  private final CollectorClient client;
  private final Path importTokens;
  private final Installation installation;
  private final Instant start;

  /**
   * Where collectors are made.
   *
   * @param start what their clocks show first
   */
  record Place(
      Path data,
      String kafka,
      int partitions,
      Installation installation,
      Cloud cloud,
      Instant start) {}

  RealCollector(Place place, String host, String osUser, BooleanSupplier online) throws Exception {
    this.clock = new SetClock(place.start());
    this.online = online;
    Installation installation = place.installation();
    Observer observer =
        new Observer(new Host(host, "Linux"), osUser, DOMAIN, installation.fingerprints(), clock);
    TrustedRoots roots = installation.roots();
    AtomicReference<@Nullable GitWatcher> watcher = new AtomicReference<>();
    AtomicReference<@Nullable DelegationBook> book = new AtomicReference<>();
    AtomicReference<@Nullable CredentialBroker> broker = new AtomicReference<>();
    Path data = place.data().resolve("collectors").resolve(host);
    CollectorKey key = key(installation, data, host, place.start());
    this.collector =
        Collector.start(
            new CollectorConfig(
                data,
                gated(place),
                HttpConfig.loopback(0),
                notes -> routes(Sources.of(observer, roots, notes), book, watcher, broker),
                observer,
                () -> key,
                roots,
                SpoolLimits.DEFAULT,
                Duration.ofHours(1),
                "custody-collector accuracy"));
    this.git = new GitWatcher(observer, collector.recorder(), new MemoryNotes());
    watcher.set(git);
    broker.set(
        place
            .cloud()
            .broker(
                observer,
                Objects.requireNonNull(book.get()),
                collector.recorder(),
                collector.notes()));
    this.importTokens = data.resolve(TokenFile.IMPORT_NAME);
    this.installation = installation;
    this.start = place.start();
    this.client = new CollectorClient("http://127.0.0.1:" + collector.httpPort());
  }

  private static CollectorKey key(Installation installation, Path data, String host, Instant now)
      throws Exception {
    Signer signer =
        KeyDirectory.open(data.resolve("keys"), data.resolve("wrapping.key")).signer("collector");
    Bytes certificate =
        installation
            .authority()
            .certifyCollector(
                SpiffeId.collector(DOMAIN, host).toString(), signer.publicKey(), now, VALIDITY);
    return new CollectorKey(signer, certificate);
  }

  // A laptop that is offline: Kafka is not to be reached.
  private Outlet.Opener gated(Place place) {
    Outlet.Opener kafka = CollectorConfig.kafka(place.kafka(), place.partitions(), (short) 1);
    return () -> {
      if (!online()) {
        throw new OutletException("offline", new IOException("no network"));
      }
      return kafka.open();
    };
  }

  private static Routes routes(
      Sources sources,
      AtomicReference<@Nullable DelegationBook> book,
      AtomicReference<@Nullable GitWatcher> watcher,
      AtomicReference<@Nullable CredentialBroker> broker) {
    book.set(sources.book());
    Routes routes =
        new Routes(
            sources.book(),
            sources.environment(),
            Map.of(Routes.CLAUDE_CODE, sources.hooks()::receive),
            List.of(sources.cloud()),
            events -> {
              visit(watcher.get(), events);
              CredentialBroker known = broker.get();
              if (known != null) {
                known.recorded(events);
              }
            },
            body -> Objects.requireNonNull(broker.get()).credential(body));
    return routes.with(sources.telemetry());
  }

  private static void visit(@Nullable GitWatcher watcher, List<Event> events) {
    if (watcher != null) {
      events.stream()
          .filter(e -> e.source().kind().equals("claude-code"))
          .map(Event::project)
          .filter(Objects::nonNull)
          .distinct()
          .forEach(watcher::visit);
    }
  }

  boolean online() {
    return online.getAsBoolean();
  }

  void settle(Duration atMost) throws InterruptedException {
    git.scanNow();
    if (!collector.awaitPublished(atMost)) {
      throw new IllegalStateException("not published within " + atMost);
    }
  }

  @Override
  public void set(Instant time) {
    clock.set(time);
  }

  @Override
  public void hook(byte[] body) throws IOException, InterruptedException {
    client.hook(body);
  }

  @Override
  public void telemetry(Signal signal, byte[] body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HTTP.send(
            post(signal.path()).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200 || answer.body().contains("rejected")) {
      throw new IOException("refused: " + answer.statusCode() + " " + answer.body());
    }
  }

  private HttpRequest.Builder post(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.httpPort() + path))
        .header("Content-Type", "application/json");
  }

  @Override
  public String tag(String session) throws IOException, InterruptedException {
    HttpRequest request =
        post(Routes.SESSION_ENVIRONMENT)
            .POST(HttpRequest.BodyPublishers.ofString("{\"session_id\":\"" + session + "\"}"))
            .build();
    return Sources.tag(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  @Override
  public void grant(String human, String delegation) throws IOException, InterruptedException {
    try {
      Installation.EnrolledHuman enrolled =
          installation.enrol(human, start.minus(Duration.ofHours(1)));
      String token = enrolled.signer().sign(Cloud.delegation(delegation, human, clock.instant()));
      client.delegation(token, enrolled.certificate());
    } catch (KeyException e) {
      throw new IOException(e);
    }
  }

  @Override
  public byte[] credential(String session) throws IOException, InterruptedException {
    CollectorClient.Answer answer = client.credential(Cloud.request(session));
    if (answer.status() != 200) {
      throw new IOException("no credential: " + answer.reason());
    }
    return answer.body().toByteArray();
  }

  @Override
  public void trail(byte[] lines) throws IOException, InterruptedException {
    var answer = client.importing(importTokens).records(CloudTrailSource.SHAPE, lines);
    if (!answer.path("refused").isEmpty()) {
      throw new IOException("refused: " + answer.path("refused"));
    }
  }

  @Override
  public void look() {
    git.scanNow();
  }

  @Override
  public void close() {
    client.close();
    git.close();
    collector.close();
  }
}
