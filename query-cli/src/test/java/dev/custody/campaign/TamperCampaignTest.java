package dev.custody.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The campaign itself: {@code -Dcampaign.mutations=1000000} is the full run. */
class TamperCampaignTest {
  private static final long MUTATIONS = Long.getLong("campaign.mutations", 25_000);
  private static final @Nullable String RESUME = System.getProperty("campaign.resume");

  @Test
  void everyTamperingGetsItsDeclaredVerdictWhereItIs() throws Exception {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.printf("-Dcustody.seed=%d -Dcampaign.mutations=%d%n", seed, MUTATIONS);
    List<Operator> operators = Operator.all();
    CampaignState state =
        RESUME == null
            ? CampaignState.inMemory()
            : CampaignState.of(Path.of(RESUME), heading(seed, operators));
    long begin = System.nanoTime();

    Tally tally = new Campaign(seed, operators, Worlds.of(seed)).run(MUTATIONS, state);

    String table = tally.table(operators);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.println(table);
    System.out.println(took);
    Files.createDirectories(Path.of("target"));
    Files.writeString(
        Path.of("target", "tamper-campaign.txt"),
        "seed %d, %d mutations, %s%n%s".formatted(seed, tally.all(), took, table));
    assertThat(tally.stories()).isEmpty();
    assertThat(tally.bad()).isZero();
    assertThat(tally.all()).isEqualTo(MUTATIONS);
  }

  private static String heading(long seed, List<Operator> operators) {
    return "seed %d, %d mutations, operators %08x"
        .formatted(seed, MUTATIONS, operators.stream().map(Operator::name).toList().hashCode());
  }
}
