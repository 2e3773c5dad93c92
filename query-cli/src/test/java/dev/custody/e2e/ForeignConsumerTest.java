package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.alert.FindingSchema;
import dev.custody.detect.ShippedRules;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A consumer that knows nothing of Custody reads its alerts. */
class ForeignConsumerTest {
  private static final Path KCAT = Path.of("/usr/bin/kcat");
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{32})\\|([^|]*)\\|(\\{.*})");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  @Timeout(180)
  void kcatReadsKeyHeadersAndBodyOfEveryFinding() throws Exception {
    assumeTrue(Files.isExecutable(KCAT), "skipped: kcat is missing; apt install kcat");
    try (AllInOne all =
            AllInOne.start(
                AllInOne.Config.onAnyPort(
                    directory.resolve("data"), 2, "local", ShippedRules.load()),
                CustodyProcess.wrappingKey(directory));
        CollectorClient collector = new CollectorClient(all.http())) {
      collector.hook(JSON.writeValueAsBytes(settingsChanged()));
      assertThat(all.awaitIndexed(Duration.ofMinutes(1))).isTrue();
      List<String> lines = kcat(all.kafka());
      assertThat(lines).isNotEmpty();
      for (String line : lines) {
        Matcher parts = LINE.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        JsonNode finding = FindingSchema.checked(parts.group(3).getBytes(StandardCharsets.UTF_8));
        assertThat(parts.group(1)).isEqualTo(finding.at("/finding_info/uid").asText());
        assertThat(parts.group(2))
            .isEqualTo(
                "rule=%s,severity=%s,class_uid=2004"
                    .formatted(
                        finding.at("/finding_info/analytic/uid").asText(),
                        finding.path("severity").asText()));
      }
      assertThat(lines).anyMatch(line -> line.contains("An agent's settings changed"));
    }
  }

  private static ObjectNode settingsChanged() {
    return JSON.createObjectNode()
        .put("session_id", "0f3d1b7c-8a55-4c1e-b6a0-5d2e9c7f4a11")
        .put("transcript_path", "/home/dana/t.jsonl")
        .put("cwd", "/home/dana")
        .put("hook_event_name", "ConfigChange")
        .put("source", "user_settings")
        .put("file_path", "/home/dana/.claude/settings.json");
  }

  private List<String> kcat(String kafka) throws IOException, InterruptedException {
    Path output = directory.resolve("kcat.txt");
    Process process =
        new ProcessBuilder(
                KCAT.toString(),
                "-C",
                "-e",
                "-q",
                "-b",
                kafka,
                "-t",
                Topic.ALERTS.topicName(),
                "-f",
                "%k|%h|%s\\n")
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return Files.readAllLines(output);
  }
}
