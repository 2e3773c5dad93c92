package dev.custody.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.signature.Ed25519PrivateKey;
import dev.custody.digest.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDirectoryTest {
  @TempDir Path directory;

  private Path wrapping() {
    return directory.resolve("elsewhere/wrapping.key");
  }

  private KeyDirectory open() throws KeyException {
    return KeyDirectory.open(directory.resolve("keys"), wrapping());
  }

  @Test
  void aKeyIsMadeOnceAndReadAgain() throws Exception {
    assertThat(open().has("root")).isFalse();
    Bytes made = open().signer("root").publicKey();
    assertThat(open().has("root")).isTrue();
    assertThat(open().signer("root").publicKey()).isEqualTo(made);
    assertThat(open().signer("other").publicKey()).isNotEqualTo(made);
    String fingerprint = open().fingerprintKey("prints").of("aws", "secret");
    assertThat(open().fingerprintKey("prints").of("aws", "secret"))
        .isEqualTo(fingerprint)
        .hasSize(16);
    assertThat(open().fingerprintKey("prints").of("git", "secret")).isNotEqualTo(fingerprint);
    assertThat(FingerprintKey.ephemeral().of("aws", "secret")).isNotEqualTo(fingerprint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------", "rw-rw-rw-"})
  void aWrappingKeyThatOthersCanReadIsRefused(String rights) throws Exception {
    open().signer("root");
    Files.setPosixFilePermissions(wrapping(), PosixFilePermissions.fromString(rights));
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyException.class)
        .hasMessage(
            "%s has rights %s, expected rw-------; try: chmod 600 %s"
                .formatted(wrapping(), rights, wrapping()));
  }

  @Test
  void aWrappingKeyOnlyForReadingIsGoodEnough() throws Exception {
    open().signer("root");
    Files.setPosixFilePermissions(wrapping(), PosixFilePermissions.fromString("r--------"));
    assertThat(open().has("root")).isTrue();
  }

  @Test
  void anotherWrappingKeyOpensNothingAndTheMessageAsksAboutIt() throws Exception {
    open().signer("root");
    KeyDirectory other =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("other/wrapping.key"));
    assertThatThrownBy(() -> other.signer("root"))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith("keyset " + directory.resolve("keys/root.keyset"))
        .hasMessageEndingWith("is it the wrapping key that it was made with?");
  }

  @Test
  void aDamagedWrappingKeyIsNamed() throws Exception {
    open();
    Files.write(wrapping(), new byte[] {1, 2, 3});
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith("wrapping key " + wrapping() + " cannot be used: ");
  }

  @Test
  void aKeysetInAnothersPlaceIsRefused() throws Exception {
    open().signer("root");
    Files.copy(directory.resolve("keys/root.keyset"), directory.resolve("keys/laptop.keyset"));
    assertThatThrownBy(() -> open().signer("laptop")).isInstanceOf(KeyException.class);
  }

  @Test
  void everyFileIsTheOwnersAlone() throws Exception {
    open().signer("root");
    open().tokenSigner("dana");
    for (Path file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as("%s", file)
          .isEqualTo("rw-------");
    }
    assertThat(files())
        .extracting(f -> f.getFileName().toString())
        .containsExactlyInAnyOrder("root.keyset", "dana.keyset", "wrapping.key", "protection");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void noPrivateKeyEverLiesInTheClear() throws Exception {
    open().signer("root");
    byte[] secret = privateKey();
    assertThat(secret).hasSize(32);
    for (Path file : files()) {
      byte[] content = Files.readAllBytes(file);
      String text = new String(content, StandardCharsets.ISO_8859_1);
      assertThat(text)
          .as("%s", file)
          .doesNotContain(new String(secret, StandardCharsets.ISO_8859_1))
          .doesNotContain(HexFormat.of().formatHex(secret));
      if (file.toString().endsWith(".keyset")) {
        assertThat(text).doesNotContain("Ed25519PrivateKey").doesNotContain("primaryKeyId");
      }
    }
  }

  // As an attacker who has the wrapping key would read it.
  private byte[] privateKey() throws Exception {
    Aead wrapping =
        TinkProtoKeysetFormat.parseKeyset(
                Files.readAllBytes(wrapping()),
                InsecureSecretKeyAccess.get(),
                CryptoProvider.configuration())
            .getPrimitive(CryptoProvider.configuration(), Aead.class);
    KeysetHandle keyset =
        TinkProtoKeysetFormat.parseEncryptedKeyset(
            Files.readAllBytes(directory.resolve("keys/root.keyset")),
            wrapping,
            "custody.keyset.v1\0root".getBytes(StandardCharsets.UTF_8),
            CryptoProvider.configuration());
    Ed25519PrivateKey key = (Ed25519PrivateKey) keyset.getPrimary().getKey();
    return key.getPrivateKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../root", "a/b", ".hidden", "a b", "a\nb", "ä"})
  void aNameThatCouldLeaveTheDirectoryIsRefused(String name) throws Exception {
    KeyDirectory keys = open();
    assertThatThrownBy(() -> keys.signer(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyThatCreateAtOnceAgreeOnOneKey() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Callable<Bytes>> racers = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        racers.add(() -> open().signer("root").publicKey());
      }
      Set<String> found = new TreeSet<>();
      for (Future<Bytes> racer : pool.invokeAll(racers)) {
        found.add(racer.get().hex());
      }
      assertThat(found).hasSize(1);
    }
    assertThat(files()).as("nothing is left behind").hasSize(3);
  }

  @Test
  void anotherProcessThatCreatesAtTheSameTimeAgrees() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KeyDirectoryTest.class.getName(),
                  directory.resolve("keys").toString(),
                  wrapping().toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    Set<String> found = new TreeSet<>();
    for (Process process : processes) {
      found.add(
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
      assertThat(process.waitFor()).isZero();
    }
    assertThat(found).containsExactly(open().signer("root").publicKey().hex());
  }

  /** One of the processes above. */
  public static void main(String[] args) throws Exception {
    System.out.println(
        KeyDirectory.open(Path.of(args[0]), Path.of(args[1])).signer("root").publicKey().hex());
  }
}
