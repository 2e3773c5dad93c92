package dev.custody.cli;

import dev.custody.local.Installation;
import dev.custody.note.Cosigner;
import dev.custody.note.NoteException;
import dev.custody.note.VerifierKey;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.witness.Witness;
import dev.custody.witness.WitnessException;
import dev.custody.witness.WitnessServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A witness of transparency logs. */
@Command(
    name = "witness",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a witness: cosigns the checkpoints of the logs that it knows, each only as an extension"
          + " of the one before, so that a log which forks or is cut short finds no cosignature.",
      "Run it away from whoever runs the log: it needs neither their Kafka nor their files. It"
          + " speaks c2sp.org/tlog-witness; put a proxy with TLS before it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody witness --name witness.example/w1 --key-dir keys --state state \\",
      "    --origin log.example/custody/0/1+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      "",
      "Losing the state means a new key: a witness that forgot may cosign a fork."
    })
final class WitnessCommand implements Callable<Integer> {
  private static final String KEY = "witness";
  private static final int LARGEST_PORT = 65_535;

  @Option(
      names = "--key-dir",
      required = true,
      paramLabel = "DIR",
      description = "Where the key is; made when it is missing.")
  private Path keyDirectory;

  @Option(
      names = "--wrapping-key",
      paramLabel = "FILE",
      description =
          "The key that encrypts it; $CUSTODY_WRAPPING_KEY, or ~/.config/custody/wrapping.key.")
  private @Nullable Path wrappingKey;

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "Name in the cosignatures, such as witness.example/w1.")
  private String name;

  @Option(
      names = "--origin",
      required = true,
      paramLabel = "VKEY",
      description = "Key of a log to watch; may be given again.")
  private List<String> origins = List.of();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7480",
      description = "Where to listen; ${DEFAULT-VALUE}; port 0 for any.")
  private String listen;

  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "What it has cosigned; belongs to this key and this process alone.")
  private Path state;

  @Mixin private HealthFile health;

  @SuppressWarnings("NullAway.Init")
  WitnessCommand() {}

  @Override
  public Integer call() {
    int colon = listen.lastIndexOf(':');
    String host = colon < 1 ? "" : listen.substring(0, colon).replaceAll("^\\[|]$", "");
    int port = port(listen.substring(colon + 1));
    if (host.isEmpty()) {
      throw notAnAddress(null);
    }
    Witness witness = open(logs());
    WitnessServer server = start(witness, host, port);
    return RoleProcess.serve(
        "ready witness=http://%s:%d vkey=%s"
            .formatted(listen.substring(0, colon), server.port(), witness.key()),
        server,
        () -> true,
        health);
  }

  private int port(String digits) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 0 && port <= LARGEST_PORT) {
        return port;
      }
      throw notAnAddress(null);
    } catch (NumberFormatException e) {
      throw notAnAddress(e);
    }
  }

  private CouldNotRunException notAnAddress(@Nullable Throwable cause) {
    return new CouldNotRunException(
        "--listen: expected HOST:PORT, found " + listen, "leave it out for 127.0.0.1:7480", cause);
  }

  private List<VerifierKey> logs() {
    List<VerifierKey> keys = new ArrayList<>();
    for (String origin : origins) {
      try {
        keys.add(VerifierKey.parse(origin));
      } catch (NoteException e) {
        throw new CouldNotRunException(
            "--origin: " + e.getMessage(), "give the log's vkey, name+id+key", e);
      }
    }
    return keys;
  }

  private Witness open(List<VerifierKey> logs) {
    try {
      Path wrapping = wrappingKey == null ? Installation.defaultWrappingKey() : wrappingKey;
      KeyDirectory keys = KeyDirectory.open(keyDirectory, wrapping);
      boolean fresh = !keys.has(KEY);
      Cosigner cosigner = new Cosigner(name, keys.signer(KEY));
      return Witness.open(state, cosigner, fresh, logs, InstantSource.system());
    } catch (WitnessException e) {
      throw told(e);
    } catch (KeyException e) {
      throw new CouldNotRunException(
          String.valueOf(e.getMessage()), "name the key's directory: --key-dir DIR", e);
    } catch (IllegalArgumentException e) {
      throw new CouldNotRunException(
          "--name: " + e.getMessage(), "a name such as witness.example/w1", e);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "the state cannot be used: " + e, "name a directory of this user: --state DIR", e);
    }
  }

  private static WitnessServer start(Witness witness, String host, int port) {
    try {
      return WitnessServer.start(witness, host, port);
    } catch (WitnessException e) {
      throw told(e);
    }
  }

  private static CouldNotRunException told(WitnessException e) {
    String message = String.valueOf(e.getMessage());
    int hint = message.indexOf("; try: ");
    return hint < 0
        ? new CouldNotRunException(message, "custody witness --help", e)
        : new CouldNotRunException(message.substring(0, hint), message.substring(hint + 7), e);
  }
}
