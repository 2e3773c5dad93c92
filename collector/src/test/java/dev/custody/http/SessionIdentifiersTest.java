package dev.custody.http;

import static dev.custody.http.PolicedProject.SESSION;
import static dev.custody.http.PolicedProject.assertProceeds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what a session's events meet those of other systems: its tag and its repository. */
class SessionIdentifiersTest {
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
  void aSessionThatAskedForItsEnvironmentCarriesItsTagAfterARestartToo() throws Exception {
    shop.start(Policy.OBSERVE);
    assertProceeds(shop.call("Bash", "make"));
    String asked = "{\"session_id\":\"%s\",\"cwd\":\"/\",\"more\":1}".formatted(SESSION);
    String lines = shop.post(Routes.SESSION_ENVIRONMENT, asked).body();
    assertThat(lines)
        .matches(
            "export AWS_SDK_UA_APP_ID=(custody-[0-9a-f]{20})\n"
                + "export TF_APPEND_USER_AGENT=app/\\1\n"
                + "export CUSTODY_SESSION='"
                + SESSION
                + "'\nexport CUSTODY_SESSION_TAG=\\1\n");
    shop.collector().close();
    shop.start(Policy.OBSERVE);
    assertThat(shop.post(Routes.SESSION_ENVIRONMENT, asked).body()).isEqualTo(lines);
    assertProceeds(shop.call("Bash", "make"));
    assertProceeds(shop.call("Write", "x"));
    Identifier tag = new Identifier(IdentifierKind.SESSION_TAG, lines.split("[=\n]", -1)[1]);
    assertThat(shop.recorded().stream().filter(e -> e.identifiers().contains(tag)))
        .extracting(e -> e.body())
        .containsExactly(
            new Body.Observed("SessionEnvironment"), new Body.ToolCallRequested("Bash"));
    assertThat(shop.post(Routes.SESSION_ENVIRONMENT, "{\"session_id\":\"a b\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void theSampleHookWritesTheEnvironmentAndRecordsTheStart() throws Exception {
    shop.start(Policy.OBSERVE);
    Path samples = Path.of("samples");
    Path script =
        (Files.exists(samples) ? samples : Path.of("..").resolve(samples))
            .resolve("hooks/session-start.sh");
    Path environment = directory.resolve("claude.env");
    ProcessBuilder sh = new ProcessBuilder("sh", script.toString());
    sh.environment().put("CUSTODY_HTTP", "http://127.0.0.1:" + shop.collector().httpPort());
    sh.environment().put("CLAUDE_ENV_FILE", environment.toString());
    sh.environment().put("CUSTODY_DELEGATION", "dlg-environ1");
    Process process = sh.redirectErrorStream(true).start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(
          "{\"hook_event_name\":\"SessionStart\",\"session_id\":\"%s\",\"cwd\":\"%s\",\"source\":\"startup\"}"
              .formatted(SESSION, shop.project()));
    }
    assertThat(process.inputReader(StandardCharsets.UTF_8).lines()).isEmpty();
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(environment)).contains("export CUSTODY_SESSION_TAG=custody-");
    Event started = shop.recorded().getLast();
    assertThat(started.body()).isInstanceOf(Body.SessionStarted.class);
    assertThat(started.delegation()).isEqualTo("dlg-environ1");
    assertThat(started.identifiers())
        .extracting(Identifier::kind)
        .containsExactly(IdentifierKind.SESSION_TAG);
  }

  @Test
  void aToolThatCanChangeARepositoryNamesIt() throws Exception {
    shop.start(Policy.OBSERVE);
    assertProceeds(shop.call("Bash", "make"));
    assertProceeds(shop.call("Read", "x"));
    Identifier repository = new Identifier(IdentifierKind.REPOSITORY, "laptop:" + shop.project());
    assertThat(shop.recorded().stream().filter(e -> e.identifiers().contains(repository)))
        .extracting(e -> e.body())
        .containsExactly(new Body.ToolCallRequested("Bash"));
  }
}
