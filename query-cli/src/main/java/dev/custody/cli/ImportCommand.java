package dev.custody.cli;

import dev.custody.access.TokenFile;
import dev.custody.local.CollectorClient;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.gcp.GcpSource;
import dev.custody.source.github.GitHubSource;
import dev.custody.source.kubernetes.KubernetesSource;
import dev.custody.source.records.RecordShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Brings audit logs of the world into the chain. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Imports audit logs of the world.",
    subcommands = {
      ImportCommand.CloudTrail.class,
      ImportCommand.Gcp.class,
      ImportCommand.GitHub.class,
      ImportCommand.Kubernetes.class
    })
final class ImportCommand implements Runnable {
  private static final String EXAMPLES = "%nExamples:%n";

  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  ImportCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "expected what to import, found nothing: one of "
            + String.join(", ", spec.subcommands().keySet()));
  }

  /** What all of them take and do. */
  abstract static class Log implements Callable<Integer> {
    private final RecordShape shape;

    @ParentCommand private ImportCommand parent;

    @Parameters(
        arity = "1..*",
        paramLabel = "PATH",
        description = {
          "Files, directories, or - for standard input; compressed or not. Records in an array, wrapped as the provider",
          "delivers them, or one a line. A record that was imported before is left out, so an import can be repeated or gone",
          "on with at any time. What cannot be read is named with its place; the rest goes on, and the exit code is 1."
        })
    private List<Path> paths = new ArrayList<>();

    @Option(
        names = "--follow",
        description = {
          "Goes on with what is written to the files, and with files that appear in the directories, until it is stopped.",
          "The next --follow of this log goes on where this one ended. Files that are rotated are read to their end."
        })
    private boolean follow;

    @Option(
        names = "--import-token-file",
        paramLabel = "FILE",
        description = {
          "Whose first token says that this may be imported; else that which $CUSTODY_IMPORT_TOKEN_FILE names, else",
          "DATA/import.token, which the collector makes."
        })
    private @Nullable Path importTokenFile;

    @Mixin private RunOptions run;

    @SuppressWarnings("NullAway.Init")
    Log(RecordShape shape) {
      this.shape = shape;
    }

    @Override
    public Integer call() {
      Path data = parent.custody.data();
      if (follow && paths.contains(Path.of("-"))) {
        throw new ParameterException(
            parent.spec.commandLine(),
            "--follow: expected files or directories, found -; standard input is read to its end without it");
      }
      return Writing.run(
          data,
          run,
          client -> {
            CollectorClient collector = client.importing(tokenFile(data));
            return follow
                ? new RecordFollow(collector, shape, data, System.out, System.err).run(paths)
                : new RecordImport(collector, shape, System.in, System.out, System.err).run(paths);
          });
    }

    private Path tokenFile(Path data) {
      return importTokenFile == null ? TokenFile.ofImports(System.getenv(), data) : importTokenFile;
    }
  }

  /** AWS CloudTrail. */
  @Command(
      name = "cloudtrail",
      mixinStandardHelpOptions = true,
      description = "Imports AWS CloudTrail records.",
      footerHeading = EXAMPLES,
      footer = {
        "  custody import cloudtrail trail.json.gz",
        "  custody import cloudtrail /var/log/cloudtrail/",
        "  zcat *.gz | custody import cloudtrail -"
      })
  static final class CloudTrail extends Log {
    CloudTrail() {
      super(CloudTrailSource.SHAPE);
    }
  }

  /** Audit logs of Google Cloud and Google Workspace. */
  @Command(
      name = "gcp",
      mixinStandardHelpOptions = true,
      description =
          "Imports audit log entries of Google Cloud and Google Workspace, as Cloud Logging exports or lists them.",
      footerHeading = EXAMPLES,
      footer = {
        "  custody import gcp cloudaudit.googleapis.com/      as a sink writes them to a bucket",
        "  gcloud logging read 'log_id(\"cloudaudit.googleapis.com/activity\")' --format=json | custody import gcp -"
      })
  static final class Gcp extends Log {
    Gcp() {
      super(GcpSource.SHAPE);
    }
  }

  /** GitHub's audit log. */
  @Command(
      name = "github",
      mixinStandardHelpOptions = true,
      description =
          "Imports the audit log of a GitHub organisation or enterprise, as exported, streamed or from the REST API.",
      footerHeading = EXAMPLES,
      footer = {
        "  custody import github export-acme.json",
        "  gh api --paginate '/orgs/acme/audit-log?include=all' | custody import github -"
      })
  static final class GitHub extends Log {
    GitHub() {
      super(GitHubSource.SHAPE);
    }
  }

  /** Audit logs of Kubernetes API servers. */
  @Command(
      name = "kubernetes",
      mixinStandardHelpOptions = true,
      description = "Imports audit events of Kubernetes API servers (audit.k8s.io/v1).",
      footerHeading = EXAMPLES,
      footer = {
        "  custody import kubernetes /var/log/kubernetes/audit/audit.log --follow",
      })
  static final class Kubernetes extends Log {
    Kubernetes() {
      super(KubernetesSource.SHAPE);
    }
  }
}
