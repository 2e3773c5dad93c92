package dev.custody.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.local.EmbeddedBroker;
import dev.custody.publish.KafkaOutlet;
import dev.custody.publish.Outlet;
import dev.custody.spool.Spooled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a collector publishes to a real Kafka, and reads back what it published. */
class KafkaOutletTest {
  private static final int PARTITIONS = 5;
  private static final int CHAINS = 12;
  private static final int RECORDS = 900;

  @TempDir Path directory;

  @Test
  void aClockThatWasYearsAheadHoldsNothingUp() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("ahead"), 0);
        Outlet outlet = KafkaOutlet.to(broker.bootstrapServers(), 1, (short) 1).open()) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      Bytes value = new Bytes(new byte[] {1});
      ChainId chain = new ChainId(new byte[ChainId.SIZE]);
      long ahead = System.currentTimeMillis() + Duration.ofDays(3650).toMillis();
      outlet.send(
          new Spooled(0, chain, ahead, value), failure -> answer.complete(String.valueOf(failure)));
      assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("null");
    }
  }

  @Test
  void eachChainIsReadBackWholeAndInOrderFromItsFirstRecordOn() throws Exception {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("custody.seed=" + seed);
    Random random = new Random(seed);
    List<Spooled> sent = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      byte[] id = new byte[ChainId.SIZE];
      id[0] = (byte) (i % CHAINS);
      byte[] value = new byte[random.nextInt(1, 3_000)];
      random.nextBytes(value);
      // The clock of this collector goes forwards and back.
      long time = 1_800_000_000_000L + random.nextInt(-60_000, 60_000);
      sent.add(new Spooled(i, new ChainId(id), time, new Bytes(value)));
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        Outlet outlet = KafkaOutlet.to(broker.bootstrapServers(), PARTITIONS, (short) 1).open()) {
      CountDownLatch acknowledged = new CountDownLatch(RECORDS);
      for (Spooled one : sent) {
        outlet.send(
            one,
            failure -> {
              assertThat(failure).isNull();
              acknowledged.countDown();
            });
      }
      assertThat(acknowledged.await(60, TimeUnit.SECONDS)).isTrue();
      for (int chain = 0; chain < CHAINS; chain++) {
        int number = chain;
        List<Spooled> own = sent.stream().filter(s -> s.position() % CHAINS == number).toList();
        List<Bytes> found = new ArrayList<>();
        outlet.readBack(own.getFirst().chain(), own.getFirst().observedAtMillis(), found::add);
        assertThat(found)
            .as("chain %d, seed %d", chain, seed)
            .endsWith(own.stream().map(Spooled::envelope).toArray(Bytes[]::new));
      }
      List<Bytes> none = new ArrayList<>();
      outlet.readBack(sent.getFirst().chain(), 1_900_000_000_000L, none::add);
      assertThat(none).isEmpty();
    }
  }
}
