package dev.custody.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What waits to be recorded is bounded, in order, and counted where it is lost. */
class OutboxTest {
  private static final byte[] MEGABYTE = new byte[1 << 20];

  private static List<Passage> all(Outbox outbox) throws InterruptedException {
    List<Passage> all = new ArrayList<>();
    for (List<Passage> taken = outbox.take(); !taken.isEmpty(); taken = outbox.take()) {
      all.addAll(taken);
    }
    return all;
  }

  @Test
  void whatHasNoRoomIsCountedAndToldInItsPlace() throws Exception {
    Outbox outbox = new Outbox();
    for (int i = 0; i < 40; i++) {
      outbox.put(Passage.CLIENT, MEGABYTE, Map.of());
    }
    List<Passage> first = outbox.take();
    outbox.put(Passage.SERVER, new byte[1], Map.of());
    outbox.close();
    List<Passage> all = new ArrayList<>(first);
    all.addAll(all(outbox));
    Passage gap =
        all.stream().filter(p -> "gap".equals(p.facts().get("note"))).findFirst().orElseThrow();
    int kept = all.indexOf(gap);
    assertThat(kept).isBetween(25, 32);
    assertThat(gap.facts()).containsEntry("messages", 40L - kept);
    assertThat(gap.facts()).containsEntry("bytes", (40L - kept) << 20);
    assertThat(all.getLast().from()).isEqualTo(Passage.SERVER);
    assertThat(all).extracting(Passage::sequence).isSorted().doesNotHaveDuplicates();
    assertThat(outbox.unrecorded()).isZero();
  }

  @Test
  void whoAsksWhereThereIsNoRoomDoesNotWait() {
    Outbox outbox = new Outbox();
    for (int i = 0; i < 40; i++) {
      outbox.put(Passage.CLIENT, MEGABYTE, Map.of());
    }
    Ask ask = new Ask();
    outbox.put(Passage.CLIENT, MEGABYTE, Map.of(), ask);
    assertThat(ask.isOver()).isTrue();
    assertThat(ask.await(60_000).denied()).isFalse();
  }

  @Test
  void whatIsPutBackComesFirstAgainAndNobodyWaitsForIt() throws Exception {
    Outbox outbox = new Outbox();
    Ask ask = new Ask();
    outbox.put(Passage.CLIENT, new byte[1], Map.of());
    outbox.put(Passage.CLIENT, new byte[2], Map.of(), ask);
    List<Passage> taken = outbox.take();
    outbox.put(Passage.CLIENT, new byte[3], Map.of());
    outbox.putBack(taken);
    assertThat(ask.isOver()).isTrue();
    assertThat(ask.settle(new Ask.Verdict(true, null))).isFalse();
    outbox.close();
    assertThat(all(outbox)).extracting(Passage::sequence).containsExactly(0L, 1L, 2L);
  }

  @Test
  void whatAsksIsTheLastOfWhatIsTaken() throws Exception {
    Outbox outbox = new Outbox();
    outbox.put(Passage.CLIENT, new byte[1], Map.of());
    outbox.put(Passage.CLIENT, new byte[1], Map.of(), new Ask());
    outbox.put(Passage.CLIENT, new byte[1], Map.of());
    assertThat(outbox.take()).hasSize(2);
    assertThat(outbox.take()).hasSize(1);
  }

  @Test
  void anAnswerOfOursNeverStandsWithinALineOfTheServers() throws Exception {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    ClientOut out = new ClientOut(read);
    out.write("one\ntw".getBytes(UTF_8), 6);
    out.reply("OURS\n".getBytes(UTF_8));
    out.reply("OURS TOO\n".getBytes(UTF_8));
    out.write("o".getBytes(UTF_8), 1);
    out.write("\nthree\nfour\n".getBytes(UTF_8), 12);
    out.reply("LAST\n".getBytes(UTF_8));
    out.close();
    assertThat(read.toString(UTF_8)).isEqualTo("one\ntwo\nOURS\nOURS TOO\nthree\nfour\nLAST\n");
  }
}
