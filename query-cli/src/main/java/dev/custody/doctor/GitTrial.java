package dev.custody.doctor;

import dev.custody.hook.Machine;
import dev.custody.hook.ProbeTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tries the hooks of git that are installed, by commits that git itself makes. */
final class GitTrial {
  private final Machine machine;

  GitTrial(Machine machine) {
    this.machine = machine;
  }

  /** What came of it; null when a probe was sent and is to be looked for. */
  @Nullable Check run(Probe probe, ProbeTarget.GitHook hook) throws InterruptedException {
    Check unfit = unfit(probe.name(), hook);
    if (unfit != null) {
      return unfit;
    }
    try (Scratch scratch = Scratch.make()) {
      TrialRepository repository = TrialRepository.make(machine, scratch, hook);
      return hook.name().equals("pre-commit")
          ? check(probe, hook, repository)
          : trailer(probe, hook, repository);
    } catch (IOException e) {
      return Check.note(
          probe.name(),
          "was not tried: " + e.getMessage(),
          "git is needed, and room for temporary files; java.io.tmpdir names another place for them");
    }
  }

  private static @Nullable Check unfit(String name, ProbeTarget.GitHook hook) {
    String install = "custody hook install git --project " + hook.project();
    if (!Files.exists(hook.file())) {
      return Check.failed(name, "is not there", install);
    }
    if (!hook.ours()) {
      return Check.failed(name, "is not Custody's", install);
    }
    return Files.isExecutable(hook.file())
        ? null
        : Check.failed(name, "is not executable, so git leaves it out", "chmod +x " + hook.file());
  }

  /** A commit goes on, and one that adds a secret does not. */
  private @Nullable Check check(Probe probe, ProbeTarget.GitHook hook, TrialRepository repository)
      throws IOException, InterruptedException {
    Map<String, String> session = Map.of("CUSTODY_SESSION", probe.session());
    Attempt clean = repository.commit(session);
    if (!clean.succeeded()) {
      return stopped(probe, hook, clean);
    }
    repository.stage(CommitProbe.FILE, CommitProbe.TEXT);
    Attempt secret = repository.commit(session);
    if (secret.succeeded()) {
      return Check.failed(
          probe.name(),
          "lets a made-up secret be committed"
              + (secret.said().isBlank() ? "" : "; it " + secret.end()),
          "is the command there that it calls? custody hook install git --project "
              + hook.project());
    }
    if (!secret.said().contains(CommitProbe.REFUSED)) {
      return stopped(probe, hook, secret);
    }
    return secret.said().contains(CommitProbe.NOT_TAKEN)
        ? Check.failed(
            probe.name(),
            "refuses a made-up secret, but no collector took that down",
            "custody up; git's hooks speak to that of CUSTODY_COLLECTOR, or of CUSTODY_DATA or ~/.custody")
        : null;
  }

  /** A commit of a tagged session says so; nobody is told of it. */
  private Check trailer(Probe probe, ProbeTarget.GitHook hook, TrialRepository repository)
      throws IOException, InterruptedException {
    Attempt commit = repository.commit(Map.of("CUSTODY_SESSION_TAG", probe.session()));
    if (!commit.succeeded()) {
      return stopped(probe, hook, commit);
    }
    return repository.message().contains("Custody-Session: " + probe.session())
        ? Check.ok(probe.name(), "a commit of a tagged session has its trailer")
        : Check.failed(
            probe.name(),
            "a commit of a tagged session has no trailer Custody-Session",
            "custody hook install git --project " + hook.project());
  }

  /** Custody's own stops a commit for a secret only: if another is called first, it is that one. */
  private static Check stopped(Probe probe, ProbeTarget.GitHook hook, Attempt commit) {
    return Files.isExecutable(hook.before())
        ? Check.note(
            probe.name(),
            "was not tried: %s, which it calls first, stops the commit of the trial, which %s"
                .formatted(hook.before(), commit.end()),
            "if it needs files of its project, stage something there and run: custody git check-staged")
        : Check.failed(
            probe.name(),
            "stops a commit; git " + commit.end(),
            "custody hook install git --project " + hook.project());
  }
}
