package dev.custody.hook;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code [otel]} at the end of Codex's {@code config.toml}. Codex writes into that file
 * itself, behind and into what is ours: so each line of ours is taken away by itself, and what the
 * file says besides must come out the same.
 */
final class CodexTelemetry implements FileEdit {
  private static final TomlMapper TOML = new TomlMapper();
  private static final String OTEL = "otel";
  private static final String HEADER = "[otel]";
  private static final String MARK =
      "# Telemetry to Custody's collector on this machine; `custody hook uninstall codex` removes it.";

  private final Path file;
  private final HookOptions options;

  CodexTelemetry(Path file, HookOptions options) {
    this.file = file;
    this.options = options;
  }

  @Override
  public Path file() {
    return file;
  }

  private static List<String> lines(int port) {
    String exporter =
        "%s = { otlp-http = { endpoint = \"http://127.0.0.1:%d/v1/%s\", protocol = \"json\" } }";
    return List.of(
        MARK,
        HEADER,
        "log_user_prompt = true",
        exporter.formatted("exporter", port, "logs"),
        exporter.formatted("trace_exporter", port, "traces"));
  }

  @Override
  public @Nullable String install(@Nullable String before, List<String> notes)
      throws HookException {
    String text = before == null ? "" : before;
    String rest = port(before).isPresent() ? uninstall(text, null) : text;
    if (!options.telemetry()) {
      return before == null ? null : rest;
    }
    JsonNode tree = read(rest);
    if (tree.has(OTEL)) {
      notes.add(file + ": telemetry is left as it is: [otel] is set otherwise");
      return before;
    }
    if (port(before).equals(OptionalInt.of(options.port())) && missing(before).isEmpty()) {
      return before;
    }
    String newline = rest.contains("\r\n") ? "\r\n" : "\n";
    StringBuilder after = new StringBuilder(rest);
    if (!rest.isEmpty()) {
      after.append(rest.endsWith("\n") ? "" : newline).append(newline);
    }
    lines(options.port()).forEach(line -> after.append(line).append(newline));
    check(tree, after.toString());
    return after.toString();
  }

  @Override
  public String uninstall(String before, @Nullable String original) throws HookException {
    OptionalInt port = port(before);
    if (port.isEmpty()) {
      return before;
    }
    JsonNode tree = read(before);
    List<String> ours = new ArrayList<>(lines(port.getAsInt()));
    ObjectNode otel = tree.path(OTEL).deepCopy();
    otel.remove(List.of("log_user_prompt", "exporter", "trace_exporter"));
    if (!otel.isEmpty()) {
      ours.remove(HEADER); // The user has added to our table: it stays.
    }
    // Ours begins at its mark: what looks like it before that is another's, or in a text.
    int begin = Math.max(before.lastIndexOf(MARK), 0);
    StringBuilder after = new StringBuilder(before.substring(0, begin));
    for (String line : before.substring(begin).splitWithDelimiters("(?<=\n)", 0)) {
      if (!ours.remove(line.strip())) {
        after.append(line);
      } else if (line.strip().equals(MARK)) {
        dropBlankLine(after);
      }
    }
    ObjectNode expected = tree.deepCopy();
    expected.remove(OTEL);
    if (!otel.isEmpty()) {
      expected.set(OTEL, otel);
    }
    if (!read(after.toString()).equals(expected)) {
      throw new HookException(
          file + ": [otel] was changed since it was written",
          "take it out by hand; the file was not touched");
    }
    return after.toString();
  }

  private static void dropBlankLine(StringBuilder text) {
    int end = text.length();
    if (end >= 4 && text.substring(end - 4).equals("\r\n\r\n")) {
      text.setLength(end - 2);
    } else if (end >= 2 && text.substring(end - 2).equals("\n\n")) {
      text.setLength(end - 1);
    }
  }

  private void check(JsonNode before, String after) throws HookException {
    ObjectNode tree = read(after).deepCopy();
    tree.remove(OTEL);
    if (!tree.equals(before)) {
      throw new HookException(
          file + ": a table cannot be added at its end",
          "add [otel] by hand as docs/capture.md shows; it was not touched");
    }
  }

  /** The port that our table names; empty without our table. */
  OptionalInt port(@Nullable String text) throws HookException {
    return text == null
        ? OptionalInt.empty()
        : Forwarder.portOfUrl(
            read(text).path(OTEL).path("exporter").path("otlp-http").path("endpoint").asText(),
            "/v1/logs");
  }

  /** What of ours {@code text} lacks. */
  List<String> missing(@Nullable String text) throws HookException {
    JsonNode wanted = read(String.join("\n", lines(options.port()))).path(OTEL);
    JsonNode found = text == null ? wanted.path("none") : read(text).path(OTEL);
    List<String> missing = new ArrayList<>();
    wanted
        .properties()
        .forEach(member -> {
          if (!found.path(member.getKey()).equals(member.getValue())) {
            missing.add(OTEL + "." + member.getKey());
          }
        });
    return missing;
  }

  private JsonNode read(String text) throws HookException {
    try {
      JsonNode tree = TOML.readTree(text);
      return tree.isMissingNode() ? JsonNodeFactory.instance.objectNode() : tree;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new HookException(
          "%s: expected TOML, found something else at line %d, column %d"
              .formatted(file, at == null ? 0 : at.getLineNr(), at == null ? 0 : at.getColumnNr()),
          "mend it; it was not touched");
    }
  }
}
