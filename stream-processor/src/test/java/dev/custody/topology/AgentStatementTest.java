package dev.custody.topology;

import static dev.custody.topology.World.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.event.Event;
import dev.custody.event.Human;
import dev.custody.identity.AgentStatement.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What humans state of agents, as the stream believes it. */
class AgentStatementTest {
  private static final String AGENT = "spiffe://test/agent/claude-code/api";
  private static final String DANA = "dana@example.test";

  @TempDir Path directory;

  @Test
  void aStatementIsProvenToBeOfTheHumanWhoSignedIt() throws Exception {
    World world = new World(directory.resolve("org"));
    World.Collector laptop = world.collector();
    Event registered = laptop.states(Kind.REGISTER, AGENT, DANA, DANA, at(1));
    Event retired = laptop.states(Kind.RETIRE, AGENT, DANA, DANA, at(2));
    try (Run run = new Run(world, directory.resolve("state"))) {
      run.feed(laptop.stored());
      for (Event event : new Event[] {registered, retired}) {
        Attribution answer = run.of(event);
        assertThat(answer.best().grade()).isEqualTo(Grade.PROVEN);
        assertThat(answer.humanGrade()).isEqualTo(Grade.PROVEN);
        assertThat(answer.best().human()).extracting(Human::id).isEqualTo(DANA);
        assertThat(answer.best().agent()).isNull();
        assertThat(answer.resources()).containsExactly(AGENT);
      }
    }
  }

  @Test
  void aStatementThatDoesNotVerifySaysNothing() throws Exception {
    World world = new World(directory.resolve("org"));
    World.Collector laptop = world.collector();
    Event forged = laptop.states(Kind.REGISTER, AGENT, DANA, "eve@example.test", at(1));
    try (Run run = new Run(world, directory.resolve("state"))) {
      run.feed(laptop.stored());
      Attribution answer = run.of(forged);
      assertThat(answer.best().grade()).isEqualTo(Grade.UNATTRIBUTED);
      assertThat(answer.best().human()).isNull();
      assertThat(answer.humanGrade()).isEqualTo(Grade.UNATTRIBUTED);
      assertThat(answer.best().reasons())
          .singleElement()
          .asString()
          .startsWith("does not count: the signature does not verify");
    }
  }

  @Test
  void theFirstEventOfAChainNamesTheCollectorThatItsCertificateIsOf() throws Exception {
    World world = new World(directory.resolve("org"));
    World.Collector laptop = world.collector();
    Event call = laptop.session("one").requested(at(1), "call", "ls");
    try (Run run = new Run(world, directory.resolve("state"))) {
      run.feed(laptop.stored());
      assertThat(run.attributed())
          .filteredOn(a -> a.kind().equals("Genesis"))
          .singleElement()
          .satisfies(genesis -> {
            assertThat(genesis.resources()).containsExactly("spiffe://test/collector/laptop-0");
            assertThat(genesis.position().chain()).isEqualTo(run.of(call).position().chain());
          });
    }
  }
}
