package dev.custody.source.claudecode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Recorded sessions of the real agent: each line is what one hook posted. */
final class Recorded {
  static final List<String> RUNS =
      List.of(
          "incident",
          "full",
          "rare-events",
          "http-deny",
          "permission-request",
          "api-error",
          "2.1.197-full");

  private Recorded() {}

  static List<byte[]> bodies(String run) {
    String resource = "/claude-code/" + run + ".jsonl";
    try (InputStream in = Recorded.class.getResourceAsStream(resource)) {
      String text = new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8);
      return text.lines().map(line -> line.getBytes(UTF_8)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
