package dev.custody.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenFile;
import dev.custody.doctor.CommitProbe;
import dev.custody.local.CollectorClient;
import dev.custody.local.MissedHooks;
import dev.custody.local.RunningMark;
import dev.custody.redact.PatternException;
import dev.custody.redact.SecretPatterns;
import dev.custody.source.git.StagedSecrets;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for secrets in what is staged, tells the human, and tells the collector what became of the
 * commit. It fails open: a check that could not be made keeps nobody from committing, but is said
 * and noted.
 */
final class StagedCheck {
  static final String ALLOW = "CUSTODY_ALLOW_SECRET";

  private static final List<String> SESSIONS =
      List.of("CUSTODY_SESSION", "CLAUDE_CODE_SESSION_ID", "CODEX_SESSION_ID", "CODEX_THREAD_ID");
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MOST_SHOWN = 20;
  private static final int LONGEST_REASON = 1_000;
  private static final String AGENT = "git";

  private final Path data;
  private final Map<String, String> environment;
  private final boolean strict;
  private final PrintStream err;

  StagedCheck(Path data, Map<String, String> environment, boolean strict, PrintStream err) {
    this.data = data;
    this.environment = environment;
    this.strict = strict;
    this.err = err;
  }

  /** Checks the repository around {@code directory}; answers the exit code. */
  int run(Path directory) {
    usersPatterns();
    StagedSecrets.Report report;
    try {
      report = StagedSecrets.check(directory, environment);
    } catch (IOException | RuntimeException e) {
      say("custody: not checked for secrets: " + e.getMessage());
      say("hint: the commit goes on unchecked, and that is noted");
      note("SecretCheckFailed");
      return ExitCode.COULD_NOT_RUN;
    }
    for (StagedSecrets.Skipped skipped : report.skipped()) {
      say("custody: not checked for secrets: %s: %s".formatted(skipped.path(), skipped.reason()));
    }
    List<StagedSecrets.Found> refused =
        report.found().stream().filter(f -> strict || f.format()).toList();
    warn(report.found().stream().filter(f -> !strict && !f.format()).toList());
    return refused.isEmpty() ? ExitCode.FOUND : decide(report, refused);
  }

  /** What the collector takes out is refused here, too. */
  private void usersPatterns() {
    try {
      SecretPatterns.read(data.resolve("collector")).putInForce();
    } catch (PatternException e) {
      say("custody: " + e.getMessage());
      say("hint: only the built-in forms of secrets are looked for");
    }
  }

  private int decide(StagedSecrets.Report report, List<StagedSecrets.Found> found) {
    String reason = variable(ALLOW);
    if (reason == null) {
      say(CommitProbe.REFUSED + "%d secret%s:".formatted(found.size(), plural(found)));
      list(found);
      say(
          "hint: take them out and make them void if anybody saw them; or, if they are none: %s='why' git commit"
              .formatted(ALLOW));
      if (!isProbe(found)) {
        tell(report, found, "deny", null, "SecretCheckRefused");
      } else if (!isRecorded(CommitProbe.record(String.valueOf(session())))) {
        // Not noted: a probe that nobody took is told by custody doctor.
        say(CommitProbe.NOT_TAKEN);
      }
      return ExitCode.NOTHING_FOUND;
    }
    say(
        "custody: %s is set: the commit adds %d secret%s:"
            .formatted(ALLOW, found.size(), plural(found)));
    list(found);
    tell(report, found, "proceed", reason, "SecretCheckOverridden");
    return ExitCode.FOUND;
  }

  private void warn(List<StagedSecrets.Found> found) {
    if (!found.isEmpty()) {
      say("custody: these look like secrets and are not refused:");
      list(found);
    }
  }

  private void list(List<StagedSecrets.Found> found) {
    for (StagedSecrets.Found each : found.subList(0, Math.min(MOST_SHOWN, found.size()))) {
      err.println(
          "  " + Terminal.clean("%s:%d %s".formatted(each.path(), each.line(), each.kind())));
    }
    if (found.size() > MOST_SHOWN) {
      err.println("  and %d more".formatted(found.size() - MOST_SHOWN));
    }
  }

  private void tell(
      StagedSecrets.Report report,
      List<StagedSecrets.Found> found,
      String answer,
      @Nullable String reason,
      String hook) {
    ObjectNode check = JsonNodeFactory.instance.objectNode();
    check.put("directory", report.directory());
    check.put("answer", answer);
    check.put("reason", bounded(reason));
    check.put("session", session());
    ArrayNode secrets = check.putArray("secrets");
    for (StagedSecrets.Found each : found) {
      secrets
          .addObject()
          .put("file", each.path())
          .put("line", each.line())
          .put("kind", each.kind());
    }
    if (!isRecorded(check)) {
      say(CommitProbe.NOT_TAKEN + "; it is noted for the next one");
      note(hook);
    }
  }

  /** Asked of what is refused only: nothing gets into a repository as a probe. */
  private boolean isProbe(List<StagedSecrets.Found> found) {
    StagedSecrets.Found first = found.getFirst();
    return found.size() == 1 && CommitProbe.is(session(), first.path(), first.blob());
  }

  private boolean isRecorded(ObjectNode check) {
    String address = variable("CUSTODY_COLLECTOR");
    if (address == null) {
      address = RunningMark.read(data).map(RunningMark::http).orElse(null);
    }
    if (address == null) {
      return false;
    }
    try (CollectorClient client =
        new CollectorClient(
            address, PATIENCE, TokenFile.clientToken(environment, data).orElse(null))) {
      client.secretCheck(check);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void note(String hook) {
    try {
      new MissedHooks(data).note(AGENT, hook, session(), Instant.now());
    } catch (IOException e) {
      say("custody: not even noted: " + e.getMessage());
    }
  }

  private @Nullable String session() {
    return SESSIONS.stream()
        .filter(v -> variable(v) != null)
        .findFirst()
        .map(environment::get)
        .orElse(null);
  }

  private @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value;
  }

  private static @Nullable String bounded(@Nullable String reason) {
    return reason == null || reason.length() <= LONGEST_REASON
        ? reason
        : reason.substring(0, LONGEST_REASON);
  }

  private static String plural(List<?> list) {
    return list.size() == 1 ? "" : "s";
  }

  private void say(String line) {
    err.println(Terminal.clean(line));
  }
}
