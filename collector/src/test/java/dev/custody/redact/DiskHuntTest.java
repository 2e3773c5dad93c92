package dev.custody.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenFile;
import dev.custody.capture.HookReply;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.http.Routes;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.cloudtrail.CloudTrailSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Secrets go through a real collector's front door; its whole disk is searched for them. */
class DiskHuntTest {
  /** Public, and recorded: the hunt must see it, or it would see nothing else. */
  private static final String KNOWN = "knownText7Qm2InTheClear";

  private static final int CONTEXTS_PER_HOOK = 8;

  @TempDir private Path directory;

  private final long seed = Long.getLong("custody.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final List<Sample> sent = new ArrayList<>();

  @Test
  void noSecretThatWasSentIsAnywhereOnTheCollectorsDisk() throws Exception {
    FileAppender<ILoggingEvent> log = logTo(directory.resolve("data/collector.log"));
    MemoryOutlet outlet = new MemoryOutlet();
    outlet.down(true); // All stays in the spool.
    Organisation organisation = Organisation.in(directory);
    ClaudeCodeHooks hooks = new ClaudeCodeHooks(organisation.observer());
    CloudTrailSource trail = new CloudTrailSource(organisation.observer());
    try (HttpClient client = HttpClient.newHttpClient();
        Collector collector =
            Collector.start(
                CollectorConfig.of(
                    directory.resolve("data"),
                    outlet,
                    0,
                    organisation.routes(
                        Map.of(
                            Routes.CLAUDE_CODE, (body, _) -> HookReply.proceed(hooks.events(body))),
                        java.util.List.of(trail),
                        events -> {}),
                    organisation.observer(),
                    organisation::key,
                    organisation.roots()))) {
      String base = "http://127.0.0.1:" + collector.httpPort();
      int number = 0;
      for (String hook : hooks()) {
        String body = number++ % 10 == 9 ? hook.substring(0, hook.length() - 1) : hook;
        int expected = body.length() == hook.length() ? 200 : 400;
        assertThat(post(client, base + Routes.CLAUDE_CODE, body)).isEqualTo(expected);
      }
      String token = TokenFile.importToken(directory.resolve("data/import.token"));
      assertThat(post(client, base + trail.shape().route(), trailRecord(), token)).isEqualTo(200);
      findsNone();
    } finally {
      ((Logger) LoggerFactory.getLogger("dev.custody")).detachAppender(log);
      log.stop();
    }
    findsNone();
  }

  private static int post(HttpClient client, String uri, String body) throws Exception {
    return post(client, uri, body, "none");
  }

  private static int post(HttpClient client, String uri, String body, String token)
      throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(uri))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    return response.statusCode();
  }

  /** Each form of each kind, in texts that chance chooses, some to a hook. */
  private List<String> hooks() {
    List<String> hooks = new ArrayList<>();
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    for (Sample sample : new Sampler(random).all(SecretPatterns.builtIn())) {
      List<Carrier> carriers =
          Carriers.all().stream().filter(carrier -> carrier.carries(sample)).toList();
      Carrier carrier = carriers.get(random.nextInt(carriers.size()));
      sent.add(sample);
      response.put("out" + response.size(), carrier.text(sample));
      if (response.size() == CONTEXTS_PER_HOOK) {
        hooks.add(hook(hooks.size(), response));
        response = JsonNodeFactory.instance.objectNode();
      }
    }
    hooks.add(hook(hooks.size(), response));
    return hooks;
  }

  private static String hook(int number, ObjectNode response) {
    ObjectNode hook = JsonNodeFactory.instance.objectNode();
    hook.put("session_id", "hunt").put("hook_event_name", "PostToolUse").put("cwd", "/tmp/none");
    hook.put("tool_name", "Bash").put("tool_use_id", "toolu_" + number);
    hook.putObject("tool_input").put("command", "echo " + KNOWN);
    hook.set("tool_response", response);
    return hook.toString();
  }

  private String trailRecord() {
    Sample sample = new Sampler(random).all(SecretPatterns.builtIn()).getFirst();
    sent.add(sample);
    return "{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-01-01T00:00:00Z\",\"eventID\":\"e\","
        + "\"eventName\":\"PutParameter\",\"eventSource\":\"ssm.amazonaws.com\",\"awsRegion\":\"x\","
        + "\"userIdentity\":{\"type\":\"Root\"},\"requestParameters\":{\""
        + sample.nameOr("value")
        + "\":"
        + Carrier.quoted(sample.value())
        + "}}";
  }

  private void findsNone() throws Exception {
    Map<String, String> forms = new HashMap<>();
    for (Sample sample : sent) {
      for (String form : forms(sample.secret())) {
        forms.put(form, sample.kind().id());
      }
    }
    List<String> leaks = new ArrayList<>();
    boolean known = false;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = new String(Files.readAllBytes(file), ISO_8859_1);
        known |= bytes.contains(KNOWN);
        forms.forEach((form, kind) -> {
          if (bytes.contains(form)) {
            leaks.add(kind + " in " + directory.relativize(file));
          }
        });
      }
    }
    assertThat(leaks).as("seed %d, %d secrets", seed, sent.size()).isEmpty();
    assertThat(known).as("the hunt itself").isTrue();
  }

  /** As it is, as JSON and URLs write it, and as each of the three places in base64 has it. */
  private static List<String> forms(String secret) {
    List<String> forms = new ArrayList<>();
    String line = secret.lines().skip(secret.lines().count() / 2).findFirst().orElseThrow();
    forms.add(line);
    forms.add(Carrier.encoded(line));
    for (int offset = 0; offset < 3; offset++) {
      String moved = "x".repeat(offset) + line;
      String base64 = Base64.getEncoder().encodeToString(moved.getBytes(UTF_8));
      forms.add(base64.substring(4, moved.length() / 3 * 4));
    }
    return forms;
  }

  private static FileAppender<ILoggingEvent> logTo(Path file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    PatternLayoutEncoder layout = new PatternLayoutEncoder();
    layout.setContext(context);
    layout.setPattern("%level %logger %msg%n%ex");
    layout.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(layout);
    appender.start();
    Logger custody = context.getLogger("dev.custody");
    custody.setLevel(Level.DEBUG);
    custody.addAppender(appender);
    return appender;
  }
}
