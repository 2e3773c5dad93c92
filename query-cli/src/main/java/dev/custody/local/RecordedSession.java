package dev.custody.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a real agent sent, request by request, with the time of each. It is delivered again at its
 * own pace and with its own bodies, but for the working directory: the recorded one is not on this
 * machine.
 */
public final class RecordedSession {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Request> requests;
  private final String recordedDirectory;

  private record Request(Instant at, String kind, JsonNode body) {
    boolean isHook() {
      return kind.endsWith("-hook");
    }
  }

  /** Told of a commit that a tool call reports, before the report is delivered. */
  @FunctionalInterface
  public interface OnCommit {
    /** The short id that the tool reported. */
    void reported(String id) throws IOException;
  }

  private RecordedSession(List<Request> requests, String recordedDirectory) {
    this.requests = requests;
    this.recordedDirectory = recordedDirectory;
  }

  /**
   * Reads a recording: a line of JSON a request, with {@code at}, {@code kind} and {@code body}.
   */
  public static RecordedSession read(InputStream recording) throws IOException {
    List<Request> requests = new ArrayList<>();
    for (String line :
        new String(recording.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isBlank()) {
        JsonNode request = JSON.readTree(line);
        requests.add(
            new Request(
                Instant.parse(request.path("at").asText()),
                request.path("kind").asText(),
                request.path("body")));
      }
    }
    String directory =
        requests.stream()
            .map(r -> r.body().path("cwd").asText(""))
            .filter(cwd -> !cwd.isEmpty())
            .findFirst()
            .orElseThrow(() -> new IOException("the recording names no working directory"));
    return new RecordedSession(requests, directory);
  }

  /** When the first request was sent. */
  public Instant start() {
    return requests.getFirst().at();
  }

  /** From the first request to the last. */
  public Duration length() {
    return Duration.between(start(), requests.getLast().at());
  }

  /** How many of the requests are hooks, the kind that the collector takes. */
  public long hooks() {
    return requests.stream().filter(Request::isHook).count();
  }

  /** How many requests there are. */
  public int size() {
    return requests.size();
  }

  /** The working directory as it was recorded. */
  public String recordedDirectory() {
    return recordedDirectory;
  }

  /** The first prompt's id and the session's id, as recorded. */
  public Optional<String> prompt() {
    return requests.stream()
        .map(r -> r.body().path("prompt_id").asText(""))
        .filter(p -> !p.isEmpty())
        .findFirst();
  }

  /**
   * Delivers the hooks at the pace at which they were recorded, and answers by how much later each
   * was sent than then: whole seconds, so that times told in whole seconds shift exactly.
   */
  public Duration replay(CollectorClient collector, Path workingDirectory, OnCommit onCommit)
      throws IOException, InterruptedException {
    Instant begin = sameFractionOfASecond(Instant.now());
    Duration shift = Duration.between(start(), begin);
    for (Request request : requests) {
      sleepUntil(request.at().plus(shift));
      if (request.isHook()) {
        JsonNode commit = request.body().at("/tool_response/gitOperation/commit/sha");
        if (commit.isTextual()) {
          onCommit.reported(commit.textValue());
        }
        collector.hook(relocated(request.body(), workingDirectory));
      }
    }
    return shift;
  }

  private Instant sameFractionOfASecond(Instant now) {
    Instant candidate =
        now.with(ChronoField.NANO_OF_SECOND, start().get(ChronoField.NANO_OF_SECOND));
    return candidate.isBefore(now) ? candidate.plusSeconds(1) : candidate;
  }

  private static void sleepUntil(Instant moment) throws InterruptedException {
    long nanos = Duration.between(Instant.now(), moment).toNanos();
    if (nanos > 0) {
      TimeUnit.NANOSECONDS.sleep(nanos);
    }
  }

  private static byte[] relocated(JsonNode body, Path workingDirectory) throws IOException {
    ObjectNode copy = body.deepCopy();
    if (copy.has("cwd")) {
      copy.put("cwd", workingDirectory.toString());
    }
    return JSON.writeValueAsBytes(copy);
  }
}
