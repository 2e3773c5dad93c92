package dev.custody.missed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.HumanBasis;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real collector and its spool. */
class MissedHooksTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final long AT = Instant.parse("2026-11-22T05:46:44Z").toEpochMilli();

  @TempDir Path directory;

  private final MemoryOutlet outlet = new MemoryOutlet();
  private Organisation organisation;
  private Collector collector;
  private Path data;

  @BeforeEach
  void start() throws Exception {
    organisation = Organisation.in(directory);
    data = Files.createDirectories(directory.resolve("data"));
    collector = collector();
  }

  private Collector collector() throws Exception {
    return Collector.start(
        CollectorConfig.of(
            data.resolve("collector"),
            outlet,
            0,
            organisation.routes(),
            organisation.observer(),
            organisation::key,
            organisation.roots()));
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private MissedHooks hooks(Recorder recorder) {
    return new MissedHooks(data, organisation.observer(), recorder, NEVER);
  }

  private void note(String lines) throws Exception {
    Files.writeString(data.resolve("missed"), lines);
  }

  private static String line(String hook, int millis) {
    return "claude-code " + hook + " s-1 " + (AT + millis) + "\n";
  }

  private List<Event> recorded() throws Exception {
    assertThat(collector.awaitPublished(LONG)).isTrue();
    return organisation.verify(outlet.log()).stream()
        .map(e -> e.event())
        .filter(e -> e.body() instanceof Body.HookMissed)
        .toList();
  }

  private List<String> files() throws Exception {
    try (var files = Files.list(data)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.startsWith("missed"))
          .toList();
    }
  }

  @Test
  void aNotedHookIsRecordedAsMissedAtTheNotedTime() throws Exception {
    note(line("PreToolUse", 0) + "codex Stop - " + AT + "\n");
    MissedHooks hooks = hooks(collector.recorder());
    hooks.look();
    assertThat(recorded()).as("a forwarder may still hold it open").isEmpty();
    hooks.look();
    assertThat(files()).isEmpty();
    List<Event> events = recorded();
    Event first = events.getFirst();
    assertThat(first.body()).isEqualTo(new Body.HookMissed("PreToolUse"));
    assertThat(first.occurredAt()).isEqualTo(Instant.ofEpochMilli(AT));
    assertThat(first.session()).isEqualTo("s-1");
    assertThat(first.source().kind()).isEqualTo("claude-code");
    assertThat(first.action()).isEqualTo("hook:miss");
    assertThat(Objects.requireNonNull(first.actor().agent()).product()).isEqualTo("claude-code");
    assertThat(Objects.requireNonNull(first.actor().human()).basis()).isEqualTo(HumanBasis.OS_USER);
    assertThat(events.getLast().session()).isNull();
    assertThat(events).hasSize(2);
  }

  @Test
  void twoEqualLinesAreTwoMissedHooks() throws Exception {
    note(line("Stop", 0) + line("Stop", 0));
    MissedHooks hooks = hooks(collector.recorder());
    hooks.look();
    hooks.look();
    assertThat(recorded()).hasSize(2);
  }

  @Test
  void aCrashAtAnyMomentLosesNothingAndDoublesNothing() throws Exception {
    note(line("A", 0) + line("B", 1));
    // Killed between the move and the record.
    hooks(collector.recorder()).look();
    assertThat(files()).hasSize(1).noneMatch(f -> f.equals("missed"));
    String aside = files().getFirst();
    String text = Files.readString(data.resolve(aside));

    // Killed between the record and the delete: the file is there once more, and a new process
    // reads it.
    hooks(collector.recorder()).look();
    assertThat(files()).isEmpty();
    collector.close();
    Files.writeString(data.resolve(aside), text);
    collector = collector();
    note(line("C", 2));
    MissedHooks next = hooks(collector.recorder());
    next.look();
    next.look();
    assertThat(files()).isEmpty();
    assertThat(recorded().stream().map(e -> ((Body.HookMissed) e.body()).hook()))
        .containsExactly("A", "B", "C");
  }

  @Test
  void killedBetweenTwoBatchesItGoesOnWithoutDoubling() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      lines.append(line("H" + i, i));
    }
    note(lines.toString());
    List<Integer> calls = new ArrayList<>();
    Recorder dying =
        events -> {
          calls.add(events.size());
          if (calls.size() == 2) {
            throw new CaptureException("the spool is full; try later");
          }
          return collector.recorder().record(events);
        };
    MissedHooks first = hooks(dying);
    first.look();
    first.look();
    assertThat(calls).hasSize(2);
    assertThat(files()).as("not recorded, so not deleted").hasSize(1);
    hooks(collector.recorder()).look();
    assertThat(recorded()).hasSize(600);
    assertThat(files()).isEmpty();
  }

  @Test
  void linesThatAreNoneAreCountedAndSkipped() throws Exception {
    String long129 = "x".repeat(129);
    note(
        "\n"
            + "claude-code PreToolUse s-1\n"
            + "claude-code Pre Tool s-1 "
            + AT
            + "\n"
            + "claude-code \u001b[31m s-1 "
            + AT
            + "\n"
            + "Claude PreToolUse s-1 "
            + AT
            + "\n"
            + "claude-code "
            + long129
            + " s-1 "
            + AT
            + "\n"
            + "claude-code PreToolUse s-1 99999999999999\n"
            + "claude-code PreToolUse s-1 9999999999999\n"
            + "claude-code PreToolUse s-1 1000000000000\n"
            + "x".repeat(100_000)
            + "\n"
            + line("Stop", 0)
            + "claude-code Stop s-1 "
            + AT);
    MissedHooks hooks = hooks(collector.recorder());
    hooks.look();
    hooks.look();
    assertThat(recorded()).hasSize(1);
    assertThat(hooks.skipped()).isEqualTo(11);
    assertThat(files()).isEmpty();
  }

  @Test
  void aSecretInPlaceOfANameIsReplaced() throws Exception {
    String token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    note("claude-code Stop " + token + " " + AT + "\n");
    MissedHooks hooks = hooks(collector.recorder());
    hooks.look();
    hooks.look();
    Event event = recorded().getFirst();
    assertThat(event.toString()).doesNotContain(token);
    assertThat(new String(event.content().toByteArray(), StandardCharsets.UTF_8))
        .contains("[redacted:");
    assertThat(event.redactions()).isNotEmpty();
  }

  @Test
  void whatIsNoFileIsLeftAlone() throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    Files.writeString(elsewhere, line("Stop", 0));
    Files.createSymbolicLink(data.resolve("missed"), elsewhere);
    MissedHooks hooks = hooks(collector.recorder());
    hooks.look();
    hooks.look();
    assertThat(recorded()).isEmpty();
    assertThat(elsewhere).exists();
  }

  @Test
  void aRunningCollectorPicksTheFileUpByItself() throws Exception {
    note(line("Stop", 0));
    try (MissedHooks hooks =
        MissedHooks.start(
            data, organisation.observer(), collector.recorder(), Duration.ofMillis(20))) {
      assertThat(hooks.skipped()).isZero();
      long end = System.nanoTime() + LONG.toNanos();
      while (recorded().isEmpty() && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(recorded()).hasSize(1);
    }
  }
}
