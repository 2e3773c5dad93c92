package dev.custody.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
  private static final String ONE = "a".repeat(32);
  private static final String TWO = "b".repeat(43);

  @TempDir Path directory;

  private Path file(String text) throws Exception {
    Path file = directory.resolve("tokens");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  @Test
  void aMissingFileIsMadeForItsOwnerAloneWith256RandomBits() throws Exception {
    Path first = directory.resolve("deep/er/one");
    Path second = directory.resolve("two");
    assertThat(TokenFile.makeIfMissing(first)).isTrue();
    assertThat(TokenFile.makeIfMissing(second)).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
        .isEqualTo("rw-------");
    String token = TokenFile.read(first).getFirst();
    assertThat(Base64.getUrlDecoder().decode(token)).hasSize(32);
    assertThat(TokenFile.read(second).getFirst()).isNotEqualTo(token);
    assertThat(TokenFile.makeIfMissing(first)).as("what is there stays").isFalse();
    assertThat(TokenFile.read(first)).containsExactly(token);
    try (var left = Files.list(first.getParent())) {
      assertThat(left).as("nothing is left beside it").containsExactly(first);
    }
  }

  @Test
  void severalTokensAndCommentsAreRead() throws Exception {
    assertThat(TokenFile.read(file("# the new one\n" + ONE + "\r\n\n  " + TWO + "  \n")))
        .containsExactly(ONE, TWO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
  void aFileThatOthersMayUseIsRefusedWithWhatToDo(String rights) throws Exception {
    Path file = file(ONE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    assertThatThrownBy(() -> TokenFile.read(file))
        .isInstanceOf(TokenException.class)
        .hasMessage(
            "%s has rights %s, expected rw-------; try: chmod 600 %s"
                .formatted(file, rights, file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        "0123456789012345678901234567890",
        "with a space in between 0123456789012345",
        "\u0000"
      })
  void aLineThatIsNoTokenIsNamedByItsNumberAndNotShown(String line) throws Exception {
    Path file = file("# comment\n" + line + "\n");
    assertThatThrownBy(() -> TokenFile.read(file))
        .isInstanceOf(TokenException.class)
        .hasMessageStartingWith(file + ":2: expected a token of 32 to 256 characters")
        .hasMessageNotContaining(line);
  }

  @Test
  void noTokenAndTooManyAreRefused() throws Exception {
    Path file = file("# nothing\n\n");
    assertThatThrownBy(() -> TokenFile.read(file))
        .hasMessageContaining("expected 1 to 16 tokens, found 0");
    Files.writeString(file, (ONE + "\n").repeat(17));
    assertThatThrownBy(() -> TokenFile.read(file))
        .hasMessageContaining("expected 1 to 16 tokens, found 17");
    Files.writeString(file, "#".repeat(20_000));
    assertThatThrownBy(() -> TokenFile.read(file)).hasMessageContaining("at most 16384 bytes");
  }

  @Test
  void aClientSendsTheFirstOfTheFileThatItsEnvironmentNamesElseOfItsDataDirectory()
      throws Exception {
    Path named = file("# new\n" + ONE + "\n" + TWO + "\n");
    Path data = Files.createDirectory(directory.resolve("data"));
    assertThat(TokenFile.clientToken(Map.of(), data)).isEmpty();
    assertThat(TokenFile.clientToken(Map.of(TokenFile.VARIABLE, named.toString()), data))
        .contains(ONE);
    TokenFile.makeIfMissing(data.resolve(TokenFile.NAME));
    assertThat(TokenFile.clientToken(Map.of(TokenFile.VARIABLE, ""), data))
        .contains(TokenFile.read(data.resolve(TokenFile.NAME)).getFirst());
    assertThatThrownBy(
            () -> TokenFile.clientToken(Map.of(TokenFile.VARIABLE, data + "/none"), data))
        .isInstanceOf(TokenException.class)
        .hasMessageContaining("is not there; try: ");
  }

  @Test
  void onlyOneWholeBearerTokenCounts() throws Exception {
    Tokens tokens = Tokens.open(file(ONE + "\n" + TWO + "\n"));
    for (String good : List.of("Bearer " + ONE, "bearer " + TWO, "BEARER   " + ONE + " ")) {
      assertThat(tokens.presented(List.of(good))).as(good).isEqualTo(Tokens.Presented.VALID);
    }
    assertThat(tokens.presented(List.of())).isEqualTo(Tokens.Presented.NONE);
    for (String bad :
        List.of(
            "",
            "Bearer",
            "Bearer ",
            ONE,
            "Basic " + ONE,
            "Bearer" + ONE,
            "Bearer " + ONE + "a",
            "Bearer " + ONE.substring(1),
            "Bearer " + ONE + " " + TWO,
            "Bearer " + ONE + "," + TWO,
            "Bearer " + ONE.toUpperCase(java.util.Locale.ROOT))) {
      assertThat(tokens.presented(List.of(bad))).as(bad).isEqualTo(Tokens.Presented.UNKNOWN);
    }
    assertThat(tokens.presented(List.of("Bearer " + ONE, "Bearer " + ONE)))
        .as("twice is once too often")
        .isEqualTo(Tokens.Presented.UNKNOWN);
  }
}
