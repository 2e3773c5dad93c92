package dev.custody.source.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.GitAiSession;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of notes on commits. */
@Timeout(60)
final class NotesTest {
  private static final String AI = "refs/notes/ai";
  private static final String SESSION = "02d1a5c8-6a4e-4a9e-9a35-0c1f2f6a7b10";

  @TempDir Path directory;

  private Watched acme;
  private GitCommand git;

  @BeforeEach
  void start() throws IOException {
    acme = Watched.in(directory.toRealPath().resolve("acme"));
    git = acme.git();
  }

  @AfterEach
  void stop() {
    acme.close();
  }

  private static String session() {
    return GitAiSession.of(GitAiSession.CLAUDE_CODE, SESSION).value();
  }

  /** In the format of the Git AI Standard v3.0.0. */
  private static String gitAi(String commit) {
    return """
    src/main.rs
      %1$s::t_9f8e7d6c5b4a32 1-10,15-20
      h_31dce776f88375 42-50
    "src/my file.rs"
      c9883b05a2487d6d 1-4
    ---
    {
      "schema_version": "authorship/3.0.0",
      "git_ai_version": "1.4.5",
      "base_commit_sha": "%2$s",
      "prompts": {"c9883b05a2487d6d": {"agent_id": {"tool": "cursor", "id": "session_123"}}},
      "humans": {"h_31dce776f88375": {"author": "Dana <dana@acme.example>"}},
      "sessions": {
        "%1$s": {"agent_id": {"tool": "claude", "id": "%3$s", "model": "m"}},
        "s_e7f2a90b31cc48": {"agent_id": {"tool": "codex", "id": "x", "model": "m"}}
      }
    }
    """
        .formatted(session(), commit, SESSION);
  }

  private void note(String reference, String commit, String text) {
    git.feed(text, "notes", "--ref=" + reference, "add", "-f", "-F", "-", commit);
  }

  private List<Body.CommitAnnotated> annotated() {
    return acme.events(Body.CommitAnnotated.class).stream()
        .map(event -> (Body.CommitAnnotated) event.body())
        .toList();
  }

  private static JsonNode content(Event event) throws IOException {
    return new ObjectMapper().readTree(event.content().toByteArray());
  }

  @Test
  void aNoteOfGitAiNamesItsCommitAndItsSessions() throws IOException {
    acme.scan();
    String commit = git.commit("a.txt", "first");
    note(AI, commit, gitAi(commit));
    acme.scanNow();
    Event event = acme.events(Body.CommitAnnotated.class).getLast();
    String root = git.directory().toString();
    String blob = git.run("notes", "--ref=" + AI, "list", commit);
    assertThat(event.body()).isEqualTo(new Body.CommitAnnotated(root, commit, AI, blob));
    assertThat(event.action()).isEqualTo("git:notes");
    assertThat(event.identifiers())
        .containsExactly(
            new Identifier(IdentifierKind.GIT_COMMIT, commit),
            new Identifier(IdentifierKind.REPOSITORY, "laptop:" + root),
            new Identifier(IdentifierKind.GIT_AI_SESSION, session()),
            new Identifier(IdentifierKind.GIT_AI_SESSION, "s_c9883b05a2487d"),
            new Identifier(IdentifierKind.GIT_AI_SESSION, "s_e7f2a90b31cc48"));
    assertThat(content(event).path("text").asText()).startsWith("src/main.rs\n  s_");
  }

  @Test
  void aNoteThatIsChangedOrRemovedIsRecordedAgain() {
    acme.scan();
    String commit = git.commit("a.txt", "first");
    for (String text : List.of("one", "two", "one")) {
      note("refs/notes/commits", commit, text);
      acme.scanNow();
    }
    git.run("notes", "remove", commit);
    acme.scanNow();
    acme.scanNow();
    String one = git.feed("one\n", "hash-object", "--stdin");
    String two = git.feed("two\n", "hash-object", "--stdin");
    assertThat(annotated())
        .extracting(Body.CommitAnnotated::note)
        .containsExactly(one, two, one, null);
    assertThat(acme.events(Body.ReferenceUpdated.class))
        .noneMatch(e -> ((Body.ReferenceUpdated) e.body()).reference().startsWith("refs/notes/"));
  }

  @Test
  void atFirstSightTheNotesOfTheCommitsThatAreNewAreNew() {
    String old = git.dated("2020-01-01T00:00:00Z").commit("a.txt", "old");
    String recent = git.commit("a.txt", "recent");
    note(AI, old, "of old");
    note(AI, recent, "of recent");
    acme.scan();
    acme.restart();
    acme.scan();
    assertThat(annotated()).extracting(Body.CommitAnnotated::commit).containsExactly(recent);
  }

