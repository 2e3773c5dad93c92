package dev.custody.cli;

import dev.custody.admission.CertificateAuthority;
import dev.custody.digest.Bytes;
import dev.custody.identity.SpiffeId;
import dev.custody.local.CertificateFile;
import dev.custody.local.CollectorRole;
import dev.custody.local.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Certifies a public key with the organisation's root. */
@Command(
    name = "enroll",
    mixinStandardHelpOptions = true,
    description = {
      "Certifies a key with the organisation's root: a collector's, a human's or a log's.",
      "Without --public-key it certifies this directory's own collector.",
      "Refuses to run inside a coding agent: an agent must not vouch for anybody."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody keys enroll collector --name build-7 --public-key BASE64 --out build-7.cert",
      "  custody keys enroll collector --name laptop --valid 90d",
      "  custody keys enroll human --name dana@example.test --public-jwks dana.json --out dana.cert"
    })
final class KeysEnrollCommand implements Callable<Integer> {
  private static final int ED25519_BYTES = 32;
  private static final int MAX_JWKS_BYTES = 16 << 10;

  /** Whose key. */
  enum Role {
    COLLECTOR,
    HUMAN,
    LOG
  }

  @ParentCommand private KeysCommand keys;

  @Parameters(paramLabel = "ROLE", description = "collector, human or log.")
  private Role role = Role.COLLECTOR;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Host or SPIFFE ID of a collector, e-mail address of a human, origin of a log.")
  private @Nullable String name;

  @Option(
      names = "--public-key",
      paramLabel = "BASE64",
      description = "The raw Ed25519 key, as `custody keys show` has it.")
  private @Nullable String publicKey;

  @Option(
      names = "--public-jwks",
      paramLabel = "FILE",
      description = "A human's ES256 key as a JSON Web Key Set.")
  private @Nullable Path jwks;

  @Option(
      names = "--valid",
      paramLabel = "DAYS",
      defaultValue = "365d",
      description = "How long; ${DEFAULT-VALUE}.")
  private String valid = "365d";

  @Option(
      names = "--trust-domain",
      paramLabel = "NAME",
      defaultValue = "local",
      description = "SPIFFE trust domain of the organisation; ${DEFAULT-VALUE}.")
  private String trustDomain = "local";

  @Option(names = "--out", paramLabel = "FILE", description = "Where the certificate is written.")
  private @Nullable Path out;

  @Mixin private KeyOptions options;
  @Mixin private RootKeyOptions rootKeys;

  @SuppressWarnings("NullAway.Init")
  KeysEnrollCommand() {}

  @Override
  public Integer call() {
    Optional<String> agentAround = AgentProcess.around();
    if (agentAround.isPresent()) {
      throw new CouldNotRunException(
          "refused: this command runs inside a coding agent (" + agentAround.get() + ")",
          "run it in a shell of your own",
          null);
    }
    Path data = keys.data();
    return KeysCommand.doing(() -> {
      Installation here = Installation.open(data, options.protection(data), rootKeys.place());
      if (role == Role.COLLECTOR && publicKey == null) {
        here.enrolCollector(collector(), Instant.now(), KeysCommand.days(valid));
        KeysCommand.say("certified this directory's collector as " + collector());
      } else {
        write(certified(here.authority()));
      }
      return ExitCode.FOUND;
    });
  }

  private String collector() {
    String host = name == null ? CollectorRole.hostName() : name;
    return host.startsWith("spiffe://")
        ? SpiffeId.parse(host).toString()
        : SpiffeId.collector(trustDomain, host).toString();
  }

  private Bytes certified(CertificateAuthority root) throws IOException {
    Instant now = Instant.now();
    Duration validity = KeysCommand.days(valid);
    return switch (role) {
      case COLLECTOR -> root.certifyCollector(collector(), ed25519(), now, validity);
      case LOG -> root.certifyLog(named(), ed25519(), now, validity);
      case HUMAN -> root.certifyHuman(named(), jwks(), now, validity);
    };
  }

  private String named() throws IOException {
    if (name == null || name.isBlank()) {
      throw new IOException("expected --name, found none; try: custody keys enroll --help");
    }
    return name;
  }

  private Bytes ed25519() throws IOException {
    String given = publicKey == null ? "" : publicKey;
    byte[] key = ofBase64(given);
    if (key.length != ED25519_BYTES || !Base64.getEncoder().encodeToString(key).equals(given)) {
      throw new IOException(
          "--public-key: expected %d bytes in base64, found \"%s\"; try: custody keys show where the key is"
              .formatted(ED25519_BYTES, given));
    }
    return new Bytes(key);
  }

  private static byte[] ofBase64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private String jwks() throws IOException {
    Path file = jwks;
    if (file == null || Files.size(file) > MAX_JWKS_BYTES) {
      throw new IOException(
          "--public-jwks: expected a file of at most %d bytes; try: custody keys enroll --help"
              .formatted(MAX_JWKS_BYTES));
    }
    return Files.readString(file);
  }

  private void write(Bytes signed) throws IOException {
    if (out == null) {
      System.out.print(CertificateFile.text(signed));
      System.out.flush();
    } else {
      CertificateFile.write(out, signed);
      KeysCommand.say("wrote " + out);
    }
  }
}
