package dev.custody.cli;

import dev.custody.tiles.Cosigning;
import dev.custody.tiles.Witnessed;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.WitnessPolicy;
import dev.custody.witness.WitnessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who must cosign a checkpoint before it is shown. */
final class WitnessPolicyOption {
  @Option(
      names = "--witness-policy",
      paramLabel = "FILE",
      description =
          "Witnesses with their URLs, and the quorum (C2SP tlog-policy): a checkpoint is shown once"
              + " enough of them have cosigned it.")
  private @Nullable Path file;

  Cosigning cosigning() {
    Path policy = file;
    if (policy == null) {
      return Cosigning.none();
    }
    try {
      return new Witnessed(WitnessPolicy.parse(Files.readAllBytes(policy)));
    } catch (TlogException | WitnessException e) {
      throw new CouldNotRunException(
          "%s is no policy: %s".formatted(policy, e.getMessage()),
          "see c2sp.org/tlog-policy, and docs/tlog.md",
          e);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "%s cannot be read: %s".formatted(policy, e.getMessage()),
          "name a file that is there",
          e);
    }
  }
}
