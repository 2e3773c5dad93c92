package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.access.TokenFile;
import dev.custody.access.Tokens;
import dev.custody.enforce.Policy;
import dev.custody.http.HttpConfig;
import dev.custody.local.CollectorRole;
import dev.custody.local.Installation;
import dev.custody.local.RunningMark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands and a collector that listens beyond loopback. */
class CollectorTokenTest {
  @TempDir private Path directory;

  private CommandRun.Result run(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "--data";
    all[1] = data().toString();
    System.arraycopy(words, 0, all, 2, words.length);
    return CommandRun.run(all);
  }

  private Path data() {
    return directory.resolve("data");
  }

  @Test
  void beyondLoopbackNoCollectorStartsWithoutATokenFile() {
    for (String address : new String[] {"0.0.0.0", "::", "192.0.2.1"}) {
      CommandRun.Result result =
          run("collector", "--bootstrap-servers", "127.0.0.1:1", "--bind", address);
      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err())
          .contains(
              "--bind " + address + ": others can reach it: expected --token-file, found none")
          .contains("hint: --token-file FILE");
      assertThat(data()).as("nothing was begun").doesNotExist();
    }
  }

  @Test
  void aTokenFileThatOthersMayReadIsRefusedWithWhatToDo() throws Exception {
    Path file = Files.writeString(directory.resolve("tokens"), "a".repeat(40));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    CommandRun.Result result =
        run(
            "collector",
            "--bootstrap-servers",
            "127.0.0.1:1",
            "--bind",
            "0.0.0.0",
            "--http-port",
            "0",
            "--token-file",
            file.toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains(file + " has rights rw-r-----, expected rw-------")
        .contains("hint: chmod 600 " + file)
        .doesNotContain("a".repeat(40));
  }

  @Test
  void theTokensThatAgentsCarryAreNoTokensForImports() {
    String file = directory.resolve("tokens").toString();
    CommandRun.Result result =
        run(
            "collector",
            "--bootstrap-servers",
            "127.0.0.1:1",
            "--token-file",
            file,
            "--import-token-file",
            directory.resolve("x/../tokens").toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("expected another file than --token-file: agents carry its tokens")
        .contains("hint: leave it out");
    assertThat(data()).as("nothing was begun").doesNotExist();
  }

  @Test
  void anImportCarriesTheTokenOfItsDataDirectoryOrOfTheFileThatIsNamed() throws Exception {
    Path tokens = directory.resolve("server.token");
    Path trail =
        Files.writeString(
            directory.resolve("trail.json"),
            """
            {"eventID":"11111111-2222-3333-4444-555555555555","eventTime":"2026-11-22T05:46:24Z",\
            "eventName":"ListBuckets","eventSource":"s3.amazonaws.com","awsRegion":"eu-west-1"}
            """);
    try (CollectorRole collector =
        CollectorRole.start(
            new CollectorRole.Config(
                data(),
                "127.0.0.1:1",
                new HttpConfig(
                    "0.0.0.0", 0, Set.of(), HttpConfig.BODY_TIMEOUT, Tokens.open(tokens)),
                2,
                (short) 1,
                "local",
                Policy.OBSERVE),
            Installation.open(data(), directory.resolve("wrapping.key")))) {
      RunningMark.write(data(), "http://127.0.0.1:" + collector.httpPort(), "127.0.0.1:1");

      CommandRun.Result hooks =
          run("import", "cloudtrail", trail.toString(), "--import-token-file", tokens.toString());
      assertThat(hooks.code()).as("%s", hooks).isEqualTo(2);
      assertThat(hooks.err())
          .contains("401: imports need a token of their own")
          .contains("found another token")
          .contains("hint: custody import with --import-token-file");

      Path own = data().resolve(TokenFile.IMPORT_NAME);
      Path elsewhere = Files.move(own, directory.resolve("moved.token"));
      CommandRun.Result without = run("import", "cloudtrail", trail.toString());
      assertThat(without.code()).as("%s", without).isEqualTo(2);
      assertThat(without.err())
          .contains(own + " is not there")
          .contains("hint: copy the import.token of the collector's data directory to it");

      CommandRun.Result named =
          run(
              "import",
              "cloudtrail",
              trail.toString(),
              "--import-token-file",
              elsewhere.toString());
      assertThat(named.code()).as("%s", named).isZero();
      assertThat(named.out()).contains("1 events recorded");

      Files.move(elsewhere, own);
      CommandRun.Result with = run("import", "cloudtrail", trail.toString());
      assertThat(with.code()).as("%s", with).isZero();
      assertThat(with.out()).contains("1 known already");

      Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-r--r--"));
      CommandRun.Result open = run("import", "cloudtrail", trail.toString());
      assertThat(open.code()).isEqualTo(2);
      assertThat(open.err()).contains("hint: chmod 600 " + own);
    }
  }
}
