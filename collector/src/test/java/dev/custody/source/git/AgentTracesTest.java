package dev.custody.source.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of Agent Trace records in a work tree. */
@Timeout(60)
final class AgentTracesTest {
  @TempDir Path directory;

  private Path root;
  private Watched acme;
  private String commit;

  @BeforeEach
  void start() throws IOException {
    root = directory.toRealPath().resolve("acme");
    acme = Watched.in(root);
    commit = acme.git().commit("a.txt", "first");
    acme.scan();
  }

  @AfterEach
  void stop() {
    acme.close();
  }

  /** As the reference implementation's hook of Claude Code writes it. */
  private String trace(int number, String revision, String metadata) {
    return """
    {"version":"0.1.0","id":"550e8400-e29b-41d4-a716-44665544%04d","timestamp":"2026-01-23T14:30:00.5+01:00",\
    "vcs":{"type":"git","revision":"%s"},"tool":{"name":"claude-code"},"files":[{"path":"a.txt","conversations":\
    [{"contributor":{"type":"ai","model_id":"anthropic/claude-opus-4-5"},"ranges":[{"start_line":1,"end_line":3}]}]}],\
    "metadata":{%s}}
    """
        .formatted(number, revision, metadata);
  }

  private void append(String text) throws IOException {
    Path file = root.resolve(AgentTraces.FILE);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private List<Event> annotated() {
    return acme.events(Body.CommitAnnotated.class);
  }

  @Test
  void aRecordAnnotatesTheCommitThatItNames() throws IOException {
    append(trace(1, commit, "\"session_id\":\"s-1\",\"tool_use_id\":\"toolu_1\""));
    acme.scan();
    Event event = annotated().getFirst();
    assertThat(event.body())
        .isEqualTo(
            new Body.CommitAnnotated(
                root.toString(),
                commit,
                ".agent-trace/traces.jsonl",
                "550e8400-e29b-41d4-a716-446655440001"));
    assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-01-23T13:30:00.5Z"));
    assertThat(event.action()).isEqualTo("git:agent-trace");
    assertThat(event.identifiers()).contains(new Identifier(IdentifierKind.GIT_COMMIT, commit));
    assertThat(event.content().utf8()).contains("toolu_1", "anthropic/claude-opus-4-5");
    assertThat(event.actor().agent()).as("hearsay names nobody").isNull();
  }

  @Test
  void eachRecordIsToldOnceAndALineThatIsBeingWrittenWaits() throws IOException {
    append(trace(1, commit, ""));
    acme.scan();
    acme.scan();
    assertThat(annotated()).hasSize(1);
    String next = trace(2, commit, "");
    append(next.substring(0, 100));
    acme.scan();
    assertThat(annotated()).hasSize(1);
    append(next.substring(100));
    acme.scan();
    assertThat(annotated()).hasSize(2);
    // Written anew, and shorter: what is in it is told, under the same ids.
    Files.delete(root.resolve(AgentTraces.FILE));
    append(trace(2, commit, ""));
    acme.scan();
    assertThat(annotated().stream().map(e -> e.source().id()).distinct()).hasSize(2);
  }

  @Test
  void aRecordOfNoCommitIsObservedAndWhatIsNoneIsPassedOver() throws IOException {
    append(
        "no json\n{}\n[]\n{\"id\":\"a b\",\"files\":[]}\n{\"id\":\"x\"}\n{\"id\":\"x\",\"id\":\"y\",\"files\":[]}\n\n\u0000\n"
            + trace(3, "HEAD", "")
            + "{\"id\":\"long\",\"files\":[\""
            + "x".repeat(AgentTraces.LONGEST)
            + "\"]}\n"
            + trace(4, commit, ""));
    acme.scan();
    assertThat(annotated())
        .extracting(e -> ((Body.CommitAnnotated) e.body()).note())
        .containsExactly("550e8400-e29b-41d4-a716-446655440004");
    assertThat(acme.events(Body.Observed.class))
        .filteredOn(e -> e.body().equals(new Body.Observed("agent-trace")))
        .hasSize(1);
  }

  @Test
  void aLineWithoutEndIsPassedOverInPiecesOfBoundedSize() throws IOException {
    append("x".repeat(AgentTraces.MOST_BYTES) + "\n" + trace(5, commit, ""));
    acme.scan();
    acme.scan();
    assertThat(annotated()).hasSize(1);
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path elsewhere = Files.writeString(directory.resolve("secret"), trace(6, commit, ""));
    Files.createDirectories(root.resolve(".agent-trace"));
    Files.createSymbolicLink(root.resolve(AgentTraces.FILE), elsewhere);
    acme.scan();
    Files.delete(root.resolve(AgentTraces.FILE));
    Files.delete(root.resolve(".agent-trace"));
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.copy(elsewhere, outside.resolve("traces.jsonl"));
    Files.createSymbolicLink(root.resolve(".agent-trace"), outside);
    acme.scan();
    assertThat(annotated()).isEmpty();
  }

  @Test
  void aSecretInARecordIsReplaced() throws IOException {
    String secret = "ghp_" + "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX";
    append(trace(7, commit, "\"command\":\"curl -H 'Authorization: token " + secret + "'\""));
    acme.scan();
    assertThat(annotated()).hasSize(1);
    for (Event event : acme.events(Body.CommitAnnotated.class)) {
      assertThat(new String(Formats.EVENT.encode(event), StandardCharsets.ISO_8859_1))
          .doesNotContain(secret);
      assertThat(event.redactions()).isNotEmpty();
    }
  }
}
