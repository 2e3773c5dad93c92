package dev.custody.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.custody.cli.Terminal.Style;
import dev.custody.tiles.DirectoryFailure;
import dev.custody.tiles.TileDirectoryAudit.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** How the verification of an exported log looks, for people and for programs. */
final class DirectoryReport {
  private static final int LONGEST = 300;
  private static final String NOT_CHECKED =
      "what the entries stand for: an exported log has no events, and no seals";

  private final Path directory;

  DirectoryReport(Path directory) {
    this.directory = directory;
  }

  void print(Result result, boolean json) {
    if (json) {
      PrintStream out = Output.stream();
      JsonLines lines = new JsonLines(out);
      result.failures().forEach(failure -> lines.line(fields -> write(fields, failure)));
      lines.line(fields -> summary(fields, result));
      out.flush();
      return;
    }
    Terminal terminal = Output.terminal();
    result.failures().forEach(failure -> print(terminal, failure));
    terminal.line("not checked: " + NOT_CHECKED);
    String size =
        String.format(Locale.ROOT, "%,d entries of %,d chains", result.entries(), result.chains());
    terminal.line(
        result.intact()
            ? terminal.styled(Style.GOOD, "intact: " + size + " in " + name())
            : terminal.styled(
                Style.BAD,
                "NOT INTACT: %d failures in %s; first: %s %s"
                    .formatted(
                        result.failures().size(),
                        size,
                        result.failures().getFirst().name(),
                        subject(result.failures().getFirst()))));
    terminal.flush();
  }

  private String name() {
    return Terminal.clean(directory.toString());
  }

  private static void print(Terminal terminal, DirectoryFailure failure) {
    terminal.line(terminal.styled(Style.BAD, failure.name()) + "  " + subject(failure));
    terminal.line("  file      " + Terminal.clean(failure.where().file(), LONGEST));
    terminal.line("  expected  " + Terminal.clean(failure.expected(), LONGEST));
    terminal.line("  found     " + Terminal.clean(failure.found(), LONGEST));
    terminal.line("  next      " + failure.next());
    terminal.line("");
  }

  private static String subject(DirectoryFailure failure) {
    var chain = failure.where().chain();
    Long index = failure.where().index();
    String entry = index == null ? failure.where().file() : "entry " + index;
    return chain == null
        ? entry
        : entry + ", " + chain.shortHex() + "#" + failure.where().sequence();
  }

  private static void write(JsonGenerator json, DirectoryFailure failure) throws IOException {
    DirectoryFailure.Where where = failure.where();
    var chain = where.chain();
    json.writeStringField("kind", "Failure");
    json.writeStringField("verdict", failure.name());
    json.writeStringField("file", where.file());
    json.writeObjectField("index", where.index());
    json.writeStringField("chain", chain == null ? null : chain.hex());
    json.writeObjectField("sequence", where.sequence());
    json.writeStringField("expected", failure.expected());
    json.writeStringField("found", failure.found());
    json.writeStringField("next", failure.next());
  }

  private static void summary(JsonGenerator json, Result result) throws IOException {
    json.writeStringField("kind", "Summary");
    json.writeStringField("verdict", result.intact() ? "intact" : "not intact");
    json.writeNumberField("entries", result.entries());
    json.writeNumberField("chains", result.chains());
    json.writeNumberField("failures", result.failures().size());
    json.writeArrayFieldStart("notChecked");
    json.writeString(NOT_CHECKED);
    json.writeEndArray();
  }
}
