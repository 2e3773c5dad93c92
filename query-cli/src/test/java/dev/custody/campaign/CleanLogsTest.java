package dev.custody.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * No false alarm. A prefix of a clean log is clean, apart from what its own records say is missing:
 * a successor is there whose predecessor's end, in another partition, is not yet; or a late record
 * has not yet come. The {@link Oracle} tells these from the rest, and {@code custody verify} reads
 * again before it says so.
 */
class CleanLogsTest {
  private static final int LOGS = Integer.getInteger("campaign.logs", 400);
  private static final int PREFIXES = 25;

  @Test
  void noCleanLogAndNoPrefixOfOneRaisesAnAlarm() throws Exception {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("-Dcustody.seed=" + seed);
    List<List<String>> alarms =
        java.util.stream.IntStream.range(0, LOGS)
            .parallel()
            .mapToObj(i -> alarms(new SplittableRandom(seed + i)))
            .toList();

    assertThat(alarms.stream().flatMap(List::stream)).isEmpty();
    System.out.printf("%d clean logs and %d prefixes%n", LOGS, LOGS * PREFIXES);
  }

  private static List<String> alarms(SplittableRandom random) {
    List<String> alarms = new ArrayList<>();
    CleanLog log = LogWriter.make(random.nextLong(), 2 + random.nextInt(3), random.nextInt(60));
    try {
      note(log, log.partitions(), alarms);
      if (!Auditing.withLogs(log.partitions(), log.published().topics()).clean()) {
        alarms.add(log.name() + " with its logs");
      }
      for (int i = 0; i < PREFIXES; i++) {
        note(log, prefix(log, random), alarms);
      }
    } catch (IOException e) {
      throw new IllegalStateException(log.name(), e);
    }
    return alarms;
  }

  /** Any part of each partition, from its beginning: no two of them are read at the same moment. */
  private static List<List<Row>> prefix(CleanLog log, SplittableRandom random) {
    return log.partitions().stream()
        .map(rows -> rows.subList(0, random.nextInt(rows.size() + 1)))
        .toList();
  }

  private static void note(CleanLog log, List<List<Row>> partitions, List<String> alarms)
      throws IOException {
    Judgement judgement = Auditing.records(partitions);
    Expected expected = Oracle.of(log, partitions);
    boolean missing = expected.names().contains("MissingTail") || expected.names().contains("Gap");
    boolean whole = partitions.equals(log.partitions());
    if (!expected.against(judgement).good() || (!judgement.clean() && (whole || !missing))) {
      alarms.add(log.name() + ": " + judgement.findings());
    }
  }

  @Test
  void aLogOfOneRecordAndOneOfNoneAreClean() throws Exception {
    CleanLog one = LogWriter.ofOneRecord();

    assertThat(one.records()).isOne();
    assertThat(Auditing.withLogs(one.partitions(), one.published().topics()).findings()).isEmpty();
    assertThat(Auditing.records(List.of(List.of(), List.of())).findings()).isEmpty();
  }
}
