package dev.custody.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectionTest {
  private static final String SALT = "salt=AAAAAAAAAAAAAAAAAAAAAA==";

  @TempDir Path directory;

  private Path keys() {
    return directory.resolve("keys");
  }

  private Path passphraseFile(String name, String text) throws Exception {
    Path file = Files.writeString(directory.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private KeyDirectory open(String passphrase) throws Exception {
    Path file = passphraseFile("passphrase", passphrase);
    return KeyDirectory.open(keys(), new Protection.Passphrase(Protection.fromFile(file)));
  }

  private KeyDirectory open(String uri, Path credentials) throws KeyException {
    return KeyDirectory.open(keys(), new Protection.Kms(uri, credentials));
  }

  private KeyDirectory openWithFile() throws KeyException {
    return KeyDirectory.open(keys(), directory.resolve("wrapping.key"));
  }

  private Path file(String name) {
    return keys().resolve(name);
  }

  @Test
  void aPassphraseOpensWhatItProtectsAndOneLineEndIsNotOfIt() throws Exception {
    Bytes made = open("correct horse\n").signer("root").publicKey();
    assertThat(open("correct horse").signer("root").publicKey()).isEqualTo(made);
    assertThat(open("correct horse\r\n").signer("root").publicKey()).isEqualTo(made);
    assertThat(KeyDirectory.protection(keys())).isEqualTo("passphrase");
    assertThat(Files.readString(file("protection")))
        .startsWith(
            "custody-protection-v1\nmethod passphrase\nkdf argon2id v=19 m=65536 t=3 p=4 salt=")
        .doesNotContain("horse");
  }

  @Test
  void aWrongPassphraseIsCalledOne() throws Exception {
    open("correct horse").signer("root");
    assertThatThrownBy(() -> open("correct horse "))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith("wrong passphrase for the keys in " + keys());
  }

  @Test
  void whoChoosesAPassphraseIsAskedOnceAndToldThatItIsNew() throws Exception {
    List<Boolean> asked = new ArrayList<>();
    Protection protection =
        new Protection.Passphrase(fresh -> {
          asked.add(fresh);
          return "correct horse".getBytes(StandardCharsets.UTF_8);
        });
    Bytes made = KeyDirectory.open(keys(), protection).signer("root").publicKey();
    assertThat(KeyDirectory.open(keys(), protection).signer("root").publicKey()).isEqualTo(made);
    assertThat(asked).containsExactly(true, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rwxrwxrwx"})
  void aPassphraseFileThatOthersCanReadIsRefused(String rights) throws Exception {
    Path file = passphraseFile("loose", "correct horse");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    assertThatThrownBy(
            () -> KeyDirectory.open(keys(), new Protection.Passphrase(Protection.fromFile(file))))
        .hasMessage(
            "%s has rights %s, expected rw-------; try: chmod 600 %s"
                .formatted(file, rights, file));
  }

  @Test
  void aKeysetThatOthersCanReadIsRefused() throws Exception {
    openWithFile().signer("root");
    Path keyset = file("root.keyset");
    Files.setPosixFilePermissions(keyset, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> openWithFile().signer("root"))
        .isInstanceOf(KeyException.class)
        .hasMessage(keyset + " has rights rw-r--r--, expected rw-------; try: chmod 600 " + keyset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n"})
  void anEmptyPassphraseIsNone(String text) throws Exception {
    assertThatThrownBy(() -> open(text)).hasMessageEndingWith("expected 1 to 1024 bytes, found 0");
  }

  @Test
  void aKeyOfAServiceProtectsAndAnotherOneIsRefused() throws Exception {
    Bytes made = open("file-kms://one", directory).signer("root").publicKey();
    assertThat(open("file-kms://one", directory).signer("root").publicKey()).isEqualTo(made);
    assertThat(KeyDirectory.protection(keys())).isEqualTo("kms file-kms://one");
    assertThatThrownBy(() -> open("file-kms://two", directory))
        .hasMessage(
            "the keys in %s are protected by the KMS key file-kms://one, not by the KMS key file-kms://two; try: --kms file-kms://one"
                .formatted(keys()));
    Files.delete(directory.resolve("one.kms"));
    assertThatThrownBy(() -> open("file-kms://one", directory))
        .hasMessageStartingWith("wrong KMS key for the keys in " + keys());
  }

  @Test
  void aServiceThatNobodyKnowsOrThatRefusesIsNamed() {
    assertThatThrownBy(() -> open("other-kms://one", directory))
        .hasMessage(
            "no KMS client for other-kms://one is on the class path; try: CUSTODY_CLASSPATH=DIR/* with the jars of its Tink client");
    Path nowhere = directory.resolve("nowhere");
    assertThatThrownBy(() -> open("file-kms://one", nowhere))
        .hasMessage(
            "the KMS key file-kms://one cannot be used: no credentials in %s; try: --kms-credentials FILE"
                .formatted(nowhere));
  }

  @Test
  void openingInAnotherWayIsRefusedAndTheRightOneNamed() throws Exception {
    openWithFile().signer("root");
    assertThat(KeyDirectory.protection(keys())).isEqualTo("wrapping-key");
    assertThatThrownBy(() -> open("correct horse"))
        .hasMessage(
            "the keys in %s are protected by a wrapping key file, not by a passphrase; try: --wrapping-key FILE"
                .formatted(keys()));
    Files.delete(file("protection"));
    assertThatThrownBy(() -> open("correct horse"))
        .as("made before protections were recorded")
        .hasMessageContaining("are protected by a wrapping key file, not by a passphrase");
    assertThat(openWithFile().has("root")).isTrue();
  }

  @Test
  void aPassphraseDirectoryDoesNotOpenByAWrappingKey() throws Exception {
    open("correct horse");
    assertThatThrownBy(this::openWithFile)
        .hasMessageStartingWith("the keys in %s are protected by a passphrase".formatted(keys()))
        .hasMessageEndingWith("; try: --passphrase-file FILE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "custody-protection-v1\n",
        "custody-protection-v1\nmethod wrapping-key",
        "custody-protection-v1\nmethod wrapping-key\n\n",
        "custody-protection-v1\r\nmethod wrapping-key\r\n",
        "custody-protection-v1\nmethod none\n",
        "custody-protection-v1\nmethod kms\nkdf x\ncheck AAAA\n",
        "custody-protection-v2\nmethod wrapping-key\n"
      })
  void aProtectionFileOfAnotherFormIsRefused(String text) throws Exception {
    openWithFile();
    Files.writeString(file("protection"), text);
    assertThatThrownBy(this::openWithFile)
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith(file("protection") + " is damaged: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "argon2id v=19 m=65535 t=3 p=4 " + SALT,
        "argon2id v=19 m=1048577 t=3 p=4 " + SALT,
        "argon2id v=19 m=65536 t=2 p=4 " + SALT,
        "argon2id v=19 m=65536 t=17 p=4 " + SALT,
        "argon2id v=19 m=65536 t=3 p=17 " + SALT,
        "argon2id v=19 m=65536 t=3 p=0 " + SALT,
        "argon2id v=16 m=65536 t=3 p=4 " + SALT,
        "argon2i v=19 m=65536 t=3 p=4 " + SALT,
        "argon2id v=19 m=065536 t=3 p=4 " + SALT,
        "argon2id v=19 m=65536 t=3 p=4 salt=AAAA",
        "argon2id v=19 m=65536 t=3 p=4 salt=AAAAAAAAAAAAAAAAAAAAAB=="
      })
  void costsOutsideTheBoundsAreRefusedBeforeAnythingIsSpent(String text) {
    assertThatThrownBy(() -> Argon2id.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChangedCostOrSaltDoesNotOpen() throws Exception {
    open("correct horse").signer("root");
    String text = Files.readString(file("protection"));
    Files.writeString(file("protection"), text.replace("t=3", "t=4"));
    assertThatThrownBy(() -> open("correct horse")).hasMessageStartingWith("wrong passphrase");
    Files.writeString(file("protection"), text.replace("m=65536", "m=9999999"));
    assertThatThrownBy(() -> open("correct horse"))
        .hasMessage(file("protection") + ": expected m of 65536 to 1048576, found 9999999");
  }

  /** RFC 9106, section 5.3. */
  @Test
  void theDerivationIsThatOfTheRfc() {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(32)
            .withIterations(3)
            .withParallelism(4)
            .withSalt(filled(16, 2))
            .withSecret(filled(8, 3))
            .withAdditional(filled(12, 4))
            .build());
    byte[] tag = new byte[32];
    generator.generateBytes(filled(32, 1), tag);
    assertThat(HexFormat.of().formatHex(tag))
        .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  }

  @Test
  void thePassphraseIsOverwrittenOnceItIsUsed() {
    byte[] passphrase = filled(16, 7);
    byte[] key = Argon2id.parse("argon2id v=19 m=65536 t=3 p=4 " + SALT).derive(passphrase);
    assertThat(key).hasSize(32).isNotEqualTo(new byte[32]);
    assertThat(passphrase).containsOnly(0);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
