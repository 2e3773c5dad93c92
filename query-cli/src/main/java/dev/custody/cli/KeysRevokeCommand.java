package dev.custody.cli;

import dev.custody.admission.Examiner.Linked;
import dev.custody.admission.TrustedRoots;
import dev.custody.audit.AdmittedSink;
import dev.custody.audit.Audit;
import dev.custody.audit.AuditOptions;
import dev.custody.audit.LogDirectorySource;
import dev.custody.audit.RecordSource;
import dev.custody.audit.TopicSource;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.local.Installation;
import dev.custody.trust.Revocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Has the root say that a key is trusted no longer. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = {
      "Has the root say that a key is trusted up to a position of a chain, and no further.",
      "The position's link hash is read from the log, which is verified for it; --link names it instead.",
      "The revocation is kept in DATA/keys/revocations, recorded through the collector, and written to --out for auditors."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody keys revoke --chain 7f3a... --after 4711 --reason 'laptop stolen'",
      "  custody keys revoke --chain 7f3a... --after 4711 --reason lost --out revoked --no-record"
    })
final class KeysRevokeCommand implements Callable<Integer> {
  @ParentCommand private KeysCommand keys;

  @Option(
      names = "--chain",
      required = true,
      paramLabel = "ID",
      description = "The chain, 32 hex digits, as `custody verify --json` has it.")
  private String chain;

  @Option(
      names = "--after",
      required = true,
      paramLabel = "N",
      description = "The last position that is trusted.")
  private long after;

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
  private String reason;

  @Option(
      names = "--key",
      paramLabel = "ID",
      description =
          "The key's id, 32 hex digits; the one that sealed that position when not given.")
  private @Nullable String key;

  @Option(
      names = "--link",
      paramLabel = "HASH",
      description = "Link hash of that position, 64 hex digits; needs --key.")
  private @Nullable String link;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Read the topic from this Kafka, in place of the files in DATA/kafka.")
  private @Nullable String servers;

  @Option(names = "--out", paramLabel = "FILE", description = "Also write it there, for auditors.")
  private @Nullable Path out;

  @Option(names = "--no-record", description = "Do not record it through a collector.")
  private boolean notRecorded;

  @Mixin private RunOptions run;
  @Mixin private RootKeyOptions rootKeys;

  @SuppressWarnings("NullAway.Init")
  KeysRevokeCommand() {}

  /** What stands at the last trusted position. */
  private record Sealed(Digest link, KeyId key) {}

  @Override
  public Integer call() {
    Path data = keys.data();
    Revocation revocation = KeysCommand.doing(() -> sign(data));
    KeysCommand.say("revoked: " + revocation);
    return notRecorded
        ? ExitCode.FOUND
        : Writing.run(
            data,
            run,
            collector -> {
              boolean fresh =
                  collector.revocation(revocation.fileText()).path("recorded").asInt() > 0;
              KeysCommand.say(fresh ? "recorded in the log" : "it was in the log already");
              return ExitCode.FOUND;
            });
  }

  private Revocation sign(Path data) throws IOException, dev.custody.signing.KeyException {
    Installation here = Installation.open(data, run.protection(data), rootKeys.place());
    ChainId named = ChainId.ofHex(chain);
    Sealed sealed =
        link != null && key != null
            ? new Sealed(Digest.ofHex(link), new KeyId(java.util.HexFormat.of().parseHex(key)))
            : stored(data, here.roots(), named);
    KeyId revoked = key == null ? sealed.key() : new KeyId(java.util.HexFormat.of().parseHex(key));
    Revocation signed =
        Revocation.sign(here.rootSigner(), revoked, named, after, sealed.link(), reason);
    // On disk before anything else: what was recorded can be shown to an auditor.
    append(Installation.revocationFile(data), signed);
    if (out != null) {
      append(out, signed);
    }
    return signed;
  }

  private static void append(Path file, Revocation signed) throws IOException {
    String known = Files.exists(file) ? Files.readString(file) : "";
    if (!known.contains(signed.fileText())) {
      Files.writeString(
          file, signed.fileText(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  private Sealed stored(Path data, TrustedRoots roots, ChainId named) throws IOException {
    Finding finding = new Finding(named);
    try (RecordSource source = source(data)) {
      // Damage elsewhere is for `verify` to tell; what is looked for verifies by itself.
      var _ = new Audit(roots, AuditOptions.DEFAULT.admitted(finding)).run(source, () -> {});
    }
    Sealed found = finding.found;
    if (found == null) {
      throw new IOException(
          "#%d of chain %s is not in the log, or does not verify there; try: custody verify, or name it: --link HASH --key ID"
              .formatted(after, named));
    }
    return found;
  }

  private RecordSource source(Path data) throws IOException {
    return servers == null
        ? new LogDirectorySource(data.resolve("kafka"))
        : new TopicSource(servers);
  }

  /** Keeps what stands at one position, where it verifies. */
  private final class Finding implements AdmittedSink {
    private final ChainId named;
    private volatile @Nullable Sealed found;

    Finding(ChainId named) {
      this.named = named;
    }

    @Override
    public void admitted(int partition, long offset, Link link, Digest hash) {
      // The key is needed.
    }

    @Override
    public void admitted(int partition, long offset, Linked record) {
      if (record.link().sequence() == after && record.link().chain().equals(named)) {
        found = new Sealed(record.hash(), record.envelope().key());
      }
    }
  }
}
