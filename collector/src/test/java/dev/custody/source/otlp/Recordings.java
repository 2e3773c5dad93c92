package dev.custody.source.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What real agents sent: of JSON a request a line, with its path; of protobuf a request a file. */
final class Recordings {
  static final List<String> JSON_RUNS =
      List.of(
          "claude-code-incident",
          "claude-code-full",
          "claude-code-http-deny",
          "claude-code-defaults",
          "claude-code-2.1.197",
          "claude-code-rare-events",
          "claude-code-api-error",
          "claude-code-permission-request",
          "codex",
          "gemini-cli",
          "opencode");

  static final List<Request> PROTOBUF =
      List.of(
          protobuf("claude-code-protobuf-001-metrics", Signal.METRICS),
          protobuf("claude-code-protobuf-002-logs", Signal.LOGS),
          protobuf("claude-code-protobuf-003-traces", Signal.TRACES),
          protobuf("claude-code-protobuf-004-traces", Signal.TRACES),
          protobuf("claude-code-protobuf-005-logs", Signal.LOGS),
          protobuf("claude-code-protobuf-006-metrics", Signal.METRICS),
          protobuf("codex-protobuf-002-traces", Signal.TRACES),
          protobuf("codex-protobuf-004-logs", Signal.LOGS));

  private static final ObjectMapper JSON = new ObjectMapper();

  private Recordings() {}

  /** One request. */
  static final class Request {
    private final String name;
    private final Signal signal;
    private final Encoding encoding;
    private final byte[] body;

    Request(String name, Signal signal, Encoding encoding, byte[] body) {
      this.name = name;
      this.signal = signal;
      this.encoding = encoding;
      this.body = body;
    }

    String name() {
      return name;
    }

    Signal signal() {
      return signal;
    }

    Encoding encoding() {
      return encoding;
    }

    byte[] body() {
      return body;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Request> of(String run) {
    return new String(read(run + ".jsonl.gz"), UTF_8)
        .lines()
        .map(line -> request(run, line))
        .toList();
  }

  private static Request request(String run, String line) {
    try {
      JsonNode sent = JSON.readTree(line);
      String path = sent.path("path").asText();
      for (Signal signal : Signal.values()) {
        if (signal.path().equals(path)) {
          return new Request(run, signal, Encoding.JSON, JSON.writeValueAsBytes(sent.path("body")));
        }
      }
      throw new IllegalStateException("no signal is sent to " + path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Request protobuf(String name, Signal signal) {
    return new Request(name, signal, Encoding.PROTOBUF, read(name + ".bin.gz"));
  }

  private static byte[] read(String name) {
    try (InputStream in = Recordings.class.getResourceAsStream("/otlp/" + name);
        InputStream plain = new GZIPInputStream(Objects.requireNonNull(in, name))) {
      return plain.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
