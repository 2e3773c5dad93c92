package dev.custody.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.ChainVerifier;
import dev.custody.admission.TestChain;
import dev.custody.publish.KafkaOutlet;
import dev.custody.publish.Publisher;
import dev.custody.spool.Sealed;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolLimits;
import dev.custody.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The publisher with a real broker: what it asks the log, and what it then sends. */
class PublishedOnceTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private int appended;

  @Test
  void aStartThatWouldRepeatMoreThanAdmissionRemembersSendsNothingThatIsThere() throws Exception {
    int count = 3 * ChainVerifier.LINKS_KEPT;
    TestChain chain = TestChain.open(directory.resolve("keys"));
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
        Spool spool = Spool.open(directory.resolve("spool"), SpoolLimits.DEFAULT)) {
      append(chain, spool, count);
      long sent = 0;
      long repeated = 0;
      for (int start = 0; start < 3; start++) {
        // How much is trimmed is a matter of time; what may be repeated follows from it.
        long kept = Math.max(0, sent - spool.trimmed());
        repeated += kept <= ChainVerifier.LINKS_KEPT ? kept : 0;
        try (Publisher publisher =
            Publisher.start(spool, KafkaOutlet.to(broker.bootstrapServers(), 3, (short) 1))) {
          assertThat(publisher.awaitPublished(LONG)).as(publisher.problem()).isTrue();
        }
        sent = spool.end();
        assertThat(offsets(broker.bootstrapServers())).isEqualTo(sent + repeated);
        append(chain, spool, 10);
      }
    }
  }

  private void append(TestChain chain, Spool spool, int heartbeats) throws Exception {
    for (int i = 0; i < heartbeats; i += 64) {
      chain.sealHeartbeats(Math.min(64, heartbeats - i));
    }
    spool.append(
        chain.envelopes().stream()
            .skip(appended)
            .map(e -> new Sealed(e, TestChain.NOW, null))
            .toList());
    appended = chain.envelopes().size();
  }

  private static long offsets(String kafka) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      return consumer
          .endOffsets(
              LongStream.range(0, 3)
                  .mapToObj(p -> new TopicPartition(Topic.EVENTS.topicName(), (int) p))
                  .toList())
          .values()
          .stream()
          .mapToLong(Long::longValue)
          .sum();
    }
  }
}
