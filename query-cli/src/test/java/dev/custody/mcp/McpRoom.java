package dev.custody.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.capture.SourceNotes;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.event.Event;
import dev.custody.http.HookSource;
import dev.custody.http.HttpConfig;
import dev.custody.http.Routes;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.local.CollectorClient;
import dev.custody.source.mcp.McpSource;
import dev.custody.spool.SpoolLimits;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real collector, and wrappers around servers that run as processes of their own. */
final class McpRoom implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(40);

  private final MemoryOutlet outlet = new MemoryOutlet();
  private final Path directory;
  private final Organisation organisation;
  private final List<Process> started = new ArrayList<>();
  private @Nullable Collector collector;

  /** In {@code directory}, which becomes a repository of {@link Organisation#HUMAN}. */
  McpRoom(Path directory) throws Exception {
    this.directory = directory;
    this.organisation = Organisation.in(directory);
    Path git = Files.createDirectory(directory.resolve(".git"));
    Files.createDirectories(git.resolve("objects"));
    Files.createDirectories(git.resolve("refs"));
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
    Files.writeString(git.resolve("config"), "[user]\n\temail = " + Organisation.HUMAN + "\n");
  }

  void start(Policy policy, int port) throws Exception {
    start(policy, HttpConfig.loopback(port));
  }

  void start(Policy policy, HttpConfig http) throws Exception {
    collector =
        Collector.start(
            new CollectorConfig(
                directory.resolve("data"),
                outlet,
                http,
                notes -> routes(notes, policy),
                organisation.observer(),
                organisation::key,
                organisation.roots(),
                SpoolLimits.DEFAULT,
                Duration.ofHours(1),
                "custody-test 1"));
  }

  private Routes routes(SourceNotes notes, Policy policy) throws CaptureException {
    Observer observer = organisation.observer();
    DelegationBook book = DelegationBook.open(notes, organisation.roots(), observer.clock());
    McpSource mcp =
        McpSource.open(observer, notes, new Bindings(book), new DecisionPoint(book, policy));
    HookSource source =
        new HookSource() {
          @Override
          public HookReply receive(byte[] body, @Nullable String delegation)
              throws BadInputException {
            return mcp.receive(body, delegation);
          }

          @Override
          public @Nullable HookReply late(byte[] body, String why) throws BadInputException {
            return mcp.late(body, why);
          }

          @Override
          public Duration deadline() {
            return policy.deadline();
          }
        };
    return new Routes(
        book,
        new SessionEnvironment(
            SessionTags.open(observer.fingerprints(), notes, observer.clock()), observer),
        Map.of(Routes.MCP, source),
        java.util.List.of(),
        mcp::recorded);
  }

  String address() {
    return "http://127.0.0.1:" + Objects.requireNonNull(collector).httpPort();
  }

  /** Grants the agents of this directory {@code action} on everything. */
  void grant(String action) throws Exception {
    Instant now = Instant.now();
    Delegation delegation =
        new Delegation(
            "dlg-12345678",
            Organisation.HUMAN,
            SpiffeId.parse("spiffe://acme.example/agent"),
            new Scope(List.of(new Scope.Grant(List.of(action), List.of("*")))),
            now,
            now.minusSeconds(60),
            now.plusSeconds(3600),
            "a test",
            1);
    try (CollectorClient client = new CollectorClient(address())) {
      client.delegation(organisation.humanKey().sign(delegation), organisation.humanCertificate());
    }
  }

  /** A wrapper around {@code server}; {@code collector} is where it hands in. */
  Process wrap(String collector, String... server) throws Exception {
    return wrap(Map.of(), List.of(), collector, server);
  }

  Process wrap(
      Map<String, String> environment, List<String> jvm, String collector, String... server)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.custody.cli.McpMain", "mcp", "--collector", collector));
    command.addAll(List.of("--server", "fs", "--product", "claude-code", "--"));
    command.addAll(List.of(server));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(CLAUDE|CODEX|GEMINI|OPENCODE|CUSTODY|AI_AGENT).*"));
    builder.environment().putAll(environment);
    builder.redirectError(directory.resolve("stderr").toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  String[] standIn(Path received, String description) {
    return new String[] {
      java(),
      "-XX:+UseSerialGC",
      "-cp",
      System.getProperty("java.class.path"),
      StandInServer.class.getName(),
      received.toString(),
      description
    };
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  List<Event> recorded() throws Exception {
    assertThat(Objects.requireNonNull(collector).awaitPublished(LONG)).isTrue();
    return organisation.verify(outlet.log()).stream()
        .map(v -> v.event())
        .filter(event -> !event.type().equals("Genesis"))
        .toList();
  }

  static int exitOf(Process process) throws Exception {
    assertThat(process.waitFor(LONG.toMillis(), TimeUnit.MILLISECONDS)).as("has ended").isTrue();
    return process.exitValue();
  }

  static void until(String what, Callable<Boolean> holds) throws Exception {
    Instant end = Instant.now().plus(LONG);
    while (!holds.call()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Override
  public void close() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (collector != null) {
      collector.close();
    }
  }
}
