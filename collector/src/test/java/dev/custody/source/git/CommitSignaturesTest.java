package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits that git signed with keys of ssh-keygen, and others that only look signed. */
@Timeout(60)
final class CommitSignaturesTest {
  private static final String DANA = "dana@acme.example";

  @TempDir Path directory;

  private Watched acme;
  private GitCommand git;
  private Path signers;
  private Path config;

  @BeforeEach
  void start() throws IOException {
    directory = directory.toRealPath();
    signers = directory.resolve("allowed_signers");
    config = directory.resolve("gitconfig");
    Files.writeString(config, "[gpg \"ssh\"]\n  allowedSignersFile = ~/allowed_signers\n");
    acme = Watched.in(directory.resolve("acme"), new GitSettings(List.of(config), directory));
    git = acme.git();
    git.run("config", "gpg.format", "ssh");
    acme.scan();
  }

  @AfterEach
  void stop() {
    acme.close();
  }

  /** A new key; its public half, as a line of text. */
  private String key(String name, String... kind) throws Exception {
    List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-C", "", "-f"));
    command.add(directory.resolve(name).toString());
    command.addAll(List.of(kind));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } catch (IOException e) {
      Assumptions.abort("skipped: no ssh-keygen on this machine");
    }
    return Files.readString(directory.resolve(name + ".pub")).strip();
  }

  private void allow(String... lines) throws IOException {
    Files.writeString(signers, String.join("\n", lines) + "\n");
  }

  private String signed(String key, String message) {
    git.run("config", "user.signingkey", directory.resolve(key).toString());
    git.run("commit", "-q", "--allow-empty", "-S", "-m", message);
    return git.head();
  }

  private Event seen() {
    acme.scanNow();
    return acme.events(Body.CommitCreated.class).getLast();
  }

  private @Nullable String status() {
    return ((Body.CommitCreated) seen().body()).signatureStatus();
  }

  /** What git itself says with the same allowed signers. */
  private boolean isGoodToGit(String commit) {
    try {
      git.run("-c", "gpg.ssh.allowedSignersFile=" + signers, "verify-commit", commit);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Writes a changed copy of a commit, and puts the branch on it. */
  private String forge(String raw) {
    String id = git.feed(raw + "\n", "hash-object", "-t", "commit", "-w", "--stdin");
    git.run("update-ref", "refs/heads/main", id);
    return id;
  }

  private String raw(String commit) {
    return git.run("cat-file", "commit", commit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 2048"})
  void aSignatureOfAnAllowedKeyIsGoodAndAChangedCommitBad(String kind) throws Exception {
    String key = key("dana", ("-t " + kind).split(" "));
    allow("# who may", DANA + " " + key);
    for (int i = 0; i < 8; i++) { // Numbers of ECDSA have several lengths.
      String commit = signed("dana", "change " + i + "\n\nBody.");
      assertThat(status()).isEqualTo("ssh:good");
      assertThat(isGoodToGit(commit)).isTrue();
    }
    JsonNode said = new ObjectMapper().readTree(seen().content().toByteArray()).path("signature");
    assertThat(said.path("signer").asText()).isEqualTo(DANA);
    Process shown =
        new ProcessBuilder("ssh-keygen", "-lf", directory.resolve("dana.pub").toString()).start();
    assertThat(new String(shown.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains(said.path("fingerprint").asText());
    String forged = forge(raw(git.head()).replace("change 7", "change 8"));
    assertThat(status()).isEqualTo("ssh:bad");
    assertThat(isGoodToGit(forged)).isFalse();
  }

  @Test
  void aCommitWithoutASignatureHasNoStatus() {
    git.commit("a.txt", "plain");
    assertThat(status()).isNull();
    assertThat(((Body.CommitCreated) seen().body()).signed()).isFalse();
  }

  @Test
  void aKeyThatNobodyAllowedIsUnknownWhateverTheRepositorySays() throws Exception {
    String dana = key("dana", "-t", "ed25519");
    String eve = key("eve", "-t", "ed25519");
    allow(DANA + " " + dana);
    Path theirs = git.directory().resolve("signers");
    Files.writeString(theirs, "eve " + eve + "\n");
    git.run("config", "gpg.ssh.allowedSignersFile", theirs.toString());
    signed("eve", "first");
    assertThat(status()).isEqualTo("ssh:unknown-key");
    // Nor if the user's own configuration leads into the repository.
    Files.writeString(config, "[gpg \"ssh\"]\n  allowedSignersFile = " + theirs + "\n");
    signed("eve", "second");
    assertThat(status()).isEqualTo("ssh:not-verified");
    Files.writeString(config, "[gpg \"ssh\"]\n  allowedSignersFile = signers\n");
    signed("eve", "third");
    assertThat(status()).isEqualTo("ssh:not-verified");
    Path link = Files.createSymbolicLink(directory.resolve("link"), theirs);
    Files.writeString(config, "[gpg \"ssh\"]\n  allowedSignersFile = " + link + "\n");
    signed("eve", "fourth");
    assertThat(status()).isEqualTo("ssh:not-verified");
  }

  @Test
  void withoutAllowedSignersNothingIsVerifiedButWhatIsBadIsBad() throws Exception {
    key("dana", "-t", "ed25519");
    Files.writeString(config, "");
    signed("dana", "first");
    assertThat(status()).isEqualTo("ssh:not-verified");
    forge(raw(git.head()).replace("first", "other"));
    assertThat(status()).isEqualTo("ssh:bad");
  }

  @Test
  void optionsOfALineLimitWhatItAllows() throws Exception {
    String key = key("dana", "-t", "ed25519");
    for (String[] line :
        new String[][] {
          {"namespaces=\"git\" ", "ssh:good"},
          {"namespaces=\"file,g?t\" ", "ssh:good"},
          {"namespaces=\"file\" ", "ssh:unknown-key"},
          {"valid-after=\"20200101\",valid-before=\"20991231235959Z\" ", "ssh:good"},
          {"valid-before=\"202001010000Z\" ", "ssh:expired-key"},
          {"valid-after=\"2099010100\" ", "ssh:unknown-key"},
          {"valid-after=\"20990101\" ", "ssh:expired-key"},
          {"cert-authority ", "ssh:unknown-key"},
          {"something=\"else\" ", "ssh:unknown-key"},
        }) {
      allow("\"dana@acme.example,d*\" " + line[0] + key);
      String commit = signed("dana", line[0]);
      assertThat(status()).as(line[0]).isEqualTo(line[1]);
      assertThat(isGoodToGit(commit)).as(line[0]).isEqualTo(line[1].equals("ssh:good"));
    }
  }

  @Test
  void aRevokedKeyIsToldAndAListThatIsNotReadVerifiesNothing() throws Exception {
    String key = key("dana", "-t", "ed25519");
    allow(DANA + " " + key);
    Path revoked = directory.resolve("revoked");
    Files.writeString(config, Files.readString(config) + "  revocationFile = " + revoked + "\n");
    signed("dana", "no list");
    assertThat(status()).isEqualTo("ssh:not-verified");
    Files.writeString(revoked, "# nobody\n");
    signed("dana", "empty list");
    assertThat(status()).isEqualTo("ssh:good");
    Files.writeString(revoked, key + "\n");
    signed("dana", "on the list");
    assertThat(status()).isEqualTo("ssh:revoked-key");
    Files.writeString(revoked, "SSHKRL\n\0\0");
    signed("dana", "a binary list");
    assertThat(status()).isEqualTo("ssh:not-verified");
  }

  @Test
  void aSignatureForAnotherPurposeIsBad() throws Exception {
    allow(DANA + " " + key("dana", "-t", "ed25519"));
    signed("dana", "first");
    String raw = raw(git.head());
    String payload = raw.replaceAll("(?m)^gpgsig .*\n(?: .*\n)*", "") + "\n";
    Path file = directory.resolve("payload");
    Files.writeString(file, payload);
    Process sign =
        new ProcessBuilder(
                "ssh-keygen",
                "-Y",
                "sign",
                "-n",
                "file",
                "-f",
                directory.resolve("dana").toString(),
                file.toString())
            .start();
    assertThat(sign.waitFor()).isZero();
    String armoured = Files.readString(directory.resolve("payload.sig")).strip();
    int at = payload.indexOf("\n\n");
    forge(
        payload.substring(0, at)
            + "\ngpgsig "
            + armoured.replace("\n", "\n ")
            + payload.substring(at).stripTrailing());
    assertThat(status()).isEqualTo("ssh:bad");
  }

  @Test
  void twoSignaturesInOneCommitAreBad() throws Exception {
    allow(DANA + " " + key("dana", "-t", "ed25519"));
    signed("dana", "first");
    String raw = raw(git.head());
    int from = raw.indexOf("gpgsig ");
    int to = raw.indexOf("\n\n");
    forge(raw.substring(0, to + 1) + raw.substring(from, to + 1) + raw.substring(to + 1));
    assertThat(status()).isEqualTo("ssh:bad");
  }

  @Test
  void otherSignaturesAreNamedAndNotVerified() {
    String first = git.commit("a.txt", "first");
    String tree = git.run("rev-parse", first + "^{tree}");
    for (String[] kind :
        new String[][] {
          {"-----BEGIN PGP SIGNATURE-----", "gpg:not-verified"},
          {"-----BEGIN SIGNED MESSAGE-----", "x509:not-verified"},
          {"something", "unknown:not-verified"},
          {"-----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----", "ssh:bad"},
          {"-----BEGIN SSH SIGNATURE-----\n *\n -----END SSH SIGNATURE-----", "ssh:bad"},
          {"-----BEGIN SSH SIGNATURE-----\n " + "A".repeat(100_000), "ssh:bad"},
        }) {
      forge(
          "tree %s\nparent %s\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\ngpgsig %s\n\nm"
              .formatted(tree, first, kind[0]));
      assertThat(status()).isEqualTo(kind[1]);
      assertThat(((Body.CommitCreated) seen().body()).signed()).isTrue();
    }
  }

  @Test
  void aProgramThatTheRepositoryNamesIsNotRun() throws Exception {
    allow(DANA + " " + key("dana", "-t", "ed25519"));
    signed("dana", "first");
    Path ran = directory.resolve("ran");
    for (String setting : List.of("gpg.program", "gpg.ssh.program", "gpg.x509.program")) {
      git.run("config", setting, "touch " + ran);
    }
    assertThat(status()).isEqualTo("ssh:good");
    assertThat(ran).doesNotExist();
  }
}
