package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.admission.TrustedRoots;
import dev.custody.collector.CollectorKey;
import dev.custody.identity.Certificate;
import dev.custody.local.CertificateFile;
import dev.custody.local.Installation;
import dev.custody.signing.KeyException;
import dev.custody.signing.Protection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOST = "spiffe://local/collector/laptop";

  @TempDir Path directory;

  private Path data;
  private Path passphrase;

  @BeforeEach
  void writePassphrase() throws Exception {
    data = directory.resolve("data");
    passphrase = secret("passphrase", "correct horse battery\n");
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static CommandRun.Result keys(Path data, String... words) {
    List<String> all = new ArrayList<>(List.of("keys"));
    all.addAll(Arrays.asList(words));
    all.addAll(List.of("--data", data.toString()));
    return CommandRun.run(all.toArray(String[]::new));
  }

  private CommandRun.Result good(String... words) {
    CommandRun.Result result = keys(data, words);
    assertThat(result.code()).as("%s: %s", List.of(words), result.err()).isZero();
    return result;
  }

  private void init() {
    var _ = good("init", "--passphrase-file", passphrase.toString());
  }

  private List<JsonNode> show() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : good("show", "--json").out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private List<String> keysets() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("keys"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".keyset"))
          .sorted()
          .toList();
    }
  }

  private Installation open() throws Exception {
    return Installation.open(
        data, new Protection.Passphrase(Protection.fromFile(passphrase)), null);
  }

  @Test
  void initMakesEveryKeyAndShowOpensNoSecret() throws Exception {
    init();
    Files.delete(passphrase);
    List<JsonNode> shown = show();
    assertThat(shown)
        .extracting(k -> k.path("name").asText() + " " + k.path("role").asText())
        .containsExactly("root ROOT", "collector COLLECTOR", "log LOG");
    assertThat(shown)
        .allSatisfy(k -> {
          assertThat(k.path("protection").asText()).isEqualTo("passphrase");
          assertThat(k.path("fingerprint").asText()).hasSize(64);
          assertThat(k.path("revoked").isNull()).isTrue();
        });
    assertThat(good("show").out())
        .contains("collector  COLLECTOR  spiffe://local/collector/")
        .contains("keyset       here, protected by passphrase");
  }

  @Test
  void initOverwritesNothing() throws Exception {
    init();
    List<JsonNode> before = show();
    CommandRun.Result again = keys(data, "init", "--passphrase-file", passphrase.toString());
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err())
        .contains("custody: there are keys in " + data.resolve("keys") + " already")
        .contains("hint: custody keys show");
    assertThat(show()).isEqualTo(before);
  }

  @Test
  void theDefaultIsAKeyFileAndSaysSo() {
    Path key = directory.resolve("elsewhere/wrapping.key");
    assertThat(good("init", "--wrapping-key", key.toString()).out())
        .contains("encrypted under " + key + ": whoever runs as this user can use them");
  }

  @Test
  void whatIsWrongIsSaidByTheCommandThatNeedsTheKeys() throws Exception {
    init();
    Path wrong = secret("wrong", "incorrect horse");
    CommandRun.Result refused =
        keys(data, "rotate", "collector", "--passphrase-file", wrong.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains("custody: wrong passphrase for the keys in " + data.resolve("keys"));
    CommandRun.Result other = keys(data, "rotate", "collector", "--wrapping-key", wrong.toString());
    assertThat(other.err())
        .contains("are protected by a passphrase, not by the wrapping key file")
        .contains("hint: --passphrase-file FILE");
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-r--r--"));
    CommandRun.Result loose =
        keys(data, "rotate", "collector", "--passphrase-file", passphrase.toString());
    assertThat(loose.err())
        .contains("has rights rw-r--r--, expected rw-------")
        .contains("hint: chmod 600 " + passphrase);
    CommandRun.Result both =
        keys(
            data,
            "rotate",
            "collector",
            "--passphrase-file",
            passphrase.toString(),
            "--kms",
            "file-kms://one");
    assertThat(both.err()).contains("expected one of --wrapping-key, --passphrase-file and --kms");
  }

  @Test
  void aRotatedCollectorKeyIsInForceAndTheOldOneDestroyed() throws Exception {
    init();
    String before = show().get(1).path("key").asText();
    assertThat(good("rotate", "collector", "--passphrase-file", passphrase.toString()).out())
        .contains("no collector runs here: the next start uses it");
    var _ = good("rotate", "collector", "--passphrase-file", passphrase.toString());
    assertThat(keysets()).containsExactly("collector-3.keyset", "log.keyset", "root.keyset");
    List<JsonNode> shown = show();
    assertThat(shown)
        .extracting(k -> k.path("name").asText())
        .containsExactly("root", "collector-2", "collector-3", "collector", "log");
    assertThat(shown.get(3).path("key").asText()).isEqualTo(before);
    assertThat(shown.get(3).path("protection").asText()).isEmpty();
    CollectorKey current =
        open()
            .collectorKeys(shown.get(1).path("subject").asText(), InstantSource.system())
            .current();
    assertThat(current.signer().keyId().hex()).isEqualTo(shown.get(2).path("key").asText());
  }

  @Test
  void aRotatedLogKeyIsTheOneInForce() throws Exception {
    init();
    var before = open().log().keyId();
    var _ = good("rotate", "log", "--passphrase-file", passphrase.toString());
    assertThat(open().log().keyId()).isNotEqualTo(before);
    assertThat(keysets()).contains("log-2.keyset").doesNotContain("log.keyset");
  }

  @Test
  void aRotatedRootVouchesForTheOldOneAndTheOtherWayRound() throws Exception {
    init();
    Path kept = Files.copy(Installation.rootFile(data), directory.resolve("kept.pub"));
    for (int i = 0; i < 3; i++) {
      var _ = good("rotate", "root", "--passphrase-file", passphrase.toString());
    }
    assertThat(keysets()).contains("root-4.keyset").doesNotContain("root.keyset", "root-3.keyset");
    TrustedRoots pinned = TrustedRoots.read(kept);
    TrustedRoots operators = TrustedRoots.read(Installation.rootFile(data));
    assertThat(operators.fingerprints()).hasSize(4);
    assertThat(pinned.extendedBy(operators).fingerprints()).isEqualTo(operators.fingerprints());
    var newest =
        open()
            .authority()
            .certifyCollector(HOST, open().log().publicKey(), Instant.now(), Duration.ofDays(1));
    assertThat(pinned.extendedBy(operators).verify(newest).subject()).isEqualTo(HOST);
    assertThat(show().get(3).path("name").asText()).isEqualTo("root-4");
  }

  @Test
  void theRootsKeysetLivesApartUnderAProtectionOfItsOwn() throws Exception {
    Path root = directory.resolve("media");
    Path other = secret("root-passphrase", "another horse");
    String[] apart = {
      "--root-keys",
      root.toString(),
      "--root-passphrase-file",
      other.toString(),
      "--passphrase-file",
      passphrase.toString()
    };
    var _ = good(Stream.concat(Stream.of("init"), Stream.of(apart)).toArray(String[]::new));
    assertThat(keysets()).containsExactly("collector.keyset", "log.keyset");
    assertThat(root.resolve("root.keyset")).exists();
    Installation here = open();
    assertThat(here.hasRoot()).isFalse();
    assertThat(here.collectorKeys(HOST, InstantSource.system()).current().signer().keyId())
        .isEqualTo(here.collector().keyId());
    CommandRun.Result alone =
        keys(data, "rotate", "root", "--passphrase-file", passphrase.toString());
    assertThat(alone.err()).contains("hint: name its directory: --root-keys DIR");
    var _ =
        good(Stream.concat(Stream.of("rotate", "root"), Stream.of(apart)).toArray(String[]::new));
    var _ =
        good(
            Stream.concat(Stream.of("rotate", "collector"), Stream.of(apart))
                .toArray(String[]::new));
    assertThat(root.resolve("root-2.keyset")).exists();
    assertThat(root.resolve("root.keyset")).doesNotExist();
  }

  @Test
  void aCollectorOfAnotherMachineIsCertifiedAndRotatedWithoutTheRoot() throws Exception {
    init();
    Path far = directory.resolve("far");
    String file = passphrase.toString();
    CommandRun.Result made =
        keys(
            far,
            "init",
            "--without-root",
            "--root",
            Installation.rootFile(data).toString(),
            "--passphrase-file",
            file);
    assertThat(made.code()).as(made.err()).isZero();
    Protection protection = new Protection.Passphrase(Protection.fromFile(passphrase));
    Path certificate = enrol(publicKey(made.out()), "far");
    Installation there = Installation.withoutRoot(far, protection, Installation.rootFile(far));
    assertThat(there.adopt(certificate)).isFalse();
    CollectorKey first = there.collectorKeys("ignored", InstantSource.system()).current();
    assertThat(there.roots().verify(first.certificate()).subject())
        .isEqualTo("spiffe://local/collector/far");
    CommandRun.Result next = keys(far, "rotate", "collector", "--passphrase-file", file);
    Path second = enrol(publicKey(next.out()), "far");
    CommandRun.Result taken =
        keys(
            far,
            "rotate",
            "collector",
            "--certificate",
            second.toString(),
            "--passphrase-file",
            file);
    assertThat(taken.code()).as(taken.err()).isZero();
    assertThat(there.collectorKeys("ignored", InstantSource.system()).current().signer().keyId())
        .isNotEqualTo(first.signer().keyId());
    CommandRun.Result stale =
        keys(
            far,
            "rotate",
            "collector",
            "--certificate",
            certificate.toString(),
            "--passphrase-file",
            file);
    assertThat(stale.err())
        .contains("custody: the certificate is of key ")
        .contains("the collector key in");
  }

  private static String publicKey(String out) {
    String after = out.substring(out.indexOf("--public-key ") + "--public-key ".length());
    return after.substring(0, after.indexOf(' '));
  }

  @Test
  void theRootCertifiesAKeyAndRefusesWhatIsNone() throws Exception {
    init();
    assumeTrue(AgentProcess.around().isEmpty(), "the command refuses to run inside an agent");
    Path file = directory.resolve("build-7.cert");
    byte[] key = new byte[32];
    key[0] = 7;
    String encoded = Base64.getEncoder().encodeToString(key);
    CommandRun.Result enrolled = enroll(encoded, file);
    assertThat(enrolled.code()).as(enrolled.err()).isZero();
    Certificate certificate = CertificateFile.read(file, open().roots());
    assertThat(certificate.subject()).isEqualTo("spiffe://local/collector/build-7");
    assertThat(certificate.publicKey().toByteArray()).isEqualTo(key);

    for (String other : List.of("not base64", "QUJD", encoded.replace("=", ""))) {
      CommandRun.Result refused = enroll(other, directory.resolve("none.cert"));
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err())
          .contains("--public-key: expected 32 bytes in base64, found \"" + other + "\"");
    }
    assertThat(directory.resolve("none.cert")).doesNotExist();
  }

  private CommandRun.Result enroll(String publicKey, Path out) {
    return keys(
        data,
        "enroll",
        "collector",
        "--name",
        "build-7",
        "--public-key",
        publicKey,
        "--out",
        out.toString(),
        "--passphrase-file",
        passphrase.toString());
  }

  // As `custody keys enroll` does, which refuses to run inside a coding agent.
  private Path enrol(String publicKey, String host) throws Exception {
    byte[] key = Base64.getDecoder().decode(publicKey);
    Path file = Files.createTempFile(directory, host, ".cert");
    CertificateFile.write(
        file,
        open()
            .authority()
            .certifyCollector(
                "spiffe://local/collector/" + host,
                new dev.custody.digest.Bytes(key),
                Instant.now(),
                Duration.ofDays(1)));
    return file;
  }

  @Test
  void aKeyOutsideItsValidityIsRefusedWithItsDates() throws Exception {
    init();
    Installation here = open();
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    String subject =
        dev.custody.identity.SpiffeId.collector("local", dev.custody.local.CollectorRole.hostName())
            .toString();
    here.enrolCollector(subject, past, Duration.ofDays(1));
    assertThat(show().get(1).path("notAfter").asText()).startsWith("2020-01-01T23:55:00Z");
    CommandRun.Result refused =
        CommandRun.run(
            "collector",
            "--bootstrap-servers",
            "127.0.0.1:1",
            "--http-port",
            "0",
            "--passphrase-file",
            passphrase.toString(),
            "--data",
            data.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "custody: the collector's certificate is valid from 2019-12-31T23:55:00Z until 2020-01-01T23:55:00Z")
        .contains("hint: custody keys rotate collector");
  }

  @Test
  void withoutTheRootAndWithoutACertificateNothingStarts() throws Exception {
    init();
    Files.delete(data.resolve("keys/root.keyset"));
    Files.delete(data.resolve("keys/collector.cert"));
    assertThat(org.assertj.core.api.Assertions.catchThrowable(this::open))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has root.pub but not the root's keyset")
        .isNotInstanceOf(KeyException.class);
  }
}
