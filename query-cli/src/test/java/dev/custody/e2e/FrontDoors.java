package dev.custody.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenFile;
import dev.custody.http.Routes;
import dev.custody.local.CollectorClient;
import dev.custody.redact.SecretCorpus;
import dev.custody.source.agent.Recordings;
import dev.custody.source.github.GitHubSource;
import dev.custody.source.kubernetes.KubernetesSource;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Texts with secrets in them, on every way into a collector. */
final class FrontDoors {
  private static final String CLAUDE_CODE = "huntedThroughClaudeCode";
  private static final String CODEX = "huntedThroughCodex";
  private static final String GEMINI = "huntedThroughGemini";
  private static final String OPENCODE = "huntedThroughOpencode";
  private static final String TELEMETRY_JSON = "huntedThroughTelemetryInJson";
  private static final String TELEMETRY_PROTOBUF = "huntedThroughTelemetryInProtobuf";
  private static final String TRAIL = "huntedThroughTrail";
  private static final String GITHUB = "huntedThroughGitHub";
  private static final String KUBERNETES = "huntedThroughKubernetes";
  private static final String TOOL_SERVER = "huntedThroughToolServer";
  private static final String GIT = "huntedThroughGit";

  /** Public words, each recorded with what came through one door. */
  static final List<String> MARKS =
      List.of(
          CLAUDE_CODE,
          CODEX,
          GEMINI,
          OPENCODE,
          TELEMETRY_JSON,
          TELEMETRY_PROTOBUF,
          TRAIL,
          GITHUB,
          KUBERNETES,
          TOOL_SERVER,
          GIT);

  /** Those of them that an answer shows; the others are in the records that are kept. */
  static final List<String> ANSWERED = List.of(CLAUDE_CODE, CODEX, GEMINI, TRAIL, KUBERNETES, GIT);

  /** What people and programs wrote stands in these; the others name and count. */
  private static final Set<String> TEXTS =
      Set.of(
          "prompt",
          "prompt_response",
          "command",
          "tool_response",
          "llmContent",
          "returnDisplay",
          "text",
          "output",
          "stdout",
          "last_assistant_message",
          "last-assistant-message");

  private static final int TELEMETRY = 60;
  private static final int RECORDS = 60;
  private static final int CALLS = 40;
  private static final int COMMITS = 16;
  private static final String LINES = "application/x-ndjson";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One request. */
  interface Delivery {
    void to(String http) throws IOException, InterruptedException;
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<SecretCorpus.Entry> corpus;
  private final List<SecretCorpus.Entry> used = new ArrayList<>();
  private final Random random;
  private final Path work;
  private final Path importTokens;
  private int next;

  /** Those of {@code corpus}; inputs and repositories, which hold secrets, lie in {@code work}. */
  FrontDoors(List<SecretCorpus.Entry> corpus, Random random, Path work, Path importTokens) {
    this.importTokens = importTokens;
    this.corpus = new ArrayList<>(corpus);
    Collections.shuffle(this.corpus, random);
    this.random = random;
    this.work = work;
  }

  /** How often a secret stood in a text. */
  int planted() {
    return used.size();
  }

  /** Which. */
  List<SecretCorpus.Entry> used() {
    return used;
  }

  private String text(String mark) {
    SecretCorpus.Entry entry = corpus.get(next++ % corpus.size());
    used.add(entry);
    return mark + "\n" + entry.text();
  }

  /** All that comes over HTTP, in an order that chance chooses. */
  List<Delivery> deliveries() throws IOException {
    List<Delivery> all = new ArrayList<>();
    all.addAll(recorded(Routes.CODEX, "codex/0.169.0-full", CODEX));
    all.addAll(recorded(Routes.GEMINI_CLI, "gemini-cli/0.61.0-full", GEMINI));
    all.addAll(recorded(Routes.OPENCODE, "opencode/1.18.33-full", OPENCODE));
    all.addAll(recorded(Routes.CLAUDE_CODE, "claude-code/full", CLAUDE_CODE));
    for (int i = 0; i < TELEMETRY; i++) {
      ExportLogsServiceRequest request = telemetry(i, i % 2 == 0);
      all.add(
          i % 2 == 0
              ? http -> post(http, "/v1/logs", "application/x-protobuf", request.toByteArray())
              : http -> post(http, "/v1/logs", "application/json", json(request).getBytes(UTF_8)));
    }
    for (int i = 0; i < RECORDS; i++) {
      byte[] gitHub = gitHub(i);
      byte[] kubernetes = kubernetes(i);
      all.add(http -> post(http, GitHubSource.SHAPE.route(), LINES, gitHub));
      all.add(http -> post(http, KubernetesSource.SHAPE.route(), LINES, kubernetes));
    }
    while (next < corpus.size()) {
      byte[] hook = claudeCode(next);
      all.add(http -> post(http, Routes.CLAUDE_CODE, "application/json", hook));
    }
    Collections.shuffle(all, random);
    return all;
  }

