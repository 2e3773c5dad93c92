package dev.custody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: a parent that starts the check, as an agent starts a command. */
class AgentProcessTest {
  @TempDir Path directory;

  /** Says who is around it. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] words) {
      System.out.println(AgentProcess.around().orElse("nobody"));
    }
  }

  private static List<String> probe() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Probe.class.getName());
  }

  /** A script that starts the probe and waits for it. */
  private Path script(String name, String text) throws Exception {
    Path script = Files.writeString(directory.resolve(name), text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private Path shellScript(String name) throws Exception {
    return script(name, "#!/bin/sh\n'%s'\nexit $?\n".formatted(String.join("' '", probe())));
  }

  private static String said(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  @Test
  void anAgentThatIsAScriptIsKnownByTheScript() throws Exception {
    assertThat(said(List.of(shellScript("codex").toString()))).matches("its parent \\d+ is codex");
    Path named = shellScript("gemini.sh");
    assertThat(said(List.of("/bin/sh", named.toString()))).matches("its parent \\d+ is gemini");
  }

  @Test
  void anAgentOnNodeIsKnownByTheScript() throws Exception {
    Path node = Path.of("/usr/bin/node");
    assumeTrue(Files.isExecutable(node), "skipped: no node is here");
    StringBuilder words = new StringBuilder();
    probe().forEach(word -> words.append('"').append(word).append("\","));
    Path script =
        script(
            "opencode.js",
            """
            const [java, ...rest] = [%s]
            const ran = require("child_process").spawnSync(java, rest, {stdio: "inherit"})
            process.exit(ran.status)
            """
                .formatted(words));
    assertThat(said(List.of(node.toString(), "--no-warnings", script.toString())))
        .matches("its parent \\d+ is opencode");
  }

  @Test
  void whoMerelyNamesAnAgentIsNone() throws Exception {
    List<String> named = new ArrayList<>(List.of("/bin/sh", shellScript("deploy").toString()));
    named.add("codex");
    assertThat(said(named)).doesNotEndWith("is codex");
  }
}
