package dev.custody.http;

import static dev.custody.http.PolicedProject.ENFORCE;
import static dev.custody.http.PolicedProject.assertProceeds;
import static dev.custody.http.PolicedProject.denial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.spool.SpoolLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is answered when nothing could be decided or recorded in time. */
class UndecidedTest {
  @TempDir Path directory;
  private PolicedProject shop;

  @BeforeEach
  void makeProject() throws Exception {
    shop = PolicedProject.in(directory);
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  @Test
  void whatIsNotDecidedInTimeIsAnsweredByThePolicyAndRecorded() throws Exception {
    shop.start(
        new Policy(Policy.Mode.ENFORCE, false, Policy.Undecided.DENY, Duration.ofMillis(50)));
    shop.stall();
    assertThat(denial(shop.call("Bash", "make")).textValue()).contains("no decision");
    awaitUndecided(1);
    shop.collector().close();
    shop.start(
        new Policy(Policy.Mode.ENFORCE, false, Policy.Undecided.PROCEED, Duration.ofMillis(50)));
    assertProceeds(shop.call("Bash", "make"));
    awaitUndecided(2);
    assertThat(shop.decisions())
        .extracting(Body.PolicyDecision::rule, Body.PolicyDecision::answer)
        .containsExactly(tuple("undecided", "deny"), tuple("undecided", "proceed"));
  }

  // It is recorded behind the answer: the agent does not wait for it.
  private void awaitUndecided(int count) throws Exception {
    Instant until = Instant.now().plusSeconds(20);
    while (shop.decisions().size() < count) {
      assertThat(Instant.now()).isBefore(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void aCollectorThatCannotRecordDeniesOnlyWhereThePolicySaysSo() throws Exception {
    shop.outlet().down(true);
    shop.start(
        new Policy(Policy.Mode.ENFORCE, false, Policy.Undecided.DENY, Duration.ofSeconds(10)),
        new SpoolLimits(1 << 20, 1));
    assertThat(denial(shop.call("Bash", "make")).textValue()).contains("does not record");
    shop.collector().close();
    shop.start(ENFORCE, new SpoolLimits(1 << 20, 1));
    assertThat(shop.call("Bash", "make").statusCode()).isEqualTo(503);
    shop.outlet().down(false);
  }
}
