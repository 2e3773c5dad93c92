package dev.custody.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignStateTest {
  private static final long SEED = 5;
  private static final int MUTATIONS = 2 * Campaign.SHARD;
  private static final List<Operator> OPERATORS = NoteOperators.all();

  private static Tally run(CampaignState state) throws Exception {
    return new Campaign(SEED, OPERATORS, Worlds.few(SEED)).run(MUTATIONS, state);
  }

  @Test
  void aCampaignThatWasInterruptedEndsAsOneThatWasNot(@TempDir Path directory) throws Exception {
    Tally whole = run(CampaignState.inMemory());
    Path file = directory.resolve("campaign.state");
    Tally first = run(CampaignState.of(file, "a campaign"));
    List<String> lines = Files.readAllLines(file);

    // As if it had been killed before the last shard was noted.
    Files.write(file, lines.subList(0, lines.size() - 1));
    CampaignState resumed = CampaignState.of(file, "a campaign");
    assertThat(resumed.tally().all()).isEqualTo(Campaign.SHARD);

    assertThat(run(resumed).counts()).isEqualTo(whole.counts()).isEqualTo(first.counts());
    assertThat(whole.bad()).isZero();
    assertThat(whole.all()).isEqualTo(MUTATIONS);
  }

  @Test
  void theStateOfAnotherCampaignIsRefused(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("campaign.state");
    Files.writeString(file, "seed 1\n");

    assertThatThrownBy(() -> CampaignState.of(file, "seed 2"))
        .isInstanceOf(IOException.class)
        .hasMessage("expected the state of 'seed 2', found that of 'seed 1'; name another file");
  }
}
