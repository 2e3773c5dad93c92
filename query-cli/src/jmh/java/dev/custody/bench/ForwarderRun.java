package dev.custody.bench;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.capture.Observer;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorKey;
import dev.custody.delegations.DelegationBook;
import dev.custody.event.Host;
import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.Machine;
import dev.custody.hook.Wire;
import dev.custody.http.HttpConfig;
import dev.custody.http.Routes;
import dev.custody.publish.Outlet;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.capture.HookReply;
import dev.custody.spool.SpoolLimits;
import dev.custody.spool.Spooled;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What an agent waits for where it runs commands: the forwarder with a collector and without one,
 * beside plain curl and a shell that does nothing, turn by turn. Prints milliseconds from the start
 * of the process to its end.
 */
public final class ForwarderRun {
  private static final int WARMUP = 20;

  private ForwarderRun() {}

  /** Calls each so often: one argument, 300 without. */
  public static void main(String[] arguments) throws Exception {
    int calls = arguments.length == 0 ? 300 : Integer.parseInt(arguments[0]);
    Path directory = Files.createTempDirectory("custody-bench");
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    Machine machine =
        new Machine(
            directory.resolve("home"),
            directory.resolve("home/.custody"),
            Map.of("PATH", "/usr/bin:/bin"),
            null);
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CODEX, HookOptions.ofUser()));
    String forward = machine.data().resolve("hook/forward").toString();
    byte[] body = body(directory);
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    try (Collector collector = start(directory, keys)) {
      String port = "" + collector.httpPort();
      Map<String, List<String>> commands =
          Map.of(
              "1 sh -c true", List.of("/bin/sh", "-c", "true"),
              "2 curl, collector up",
                  List.of(
                      "curl", "-q", "-s", "--noproxy", "*", "--data-binary", "@-",
                      "http://127.0.0.1:" + port + "/hooks/codex"),
              "3 forward, collector up", List.of(forward, "codex", port),
              "4 forward, collector down", List.of(forward, "codex", "" + closed));
      measure(calls, body, commands);
    }
    if (Files.readAllLines(machine.data().resolve("missed")).size() != calls + WARMUP) {
      throw new IllegalStateException("expected one line for each hook that was not taken");
    }
  }

  private static void measure(int calls, byte[] body, Map<String, List<String>> commands)
      throws Exception {
    Map<String, long[]> nanos = new java.util.TreeMap<>();
    commands.keySet().forEach(name -> nanos.put(name, new long[calls]));
    for (int i = -WARMUP; i < calls; i++) {
      for (String name : nanos.keySet()) {
        long took = run(new ArrayList<>(commands.get(name)), body);
        if (i >= 0) {
          nanos.get(name)[i] = took;
        }
      }
    }
    nanos.forEach((name, took) -> {
      Arrays.sort(took);
      System.out.printf(
          "%-28s calls=%d p50=%.1f p90=%.1f p99=%.1f max=%.1f ms%n",
          name.substring(2),
          calls,
          took[calls / 2] / 1e6,
          took[calls * 9 / 10] / 1e6,
          took[calls * 99 / 100] / 1e6,
          took[calls - 1] / 1e6);
    });
  }

  private static long run(List<String> command, byte[] body) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    long begin = System.nanoTime();
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(body);
    } catch (java.io.IOException e) {
      // A shell that does nothing reads nothing.
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException("expected 0 from " + command);
    }
    return System.nanoTime() - begin;
  }

  private static byte[] body(Path directory) {
    return """
        {"session_id":"s1","turn_id":"p1","cwd":"%s","hook_event_name":"PreToolUse",
         "tool_name":"Bash","tool_use_id":"t1","tool_input":{"command":"%s"}}"""
        .formatted(directory, "ls -l; ".repeat(300))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Collector start(Path directory, KeyDirectory keys) throws Exception {
    Signer signer = keys.signer("collector");
    CertificateAuthority authority = new CertificateAuthority(keys.signer("root"));
    Observer observer =
        new Observer(
            new Host("laptop", "linux"),
            "dana",
            "acme.example",
            keys.fingerprintKey("fingerprints"),
            Clock.systemUTC());
    TrustedRoots roots = new TrustedRoots(List.of(authority.publicKey()));
    ClaudeCodeHooks hooks = new ClaudeCodeHooks(observer);
    return Collector.start(
        new CollectorConfig(
            directory.resolve("data"),
            Taken::new,
            HttpConfig.loopback(0),
            notes ->
                new Routes(
                    DelegationBook.open(notes, roots, observer.clock()),
                    new SessionEnvironment(
                        SessionTags.open(observer.fingerprints(), notes, observer.clock()),
                        observer),
                    // Codex has the same shape of hook; what is measured here is the way there.
                    Map.of("/hooks/codex", (body, d) -> HookReply.proceed(hooks.events(body))),
                    Map.of(),
                    events -> {}),
            observer,
            () ->
                new CollectorKey(
                    signer,
                    authority.certifyCollector(
                        "spiffe://acme.example/collector/laptop",
                        signer.publicKey(),
                        Instant.now(),
                        Duration.ofDays(1))),
            roots,
            SpoolLimits.DEFAULT,
            Duration.ofHours(1),
            "custody-bench"));
  }

  /** A log that has everything at once. */
  private static final class Taken implements Outlet {
    @Override
    public void send(Spooled envelope, Answer answer) {
      answer.arrived(null);
    }

    @Override
    public void close() {}
  }
}
