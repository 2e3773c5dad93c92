package dev.custody.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of a sequence.
 *
 * @param source who tells: an agent, a log of a provider, {@code mcp}, {@code otlp}, {@code git} or
 *     {@code custody}
 * @param at when the collector hears it, after the sequence began
 * @param record what it is told, as the source sends it
 */
record Step(String source, Duration at, JsonNode record) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The lines of {@code file}; empty lines and those that begin with # are passed over. What
   * happens several {@code times}, {@code every} so many seconds, has its number in place of
   * {@code @n@}.
   */
  static List<Step> read(Path file) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        JsonNode step = JSON.readTree(line);
        for (int i = 0; i < step.path("times").asInt(1); i++) {
          double at = step.required("at").asDouble() + i * step.path("every").asDouble();
          String record = step.required("record").toString().replace("@n@", "%06d".formatted(i));
          steps.add(
              new Step(
                  step.required("source").asText(),
                  Duration.ofMillis(Math.round(at * 1000)),
                  JSON.readTree(record)));
        }
      }
    }
    return steps;
  }
}