  private void post(String http, String route, String type, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(http + route))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (type.equals(LINES)) {
      request.header("Authorization", "Bearer " + TokenFile.importToken(importTokens));
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new AssertionError(route + ": " + response.statusCode() + " " + response.body());
    }
  }

  /** What a real agent sent, with more in its texts. */
  private List<Delivery> recorded(String route, String recording, String mark) throws IOException {
    List<Delivery> all = new ArrayList<>();
    for (byte[] body : Recordings.bodies(recording)) {
      JsonNode hook = JSON.readTree(body);
      plant(hook, mark);
      byte[] planted = JSON.writeValueAsBytes(hook);
      all.add(http -> post(http, route, "application/json", planted));
    }
    return all;
  }

  private void plant(JsonNode node, String mark) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (field.getValue().isTextual() && TEXTS.contains(field.getKey())) {
          field.setValue(
              JSON.getNodeFactory().textNode(field.getValue().asText() + "\n" + text(mark)));
        } else {
          plant(field.getValue(), mark);
        }
      }
    } else if (node instanceof ArrayNode) {
      node.forEach(child -> plant(child, mark));
    }
  }

  private byte[] claudeCode(int number) throws IOException {
    ObjectNode hook = JSON.createObjectNode().put("session_id", "hunt").put("cwd", work + "");
    String call = "toolu_hunt_" + number;
    switch (number % 4) {
      case 0 -> hook.put("hook_event_name", "UserPromptSubmit").put("prompt", text(CLAUDE_CODE));
      case 1 -> {
        hook.put("hook_event_name", "PreToolUse").put("tool_name", "Bash").put("tool_use_id", call);
        hook.putObject("tool_input").put("command", text(CLAUDE_CODE));
      }
      default -> {
        hook.put("hook_event_name", "PostToolUse").put("tool_name", "Bash");
        hook.put("tool_use_id", call).putObject("tool_input").put("command", "make");
        ObjectNode response = hook.putObject("tool_response");
        response.put("stdout", text(CLAUDE_CODE)).put("stderr", text(CLAUDE_CODE));
        response.put(text(CLAUDE_CODE), true); // A key may be one, too.
      }
    }
    return JSON.writeValueAsBytes(hook);
  }

  private ExportLogsServiceRequest telemetry(int number, boolean protobuf) {
    String mark = protobuf ? TELEMETRY_PROTOBUF : TELEMETRY_JSON;
    LogRecord.Builder record =
        LogRecord.newBuilder()
            .setTimeUnixNano(Instant.now().getEpochSecond() * 1_000_000_000L + number)
            .setBody(AnyValue.newBuilder().setStringValue(text(mark)))
            .addAttributes(attribute("session.id", "hunt-telemetry"))
            .addAttributes(attribute("prompt.id", "hunt-telemetry-prompt-" + number));
    switch (number % 3) {
      case 0 ->
          record
              .addAttributes(attribute("event.name", "user_prompt"))
              .addAttributes(attribute("prompt", text(mark)));
      case 1 ->
          record
              .addAttributes(attribute("event.name", "tool_result"))
              .addAttributes(attribute("tool_name", "Bash"))
              .addAttributes(attribute("tool_use_id", "toolu_telemetry_" + number))
              .addAttributes(attribute("tool_input", "{\"command\":\"make\"}"))
              .addAttributes(attribute("error", text(mark)));
      default ->
          record
              .addAttributes(attribute("event.name", "of_tomorrow"))
              .addAttributes(attribute("note", text(mark)));
    }
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    var logs = request.addResourceLogsBuilder();
    logs.getResourceBuilder().addAttributes(attribute("service.name", "claude-code"));
    logs.addScopeLogsBuilder().addLogRecords(record);
    return request.build();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static String json(ExportLogsServiceRequest request) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode logs = root.putArray("resourceLogs").addObject();
    var resource = request.getResourceLogs(0);
    attributes(logs.putObject("resource"), resource.getResource().getAttributesList());
    ObjectNode record = logs.putArray("scopeLogs").addObject().putArray("logRecords").addObject();
    LogRecord sent = resource.getScopeLogs(0).getLogRecords(0);
    record.put("timeUnixNano", Long.toString(sent.getTimeUnixNano()));
    record.putObject("body").put("stringValue", sent.getBody().getStringValue());
    attributes(record, sent.getAttributesList());
    return root.toString();
  }

  private static void attributes(ObjectNode of, List<KeyValue> attributes) {
    ArrayNode all = of.putArray("attributes");
    for (KeyValue attribute : attributes) {
      all.addObject()
          .put("key", attribute.getKey())
          .putObject("value")
          .put("stringValue", attribute.getValue().getStringValue());
    }
  }

  private byte[] gitHub(int number) throws IOException {
    ObjectNode record = JSON.createObjectNode();
    record.put("@timestamp", Instant.now().toEpochMilli()).put("_document_id", "hunt-" + number);
    record.put("action", "repo.update").put("actor", "dana").put("org", "acme");
    record.put("repo", "acme/api").put("user_agent", text(GITHUB));
    record.putObject("changes").put("description", text(GITHUB));
    return JSON.writeValueAsBytes(record);
  }

  private byte[] kubernetes(int number) throws IOException {
    ObjectNode record = JSON.createObjectNode();
    record.put("kind", "Event").put("apiVersion", "audit.k8s.io/v1");
    record.put("level", "RequestResponse").put("auditID", "hunt-" + number);
    record.put("stage", "ResponseComplete").put("verb", "create");
    record.put("requestURI", "/api/v1/namespaces/build/configmaps");
    record.putObject("user").put("username", "dana");
    record.put("userAgent", "kubectl/v1.34.1 " + KUBERNETES);
    record
        .putObject("objectRef")
        .put("resource", "configmaps")
        .put("namespace", "build")
        .put("name", "hunt");
    record.putObject("requestObject").putObject("data").put("settings", text(KUBERNETES));
    record.putObject("annotations").put("note", text(KUBERNETES));
    record.put("requestReceivedTimestamp", Instant.now().toString());
    record.put("stageTimestamp", Instant.now().toString());
    return JSON.writeValueAsBytes(record);
  }

  /** Commits whose messages hold secrets, where a session works. */
  void commits(CollectorClient collector) throws IOException, InterruptedException {
    GitRepository repository = GitRepository.make(work.resolve("api"), "dana@example.test");
    AgentSession agent = new AgentSession(List.of(collector), repository.directory(), "hunt-git");
    agent.starts();
    for (int i = 0; i < COMMITS; i++) {
      var _ = repository.commit("file-" + i, text(GIT));
    }
    agent.prompted("hunt-git-prompt", "look around");
    agent.ends();
  }

  /** Has {@code custody import} read a file of CloudTrail. */
  void importTrail(Path outputs, Path data) throws IOException, InterruptedException {
    Trail trail = new Trail();
    for (int i = 0; i < RECORDS; i++) {
      ObjectNode record =
          trail.call("hunt-" + i, Instant.now(), "ssm:PutParameter", TRAIL, Story.NOBODYS_KEY, "x");
      record.putObject("requestParameters").put("name", "x").put("description", text(TRAIL));
      record.put("errorCode", "Denied").put("errorMessage", text(TRAIL));
    }
    Path file = trail.writeTo(work.resolve("trail.json"));
    try (CustodyProcess importing =
        CustodyProcess.start(
            outputs, "import", "import", "cloudtrail", file + "", "--data", data + "")) {
      if (importing.exitCode(Duration.ofMinutes(1)) != 0) {
        throw new AssertionError(importing.out() + importing.err());
      }
    }
  }

  /** Wraps a server of tools that is asked and answers; its complaints go to {@code outputs}. */
  void toolServer(String http, Path outputs) throws IOException, InterruptedException {
    StringBuilder requests = new StringBuilder();
    StringBuilder answers = new StringBuilder();
    for (int i = 0; i < CALLS; i++) {
      ObjectNode request = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", i);
      ObjectNode call = request.put("method", "tools/call").putObject("params");
      call.put("name", "read").putObject("arguments").put("text", text(TOOL_SERVER));
      ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", i);
      answer
          .putObject("result")
          .putArray("content")
          .addObject()
          .put("type", "text")
          .put("text", text(TOOL_SERVER));
      requests.append(request).append('\n');
      answers.append(answer).append('\n');
    }
    Path asked = Files.writeString(work.resolve("requests.jsonl"), requests);
    Path answered = Files.writeString(work.resolve("answers.jsonl"), answers);
    String server =
        "while IFS= read -r asked; do IFS= read -r answer <&3; printf '%s\\n' \"$answer\"; done 3<"
            + answered;
    Process wrapper =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.custody.cli.McpMain",
                "mcp",
                "--collector",
                http,
                "--session",
                "hunt-tools",
                "--server",
                "files",
                "--",
                "sh",
                "-c",
                server)
            .redirectInput(asked.toFile())
            .redirectOutput(work.resolve("passed.jsonl").toFile())
            .redirectError(outputs.resolve("mcp.err").toFile())
            .start();
    if (!wrapper.waitFor(60, TimeUnit.SECONDS) || wrapper.exitValue() != 0) {
      throw new AssertionError(Files.readString(outputs.resolve("mcp.err")));
    }
    if (Files.readString(work.resolve("passed.jsonl")).lines().count() != CALLS) {
      throw new AssertionError("the server's answers did not pass");
    }
  }
}
