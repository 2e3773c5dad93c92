package dev.custody.bench;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorKey;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.SubAgentHops;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.event.Host;
import dev.custody.http.HookSource;
import dev.custody.http.Routes;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.agent.Oversight;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent waits for: PreToolUse over HTTP, one call after another, answered with a denial
 * once request and decision are durable. Prints microseconds.
 */
public final class DecisionRun {
  private static final int WARMUP = 500;

  private DecisionRun() {}

  /** Calls so often: one argument, 2000 without. */
  public static void main(String[] arguments) throws Exception {
    int calls = arguments.length == 0 ? 2000 : Integer.parseInt(arguments[0]);
    Path directory = Files.createTempDirectory("custody-bench");
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    try (Collector collector = start(directory, keys);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:" + collector.httpPort() + Routes.CLAUDE_CODE))
              .POST(BodyPublishers.ofString(body(directory)))
              .build();
      long[] nanos = new long[calls];
      for (int i = -WARMUP; i < calls; i++) {
        long begin = System.nanoTime();
        String answer = client.send(request, BodyHandlers.ofString()).body();
        if (!answer.contains("deny")) {
          throw new IllegalStateException("expected a denial, found: " + answer);
        }
        if (i >= 0) {
          nanos[i] = System.nanoTime() - begin;
        }
      }
      Arrays.sort(nanos);
      System.out.printf(
          "calls=%d p50=%d p90=%d p99=%d max=%d us%n",
          calls,
          nanos[calls / 2] / 1000,
          nanos[calls * 9 / 10] / 1000,
          nanos[calls * 99 / 100] / 1000,
          nanos[calls - 1] / 1000);
    }
  }

  private static String body(Path directory) {
    return """
        {"hook_event_name":"PreToolUse","session_id":"s1","prompt_id":"p1","cwd":"%s",
         "tool_name":"Bash","tool_use_id":"t1",
         "tool_input":{"command":"cd infra && aws s3 rb s3://acme-prod-builds"}}"""
        .formatted(directory);
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
    Policy policy =
        new Policy(
            Policy.Mode.ENFORCE, true, Policy.Undecided.DENY, Policy.LONGEST_DEADLINE);
    return Collector.start(
        CollectorConfig.of(
            directory.resolve("data"),
            Taken::new,
            0,
            notes -> {
              DelegationBook book = DelegationBook.open(notes, roots, observer.clock());
              SessionTags tags =
                  SessionTags.open(observer.fingerprints(), notes, observer.clock());
              ClaudeCodeHooks hooks =
                  new ClaudeCodeHooks(
                      observer,
                      new Oversight(
                          new Bindings(book),
                          new SubAgentHops(book, null, roots, observer),
                          new DecisionPoint(book, policy),
                          tags));
              return new Routes(
                  book,
                  new SessionEnvironment(tags, observer),
                  Map.of(Routes.CLAUDE_CODE, new Hooks(hooks, policy.deadline())),
                  List.of(),
                  events -> {});
            },
            observer,
            () ->
                new CollectorKey(
                    signer,
                    authority.certifyCollector(
                        "spiffe://acme.example/collector/laptop",
                        signer.publicKey(),
                        Instant.now(),
                        Duration.ofDays(1))),
            roots));
  }

  private record Hooks(ClaudeCodeHooks hooks, Duration deadline) implements HookSource {
    @Override
    public HookReply receive(byte[] body, @Nullable String delegation) throws BadInputException {
      return hooks.receive(body, delegation);
    }
  }
}
