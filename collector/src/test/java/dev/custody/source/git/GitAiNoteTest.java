package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Identifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which sessions a note names. */
final class GitAiNoteTest {
  private static List<String> sessions(String note) {
    return GitAiNote.sessions(note).stream().map(Identifier::value).toList();
  }

  @Test
  void aNoteWithoutADividerNamesNone() {
    assertThat(sessions("")).isEmpty();
    assertThat(sessions("f\n  s_c9883b05a2487d::t_1 1\n")).isEmpty();
    assertThat(sessions("f\n  s_c9883b05a2487d::t_1 1\n --- \n{}")).isEmpty();
  }

  @Test
  void linesCountEvenWhereTheMetadataIsNoJson() {
    String lines = "f\n  s_c9883b05a2487d::t_11111111111111 1-2\n   s_00000000000000 1\n---\n";
    for (String metadata :
        List.of("", "{", "[]", "{\"sessions\": 1}", "{\"sessions\":{},\"sessions\":{}}")) {
      assertThat(sessions(lines + metadata)).as(metadata).containsExactly("s_c9883b05a2487d");
    }
    assertThat(sessions(lines + "[".repeat(100_000))).containsExactly("s_c9883b05a2487d");
  }

  @Test
  void textThatMerelyMentionsASessionNamesNone() {
    assertThat(sessions("s_c9883b05a2487d\n---\n{\"note\": \"s_c9883b05a2487d\"}")).isEmpty();
  }

  @Test
  void ofManySessionsTheFirstAreNamed() {
    StringBuilder note = new StringBuilder("f\n");
    for (int i = 0; i < 1_000; i++) {
      note.append("  s_%014x::t_%014x 1\n".formatted(i, i));
    }
    assertThat(sessions(note + "---\n{}")).hasSize(GitAiNote.MOST_SESSIONS);
  }
}
