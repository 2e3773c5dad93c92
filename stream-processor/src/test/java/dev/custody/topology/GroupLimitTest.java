package dev.custody.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.detect.DetectFormats;
import dev.custody.detect.GroupMember;
import dev.custody.detect.GroupMessage;
import dev.custody.detect.GroupProcessor;
import dev.custody.detect.Groups;
import dev.custody.detect.MatchMessage;
import dev.custody.event.EventId;
import dev.custody.sigma.RuleSet;
import dev.custody.window.GroupKey;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a correlation has a limit, and reaching it is told. */
class GroupLimitTest {
  private static final int MOST_GROUPS = 3;
  private static final Instant START = Instant.parse("2026-11-22T07:00:00Z");

  private static final RuleSet RULES =
      RuleSet.of(
          Map.of(
              "rules.yml",
              """
              title: A call
              name: call
              logsource: {product: p}
              detection: {s: {x: 1}, condition: s}
              ---
              title: Two calls
              id: two-calls
              level: low
              correlation: {type: event_count, rules: call, group-by: g, timespan: 10s, condition: {gte: 2}}
              ---
              title: Other two calls
              id: other-two-calls
              level: low
              correlation: {type: event_count, rules: call, group-by: h, timespan: 10s, condition: {gte: 2}}
              ---
              title: A limit
              id: a-limit
              level: low
              logsource: {product: custody, category: rule_health}
              detection: {s: {limit: [MEMBERS, GROUPS]}, condition: s}
              """
                  .getBytes(UTF_8)));

  @TempDir Path directory;
  private TopologyTestDriver driver;
  private TestInputTopic<String, GroupMessage> in;
  private TestOutputTopic<String, MatchMessage> out;
  private Instant now = START;

  @BeforeEach
  void start() {
    Topology topology = new Topology();
    topology
        .addSource(
            "in",
            Serdes.String().deserializer(),
            RecordSerde.of(DetectFormats.GROUP_MESSAGE).deserializer(),
            "in")
        .addProcessor("groups", () -> new GroupProcessor(new Groups(RULES), MOST_GROUPS), "in")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(GroupProcessor.STORE),
                Serdes.Bytes(),
                Serdes.ByteArray()),
            "groups")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(GroupProcessor.DEADLINES),
                Serdes.Bytes(),
                Serdes.String()),
            "groups")
        .addSink(
            "out",
            "out",
            Serdes.String().serializer(),
            RecordSerde.of(DetectFormats.MATCH_MESSAGE).serializer(),
            "groups");
    Properties settings = new Properties();
    settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    driver = new TopologyTestDriver(topology, settings);
    in =
        driver.createInputTopic(
            "in",
            Serdes.String().serializer(),
            RecordSerde.of(DetectFormats.GROUP_MESSAGE).serializer());
    out =
        driver.createOutputTopic(
            "out",
            Serdes.String().deserializer(),
            RecordSerde.of(DetectFormats.MATCH_MESSAGE).deserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private void count(String correlation, long group) {
    long digest = ByteBuffer.wrap(RULES.digest(correlation)).getLong();
    now = now.plusMillis(1);
    in.pipeInput(
        HexFormat.of().formatHex(new GroupKey(digest, group, 0).bytes()),
        new GroupMessage(EventId.fresh(), now, now, List.of(new GroupMember(0, 0, null)), false),
        now);
  }

  /** The correlations of which matches were told since it was last asked. */
  private List<String> matches() {
    List<String> matches = new ArrayList<>();
    for (MatchMessage message : out.readValuesToList()) {
      if (message.raised() != null) {
        matches.add(message.raised().correlation());
      } else {
        matches.add(Objects.requireNonNull(message.shown()).rule());
      }
    }
    return matches;
  }

  @Test
  void aCorrelationThatHasAllItsGroupsTakesNoOtherTellsItOnceADayAndCountsInThoseThatItHas() {
    for (int group = 0; group < MOST_GROUPS; group++) {
      count("two-calls", group);
    }
    assertThat(matches()).isEmpty();
    for (int group = MOST_GROUPS; group < 10; group++) {
      count("two-calls", group);
      count("two-calls", group);
    }
    assertThat(matches()).containsExactly("a-limit");
    count("two-calls", 0);
    assertThat(matches()).containsExactly("two-calls");
    now = now.plus(Duration.ofDays(1));
    count("two-calls", 77);
    assertThat(matches()).containsExactly("a-limit");
  }

  @Test
  void otherCorrelationsGoOnAtTheLimitOfOne() {
    for (int group = 0; group < 10; group++) {
      count("two-calls", group);
    }
    matches();
    count("other-two-calls", 9);
    count("other-two-calls", 9);
    assertThat(matches()).containsExactly("other-two-calls");
  }

  @Test
  void groupsThatAreOverMakeRoom() {
    for (int group = 0; group < 10; group++) {
      count("two-calls", group);
    }
    now = now.plus(Duration.ofDays(5));
    count("other-two-calls", 0); // Time passes, and the sweep with it.
    matches();
    count("two-calls", 100);
    count("two-calls", 100);
    assertThat(matches()).containsExactly("two-calls");
  }

  @Test
  void aGroupThatHasAllItsMembersTellsItOnce() {
    for (int i = 0; i < 4_200; i++) {
      now = now.plusSeconds(20); // None with another within the timespan.
      count("two-calls", 1);
    }
    assertThat(matches()).containsExactly("a-limit");
  }
}
