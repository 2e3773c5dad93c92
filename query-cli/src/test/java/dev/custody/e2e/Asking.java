package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Asks a data directory what a user would ask, with the real command line. */
record Asking(Path data) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs {@code custody words --data DATA}. */
  CommandRun.Result run(String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.add("--data");
    all.add(data.toString());
    return CommandRun.run(all.toArray(String[]::new));
  }

  /** The answer for people; there has to be one. */
  String text(String... words) {
    CommandRun.Result result = run(words);
    assertThat(result.code()).as("%s: %s", List.of(words), result).isZero();
    return result.out();
  }

  /** The answers for programs; none when nothing is found. */
  List<JsonNode> json(String... words) throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.add("--json");
    CommandRun.Result result = run(all.toArray(String[]::new));
    assertThat(result.code()).as("%s: %s", all, result).isIn(0, 1);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : result.out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  /** The only answer. */
  JsonNode one(String... words) throws IOException {
    List<JsonNode> answers = json(words);
    assertThat(answers).as(String.join(" ", words)).hasSize(1);
    return answers.getFirst();
  }
}
