package dev.custody.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.custody.hook.JsonText.Dialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a settings file looks like, it comes out as it went in. */
class SettingsRoundTripTest {
  private static final int FILES = 150;

  @TempDir Path directory;

  private final long seed = Long.getLong("custody.seed", System.nanoTime());
  private final Random random = new Random(seed);

  SettingsRoundTripTest() {
    System.out.println("custody.seed=" + seed);
  }

  private Path settings(Machine machine, Wire wire) {
    return machine
        .home()
        .resolve(wire == Wire.CLAUDE_CODE ? ".claude" : ".gemini")
        .resolve("settings.json");
  }

  @Test
  void installAndUninstallLeaveTheBytesOfAnyFile() throws Exception {
    for (int i = 0; i < FILES; i++) {
      Wire wire = i % 2 == 0 ? Wire.CLAUDE_CODE : Wire.GEMINI_CLI;
      Machine machine = TestMachine.in(directory.resolve("m" + i));
      Path file = settings(machine, wire);
      String before = new OddJson(random, wire == Wire.GEMINI_CLI).file();
      Files.createDirectories(file.getParent());
      Files.writeString(file, before);
      HookSetup setup = new HookSetup(machine);

      setup.apply(setup.install(wire, HookOptions.ofUser()));
      String installed = Files.readString(file);
      assertThat(setup.status(wire, HookOptions.ofUser()).state())
          .as("seed %d, file %d: %s", seed, i, installed)
          .isEqualTo(WireStatus.State.INSTALLED);
      assertThat(setup.install(wire, HookOptions.ofUser()).changes())
          .as("a second time changes nothing, seed %d, file %d", seed, i)
          .isEmpty();

      setup.apply(setup.uninstall(wire, HookOptions.ofUser()));
      assertThat(Files.readString(file)).as("seed %d, file %d", seed, i).isEqualTo(before);
    }
  }

  @Test
  void afterOtherChangesOnlyOursIsTakenAway() throws Exception {
    for (int i = 0; i < FILES; i++) {
      Wire wire = i % 2 == 0 ? Wire.CLAUDE_CODE : Wire.GEMINI_CLI;
      Dialect dialect = wire == Wire.CLAUDE_CODE ? Dialect.STRICT : Dialect.WITH_COMMENTS;
      Machine machine = TestMachine.in(directory.resolve("m" + i));
      Path file = settings(machine, wire);
      String before = new OddJson(random, wire == Wire.GEMINI_CLI).file();
      Files.createDirectories(file.getParent());
      Files.writeString(file, before);
      HookSetup setup = new HookSetup(machine);
      setup.apply(setup.install(wire, HookOptions.ofUser()));

      JsonEdit edit = new JsonEdit(Files.readString(file), dialect, "test");
      edit.add(edit.json().root(), "added later", BooleanNode.TRUE);
      Files.writeString(file, edit.json().text());
      setup.apply(setup.uninstall(wire, HookOptions.ofUser()));

      String after = Files.readString(file);
      JsonNode left = JsonText.parse(after, dialect, "test").tree();
      JsonNode original = JsonText.parse(before, dialect, "test").tree();
      assertThat(after).as("seed %d, file %d", seed, i).doesNotContain("4319", "forward", "otlp");
      assertThat(left.path("added later").asBoolean()).isTrue();
      for (var member : original.properties()) {
        if (!List.of("hooks", "env").contains(member.getKey())) {
          assertThat(left.path(member.getKey()))
              .as("seed %d, file %d", seed, i)
              .isEqualTo(member.getValue());
        }
      }
      assertThat(left.path("env").path("MINE")).isEqualTo(original.path("env").path("MINE"));
      assertThat(others(left)).as("seed %d, file %d", seed, i).isEqualTo(others(original));
    }
  }

  private static List<String> others(JsonNode tree) {
    return tree.path("hooks").findValuesAsText("command");
  }
}