  @Test
  void notesThatGitArrangesAnewAreNotNew() {
    StringBuilder stream = new StringBuilder("commit refs/heads/main\n");
    stream.append("committer D <d@x> 1600000000 +0000\ndata 1\nx\n\n");
    git.feed(stream.toString(), "fast-import", "--quiet");
    String commit = git.run("rev-parse", "refs/heads/main");
    acme.scan();
    // So many that git spreads them over directories once it adds one itself.
    StringBuilder notes = new StringBuilder("commit refs/notes/ai\n");
    notes.append("committer D <d@x> 1600000000 +0000\ndata 1\nx\n");
    for (int i = 0; i < 600; i++) {
      notes.append("M 644 inline %08x%032x\ndata 4\n%04d\n".formatted(i * 0x9E3779B1, i, i));
    }
    git.feed(notes.toString(), "fast-import", "--quiet");
    acme.scanNow();
    assertThat(annotated()).hasSize(600);
    note(AI, commit, "mine");
    acme.scanNow();
    assertThat(git.run("ls-tree", AI)).startsWith("040000 tree");
    assertThat(annotated()).hasSize(601);
    assertThat(annotated().getLast().commit()).isEqualTo(commit);
  }

  @Test
  void ofManyNotesAtOnceAThousandAreRecorded() {
    git.commit("a.txt", "first");
    acme.scan();
    StringBuilder notes = new StringBuilder("commit refs/notes/ai\n");
    notes.append("committer D <d@x> 1600000000 +0000\ndata 1\nx\n");
    for (int i = 0; i < Notes.MOST + 50; i++) {
      notes.append("M 644 inline %040x\ndata 4\n%04d\n".formatted(i, i));
    }
    git.feed(notes.toString(), "fast-import", "--quiet");
    acme.scanNow();
    assertThat(annotated()).hasSize(Notes.MOST);
  }

  @Test
  void notesOfARemoteAreItsOwn() {
    String commit = git.commit("a.txt", "first");
    acme.scan();
    note("refs/notes/ai-remote/origin", commit, "theirs");
    acme.scanNow();
    assertThat(annotated()).isEmpty();
  }

  @Test
  void notesThatAreDeletedOrRewrittenAltogetherAreAMove() {
    String commit = git.commit("a.txt", "first");
    acme.scan();
    note(AI, commit, "one");
    acme.scanNow();
    String tree = git.run("rev-parse", AI + "^{tree}");
    git.run("update-ref", AI, git.run("commit-tree", "-m", "anew", tree));
    acme.scanNow();
    git.run("update-ref", "-d", AI);
    acme.scanNow();
    assertThat(annotated()).hasSize(1);
    assertThat(acme.events(Body.ReferenceUpdated.class))
        .extracting(e -> ((Body.ReferenceUpdated) e.body()).after() == null ? "gone" : "forced")
        .containsExactly("forced", "gone");
  }

  @Test
  void aSecretInANoteIsReplaced() {
    acme.scan();
    String secret = "harnessFakeSecretKey00000000000000000001";
    String commit = git.commit("a.txt", "first");
    note(AI, commit, gitAi(commit) + "\nAWS_SECRET_ACCESS_KEY=" + secret);
    acme.scanNow();
    assertThat(acme.events(Body.SecretObserved.class)).hasSize(1);
    for (Event event : acme.kept().events) {
      assertThat(new String(Formats.EVENT.encode(event), ISO_8859_1)).doesNotContain(secret);
    }
  }

  @Test
  void aNoteThatIsHugeOrNoTextOrNoNoteIsRecordedAsFarAsItGoes() throws IOException {
    acme.scan();
    String commit = git.commit("a.txt", "first");
    note(AI, commit, "x".repeat(NoteEvents.LONGEST + 1));
    acme.scanNow();
    assertThat(content(acme.events(Body.CommitAnnotated.class).getLast()).path("text").isNull())
        .isTrue();
    // A directory where a note should be, and a file that names no commit.
    String odd =
        "commit refs/notes/odd\ncommitter D <d@x> 1 +0000\ndata 1\nx\n"
            + "M 644 inline "
            + commit
            + "/x\ndata 1\nx\nM 644 inline README\ndata 1\nx\n"
            + "M 160000 "
            + commit
            + " "
            + "ab/".repeat(19)
            + "ab\n";
    git.feed(odd, "fast-import", "--quiet");
    git.run("update-ref", "refs/notes/blob", git.feed("x", "hash-object", "-w", "--stdin"));
    acme.scanNow();
    assertThat(annotated()).hasSize(2);
    String second = git.commit("a.txt", "second");
    acme.scanNow();
    assertThat(acme.commits()).endsWith(second);
  }

  @Test
  void aRecordOfAgentTraceInANoteIsKeptAsItIs() throws IOException {
    acme.scan();
    String commit = git.commit("a.txt", "first");
    note(
        "refs/notes/agent-trace",
        commit,
        """
        {"version":"0.1.0","id":"550e8400-e29b-41d4-a716-446655440000","timestamp":"2026-01-23T14:30:00Z",
         "vcs":{"type":"git","revision":"%s"},"tool":{"name":"cursor"},"files":[]}
        """
            .formatted(commit));
    acme.scanNow();
    Event event = acme.events(Body.CommitAnnotated.class).getLast();
    assertThat(event.identifiers()).noneMatch(i -> i.kind() == IdentifierKind.GIT_AI_SESSION);
    assertThat(
            new ObjectMapper().readTree(content(event).path("text").asText()).path("id").asText())
        .startsWith("550e8400");
  }
}
