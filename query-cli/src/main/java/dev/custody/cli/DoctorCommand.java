package dev.custody.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenException;
import dev.custody.access.TokenFile;
import dev.custody.doctor.Check;
import dev.custody.doctor.CollectorChecks;
import dev.custody.doctor.MachineChecks;
import dev.custody.doctor.Probes;
import dev.custody.doctor.WireChecks;
import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.Machine;
import dev.custody.hook.ProbeTarget;
import dev.custody.hook.Wire;
import dev.custody.local.Installation;
import dev.custody.local.ProcessorLag;
import dev.custody.local.RunningMark;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Whether capture works. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at the machine and the collector, sends a probe on every way that the agents' settings name, and looks for",
      "it where answers come from. Of a project's git hooks it makes a commit with a made-up secret, in a repository of its own.",
      "Prints ok or failed, with what to do; exit code 1 when something failed.",
      "A probe is recorded as the collector's own event and counts as nobody's activity."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody doctor",
      "  custody doctor --project ~/src/api      the wires of that project as well, git's hooks among them",
      "  custody doctor --json"
    })
final class DoctorCommand implements Callable<Integer>, ReadsOnly {
  /** The variable that {@code hook install} names in Claude Code's settings. */
  private static final String TOKEN_VARIABLE = "CUSTODY_TOKEN";

  @ParentCommand private CustodyCommand custody;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "Longest time until a probe has to be found; ${DEFAULT-VALUE}.")
  private int wait;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Kafka, for the processor's lag; without it that of the data directory.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--json",
      description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
  private boolean json;

  @Mixin private WireOptions wires;

  @SuppressWarnings("NullAway.Init")
  DoctorCommand() {}

  @Override
  public Integer call() {
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build()) {
      return report(checks(http));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CouldNotRunException("interrupted", "run it again", e);
    }
  }

  private List<Check> checks(HttpClient http) throws InterruptedException {
    Machine machine = wires.machine(custody);
    HookOptions options = wires.options(custody);
    HookSetup setup = new HookSetup(machine);
    Optional<RunningMark> running = RunningMark.read(custody.data());
    List<Check> checks =
        new ArrayList<>(
            new MachineChecks(
                    custody.data(),
                    Installation.defaultWrappingKey(),
                    machine.environment().getOrDefault("PATH", ""))
                .all());
    String address = running.map(RunningMark::http).orElse("http://127.0.0.1:" + options.port());
    checks.addAll(new CollectorChecks(http, address).all());
    lag(running).ifPresent(checks::add);
    WireChecks found = WireChecks.of(setup, options);
    checks.addAll(found.checks());
    importToken(machine).ifPresent(checks::add);
    Optional<String> token = token(checks, found.targets(), machine);
    checks.addAll(
        new Probes(machine, http, custody.index(), Duration.ofSeconds(wait), token.orElse(null))
            .send(found.targets()));
    return checks;
  }

  /** The token that requests carry, if there is one; what is wrong with it joins {@code checks}. */
  private Optional<String> token(List<Check> checks, List<ProbeTarget> targets, Machine machine) {
    Optional<Path> file = TokenFile.ofClient(machine.environment(), custody.data());
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      String token = TokenFile.read(file.get()).getFirst();
      boolean posts =
          targets.stream()
              .anyMatch(t -> t instanceof ProbeTarget.Url && t.wire() == Wire.CLAUDE_CODE);
      checks.add(
          posts && !token.equals(machine.environment().get(TOKEN_VARIABLE))
              ? new Check(
                  "token",
                  Check.Result.NOTE,
                  "%s; %s does not hold it here".formatted(file.get(), TOKEN_VARIABLE),
                  "Claude Code's posts carry that variable: export it where agents are started")
              : new Check("token", Check.Result.OK, file.get().toString(), ""));
      return Optional.of(token);
    } catch (IOException e) {
      String[] told = String.valueOf(e.getMessage()).split("; try: ", 2);
      checks.add(
          new Check(
              "token", Check.Result.FAILED, told[0], told.length > 1 ? told[1] : "is it yours?"));
      return Optional.empty();
    }
  }

  /** Who can read the token for imports can make up what a provider recorded. */
  private Optional<Check> importToken(Machine machine) {
    Path file = TokenFile.ofImports(machine.environment(), custody.data());
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      var _ = TokenFile.importToken(file);
      return Optional.of(
          new Check(
              "import token",
              Check.Result.NOTE,
              file
                  + " is this user's: an agent that runs as this user can forge providers' records",
              "run the collector as a user of its own: docs/operations.md"));
    } catch (TokenException e) {
      String[] told = String.valueOf(e.getMessage()).split("; try: ", 2);
      return Optional.of(
          new Check(
              "import token",
              Check.Result.FAILED,
              told[0],
              told.length > 1 ? told[1] : "is it yours?"));
    } catch (IOException e) {
      return Optional.of(
          new Check("import token", Check.Result.OK, file + " is another user's", ""));
    }
  }

  private Optional<Check> lag(Optional<RunningMark> running) throws InterruptedException {
    String kafka =
        bootstrapServers == null
            ? running.map(RunningMark::kafka).filter(k -> !k.isBlank()).orElse(null)
            : bootstrapServers;
    if (kafka == null) {
      return Optional.empty();
    }
    OptionalLong lag = ProcessorLag.of(kafka);
    return Optional.of(
        lag.isPresent()
            ? new Check(
                "processor",
                lag.getAsLong() > 10_000 ? Check.Result.NOTE : Check.Result.OK,
                lag.getAsLong() + " events behind the log",
                lag.getAsLong() > 10_000 ? "answers lag as much; is the processor running?" : "")
            : new Check(
                "processor",
                Check.Result.FAILED,
                "Kafka at " + kafka + " does not tell how far it is",
                "is Kafka running?"));
  }

  private int report(List<Check> checks) {
    if (json) {
      for (Check check : checks) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("kind", "Check").put("name", check.name()).put("result", check.result().name());
        line.put("found", check.found()).put("todo", check.todo().isEmpty() ? null : check.todo());
        Output.stream().print(line + "\n");
      }
      Output.stream().flush();
    } else {
      Terminal terminal = Output.terminal();
      checks.forEach(check -> people(terminal, check));
      terminal.flush();
    }
    return checks.stream().anyMatch(c -> c.result() == Check.Result.FAILED)
        ? ExitCode.NOTHING_FOUND
        : ExitCode.FOUND;
  }

  private static void people(Terminal terminal, Check check) {
    String result =
        switch (check.result()) {
          case OK -> terminal.styled(Terminal.Style.GOOD, "ok    ");
          case NOTE -> terminal.styled(Terminal.Style.WEAK, "note  ");
          case FAILED -> terminal.styled(Terminal.Style.BAD, "failed");
        };
    terminal.line(
        "%s  %s: %s"
            .formatted(result, Terminal.clean(check.name()), Terminal.clean(check.found())));
    if (!check.todo().isEmpty()) {
      terminal.line("        " + Terminal.clean(check.todo()));
    }
  }
}
