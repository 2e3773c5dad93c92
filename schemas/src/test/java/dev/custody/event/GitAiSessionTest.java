package dev.custody.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Names of sessions as git-ai computes them. */
final class GitAiSessionTest {
  /** Of git-ai's own documentation (sessions-v2-note-format.md) and its unit tests' inputs. */
  private static final Identifier PUBLISHED =
      new Identifier(IdentifierKind.GIT_AI_SESSION, "s_c9883b05a2487d");

  @Test
  void aSessionIsNamedAsGitAiNamesIt() {
    assertThat(GitAiSession.of("cursor", "session_123")).isEqualTo(PUBLISHED);
    assertThat(GitAiSession.of("cursor", "session_456")).isNotEqualTo(PUBLISHED);
    assertThat(GitAiSession.of("claude", "session_123")).isNotEqualTo(PUBLISHED);
  }

  @Test
  void theKeyOfAnEarlierNoteNamesTheSameSession() {
    assertThat(GitAiSession.inNote("s_c9883b05a2487d")).isEqualTo(PUBLISHED);
    assertThat(GitAiSession.inNote("c9883b05a2487d6d")).isEqualTo(PUBLISHED);
  }

  @Test
  void whatIsNoSessionIsNone() {
    for (String key :
        new String[] {
          "",
          "s_",
          "h_31dce776f88375",
          "s_C9883B05A2487D",
          "s_c9883b05a2487d6d",
          "c9883b0",
          "s_c9883b05a2487d\n"
        }) {
      assertThat(GitAiSession.inNote(key)).as(key).isNull();
    }
  }
}
