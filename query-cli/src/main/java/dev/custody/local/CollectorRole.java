package dev.custody.local;

import dev.custody.access.TokenFile;
import dev.custody.admission.TrustedRoots;
import dev.custody.broker.BookedDelegations;
import dev.custody.broker.BrokerConfig;
import dev.custody.broker.CredentialBroker;
import dev.custody.broker.CredentialDesk;
import dev.custody.broker.SessionDelegations;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.capture.SourceNotes;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorException;
import dev.custody.delegation.HopSigner;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.SubAgentHops;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.event.Event;
import dev.custody.event.Host;
import dev.custody.http.HookSource;
import dev.custody.http.HttpConfig;
import dev.custody.http.Routes;
import dev.custody.identity.SpiffeId;
import dev.custody.missed.MissedHooks;
import dev.custody.probe.ProbedHooks;
import dev.custody.redact.PatternException;
import dev.custody.redact.SecretPatterns;
import dev.custody.sighting.SessionRedactors;
import dev.custody.sighting.StrictJson;
import dev.custody.signing.KeyException;
import dev.custody.source.SessionPlaces;
import dev.custody.source.agent.Oversight;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.gcp.GcpSource;
import dev.custody.source.git.GitWatcher;
import dev.custody.source.git.SecretChecks;
import dev.custody.source.github.GitHubSource;
import dev.custody.source.kubernetes.KubernetesSource;
import dev.custody.source.mcp.McpSource;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.source.rules.RuleSetLog;
import dev.custody.spool.SpoolLimits;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A collector with every source that there is, as one process or as a part of one. */
public final class CollectorRole implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CollectorRole.class);

  private final Collector collector;
  private final GitWatcher git;
  private final MissedHooks missed;

  private CollectorRole(Collector collector, GitWatcher git, MissedHooks missed) {
    this.collector = collector;
    this.git = git;
    this.missed = missed;
  }

  /**
   * What the role needs.
   *
   * @param data data directory of the installation; the collector's own is {@code DATA/collector}
   * @param bootstrapServers Kafka
   * @param http where it listens
   * @param partitions partitions of every topic
   * @param replication copies of every topic
   * @param trustDomain SPIFFE trust domain
   * @param policy what agents are answered before a tool runs
   */
  public record Config(
      Path data,
      String bootstrapServers,
      HttpConfig http,
      int partitions,
      short replication,
      String trustDomain,
      Policy policy) {}

  /**
   * Starts.
   *
   * @throws StartException when a key or a file of the collector's directory cannot be used
   * @throws CollectorException when the port is taken, the spool cannot be used, or a key is
   *     refused
   */
  public static CollectorRole start(Config config, Installation installation)
      throws StartException, CollectorException {
    if (installation.isFresh()) {
      LOG.info(
          "no setup: made the organisation's root key and this collector's key in {}, encrypted under a wrapping key file;"
              + " whoever runs as this user can use them; custody keys init --help has other ways",
          config.data().resolve("keys"));
    }
    AtomicReference<@Nullable GitWatcher> watcher = new AtomicReference<>();
    AtomicReference<@Nullable CredentialBroker> broker = new AtomicReference<>();
    AtomicReference<@Nullable SessionDelegations> delegations = new AtomicReference<>();
    Path own = config.data().resolve("collector");
    try {
      SecretPatterns.read(own).putInForce(); // Before any source makes a redactor.
      Optional<BrokerConfig> brokering = BrokerConfig.read(own);
      String host = hostName();
      InstantSource clock = InstantSource.system();
      TrustedRoots roots = installation.roots();
      String spiffeId = SpiffeId.collector(config.trustDomain(), host).toString();
      Optional<HopSigner> signer = installation.agents(spiffeId, clock.instant());
      Observer observer =
          new Observer(
              new Host(host, System.getProperty("os.name")),
              installation.enrolledUser(),
              config.trustDomain(),
              installation.fingerprints(),
              clock);
      Collector collector =
          Collector.start(
              new CollectorConfig(
                  own,
                  CollectorConfig.kafka(
                      config.bootstrapServers(), config.partitions(), config.replication()),
                  config.http().orImportTokens(config.data().resolve(TokenFile.IMPORT_NAME)),
                  notes -> {
                    DelegationBook book = DelegationBook.open(notes, roots, clock);
                    delegations.set(new BookedDelegations(book));
                    SessionPlaces places = new SessionPlaces();
                    SessionRedactors redactors = new SessionRedactors(observer.fingerprints());
                    McpSource conversations =
                        McpSource.open(
                            observer,
                            notes,
                            new Bindings(book),
                            new DecisionPoint(book, config.policy()));
                    return routes(
                            notes,
                            book,
                            conversations,
                            new SubAgentHops(book, signer.orElse(null), roots, observer),
                            config.policy(),
                            observer,
                            redactors,
                            events -> {
                              visit(watcher.get(), events);
                              tell(broker.get(), events);
                              places.recorded(events);
                              conversations.recorded(events);
                            },
                            brokering.isEmpty()
                                ? CredentialDesk.NONE
                                : body -> desk(broker).credential(body))
                        .with(new OtlpReceiver(observer, redactors, places));
                  },
                  observer,
                  installation.collectorKeys(spiffeId, clock),
                  roots,
                  SpoolLimits.DEFAULT,
                  CollectorConfig.HEARTBEAT,
                  "custody-collector " + Release.VERSION));
      GitWatcher git =
          new GitWatcher(observer, collector.recorder(), new NotedTips(collector.notes()));
      watcher.set(git);
      if (brokering.isPresent()) {
        broker.set(
            CredentialBroker.open(
                brokering.get(),
                observer,
                Objects.requireNonNull(delegations.get()),
                collector.recorder(),
                collector.notes()));
      }
      return new CollectorRole(
          collector, git, MissedHooks.start(config.data(), observer, collector.recorder()));
    } catch (KeyException
        | IOException
        | BadInputException
        | PatternException
        | CaptureException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static CredentialDesk desk(AtomicReference<@Nullable CredentialBroker> broker) {
    CredentialBroker started = broker.get();
    return started == null
        ? body -> {
          throw new CaptureException("the collector is still starting; try again");
        }
        : started;
  }

  private static void tell(@Nullable CredentialBroker broker, List<Event> events) {
    if (broker != null) {
      broker.recorded(events);
    }
  }

  private static Routes routes(
      SourceNotes notes,
      DelegationBook book,
      McpSource mcp,
      SubAgentHops hops,
      Policy policy,
      Observer observer,
      SessionRedactors redactors,
      Consumer<List<Event>> afterRecord,
      CredentialDesk credentials)
      throws CaptureException {
    SessionTags tags = SessionTags.open(observer.fingerprints(), notes, observer.clock());
    Oversight oversight =
        new Oversight(new Bindings(book), hops, new DecisionPoint(book, policy), tags);
    return new Routes(
        book,
        new SessionEnvironment(tags, observer),
        hooks(observer, redactors, oversight, mcp, policy.deadline()),
        List.of(
            new CloudTrailSource(observer),
            new GcpSource(observer),
            new GitHubSource(observer),
            new KubernetesSource(observer),
            new RuleSetLog(observer)),
        afterRecord,
        credentials);
  }

  private static Map<String, HookSource> hooks(
      Observer observer,
      SessionRedactors redactors,
      Oversight oversight,
      McpSource mcp,
      Duration deadline) {
    Map<String, HookSource> all =
        new HashMap<>(AgentHookSource.all(observer, redactors, oversight, deadline));
    all.put(Routes.MCP, new McpHookSource(mcp, deadline));
    SecretChecks checks = new SecretChecks(observer);
    all.put(
        Routes.GIT_SECRET_CHECKS,
        (body, delegation) -> HookReply.proceed(checks.events(StrictJson.object(body))));
    return ProbedHooks.of(all, observer);
  }

  private static void visit(@Nullable GitWatcher watcher, List<Event> events) {
    if (watcher != null) {
      events.stream()
          .filter(e -> e.actor().agent() != null)
          .map(Event::project)
          .filter(java.util.Objects::nonNull)
          .distinct()
          .forEach(watcher::visit);
    }
  }

  /** What this machine calls itself. */
  public static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "localhost";
    }
  }

  /** The port that it listens on. */
  public int httpPort() {
    return collector.httpPort();
  }

  /** Where parts of this process record. */
  public Recorder recorder() {
    return collector.recorder();
  }

  /** Has every known repository looked through, and waits until Kafka has all that is recorded. */
  public boolean settle(Duration atMost) throws InterruptedException, CaptureException {
    git.scanNow();
    return collector.awaitPublished(atMost);
  }

  /** Stops in order. */
  @Override
  public void close() {
    missed.close();
    git.close();
    collector.close();
  }
}
