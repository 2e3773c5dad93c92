package dev.custody.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.WireStatus;
import dev.custody.hook.WireStatus.State;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What is wired. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Says of each agent whether it is wired to the collector, whole, in part, or for another port.",
      "Exit code 1 when one that was asked for is not whole. custody doctor tries the wires."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  custody hook status", "  custody hook status git --project ~/src/api --json"})
final class HookStatusCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private HookCommand parent;

  @Parameters(
      paramLabel = "AGENT",
      description = "claude-code, codex, gemini-cli, opencode, git, or all; all without it.")
  private List<String> names = List.of("all");

  @Option(
      names = "--json",
      description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
  private boolean json;

  @Mixin private WireOptions wires;

  @SuppressWarnings("NullAway.Init")
  HookStatusCommand() {}

  @Override
  public Integer call() {
    HookSetup setup = new HookSetup(wires.machine(parent.custody()));
    HookOptions options = wires.options(parent.custody());
    return HookWork.each(
        wires.wires(names, setup, false),
        wire -> {
          WireStatus status = setup.status(wire, options);
          if (json) {
            line(Output.stream(), status);
          } else {
            people(Output.terminal(), status);
          }
          return status.state() == State.INSTALLED ? ExitCode.FOUND : ExitCode.NOTHING_FOUND;
        },
        !json);
  }

  private static void line(PrintStream out, WireStatus status) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("kind", "Wire").put("wire", status.wire().id()).put("state", status.state().name());
    status.files().forEach(file -> line.withArray("files").add(file.toString()));
    line.putArray("ports");
    status.ports().stream().sorted().forEach(port -> line.withArray("ports").add(port));
    line.putArray("missing");
    status.missing().forEach(missing -> line.withArray("missing").add(missing));
    line.putArray("notes");
    status.notes().forEach(note -> line.withArray("notes").add(note));
    out.print(line + "\n");
    out.flush();
  }

  private static void people(Terminal terminal, WireStatus status) {
    Terminal.Style style =
        switch (status.state()) {
          case INSTALLED -> Terminal.Style.GOOD;
          case PARTLY, OTHER_PORT -> Terminal.Style.WEAK;
          case NOT_INSTALLED -> Terminal.Style.FAINT;
        };
    String ports =
        status.state() == State.OTHER_PORT
            ? " " + status.ports().stream().sorted().map(String::valueOf).toList()
            : "";
    terminal.line("  " + terminal.styled(style, status.state().words() + ports));
    status.files().forEach(f -> terminal.line("  in      " + Terminal.clean(f.toString())));
    status.missing().forEach(m -> terminal.line("  missing " + Terminal.clean(m)));
    status.notes().forEach(n -> terminal.line("  note    " + Terminal.clean(n)));
    terminal.flush();
  }
}
