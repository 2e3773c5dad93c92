package dev.custody.source.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.time.Instant;

class GitReadingFuzzTest {
  /** One file for all rounds of a target; overwritten by each. */
  private static final Path FILE = temporaryFile();

  @FuzzTest
  void linesOfAReflogFollowEachOtherInTheFile(byte[] bytes) throws IOException {
    var _ = Files.write(FILE, bytes);
    long end = 0;
    Reflog log = Reflog.read(FILE, null);
    for (Reflog.Line line : log.lines()) {
      assertThat(line.start()).isGreaterThanOrEqualTo(end);
      assertThat(line.end()).isGreaterThan(line.start()).isLessThanOrEqualTo(bytes.length);
      end = line.end();
      assertThat(log.since(line.position())).isNotNull();
    }
    assertThat(Reflog.end(FILE).lines()).hasSizeLessThanOrEqualTo(log.lines().size() + 1);
  }

  @FuzzTest
  void sessionsOfANoteAreFewWhateverItHolds(byte[] bytes) {
    assertThat(GitAiNote.sessions(new String(bytes, UTF_8)))
        .hasSizeLessThanOrEqualTo(GitAiNote.MOST_SESSIONS)
        .doesNotHaveDuplicates();
  }

  @FuzzTest
  void aSignatureThatIsNoneIsRefused(byte[] bytes) {
    try {
      var _ = SshSignature.parse(new String(bytes, ISO_8859_1)).verifies(bytes, "git");
    } catch (GeneralSecurityException refused) {
      assertThat(refused.getMessage()).isNotNull();
    }
  }

  /** Without the armour, which a search would have to guess first. */
  @FuzzTest
  void whatSshWritesIsReadOrRefused(byte[] bytes) {
    SshReader reader = new SshReader(bytes);
    try {
      byte[] key = reader.part();
      String algorithm = reader.text();
      var _ = SshKey.verifies(key, algorithm, reader.part(), bytes);
      reader.end();
    } catch (SignatureException refused) {
      assertThat(refused.getMessage()).isNotNull();
    } catch (GeneralSecurityException refused) {
      return; // Of the provider: it has no words of ours.
    }
  }

  @FuzzTest
  void signersThatAreNoneAllowNobody(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    assertThat(AllowedSigners.parse(text, "git").of(new byte[] {1}, Instant.EPOCH))
        .satisfiesAnyOf(
            nobody -> assertThat(nobody).isNull(), who -> assertThat(text).contains(who));
    var _ = AllowedSigners.isRevoked(text, bytes);
  }

  private static Path temporaryFile() {
    try {
      Path file = Files.createTempFile("reflog", null);
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
