package dev.custody.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.custody.cli.Terminal.Style;
import dev.custody.evidence.BundleFailure;
import dev.custody.evidence.BundleResult;
import dev.custody.evidence.Manifest;
import dev.custody.note.Checkpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** How the result of a bundle looks, for people and for programs. */
final class BundleReport {
  private static final int LONGEST = 300;

  private final Terminal terminal;

  BundleReport(Terminal terminal) {
    this.terminal = terminal;
  }

  /** After an export. */
  void written(Path file, BundleResult result, boolean json) {
    if (!result.intact()) {
      result.failures().forEach(this::print);
    }
    if (json) {
      lines(lines -> lines.line(out -> summary(out, result)));
      return;
    }
    terminal.line(
        "%s: %s of %s, %s withheld"
            .formatted(
                name(file),
                count(result.disclosed(), "event"),
                count(result.chains().size(), "chain"),
                number(withheld(result))));
    result.checkpoints().forEach(c -> terminal.line(line(c)));
    terminal.line("verify it anywhere: custody verify %s --root FILE".formatted(name(file)));
    terminal.flush();
  }

  // --- for people

  void print(BundleResult result) {
    for (String root : result.roots()) {
      terminal.line((result.pinned() ? "pinned root " : "root that the bundle brings, ") + root);
    }
    Manifest claims = result.claims();
    if (claims != null) {
      terminal.line(
          "claimed: made by %s at %s, asked for: %s"
              .formatted(
                  Terminal.clean(claims.tool(), LONGEST),
                  claims.created(),
                  claims.query().isEmpty()
                      ? "everything"
                      : Terminal.clean(claims.query(), LONGEST)));
    }
    for (BundleResult.Chain chain : result.chains()) {
      terminal.line(
          "chain %s  %s  #0..#%d  %s, %s withheld  %s"
              .formatted(
                  chain.id().shortHex(),
                  Terminal.clean(chain.collector(), LONGEST),
                  chain.last(),
                  count(chain.disclosed(), "event"),
                  number(chain.withheld()),
                  terminal.styled(Style.GOOD, "intact")));
    }
    result.checkpoints().forEach(c -> terminal.line(line(c)));
    result.failures().forEach(this::print);
    terminal.line("");
    result.notChecked().forEach(what -> terminal.line("not checked: " + what));
    terminal.line(verdict(result));
    terminal.flush();
  }

  private static String line(Checkpoint checkpoint) {
    return "log %s  %d entries  root %s"
        .formatted(
            Terminal.clean(checkpoint.origin(), LONGEST),
            checkpoint.size(),
            checkpoint.root().base64());
  }

  private void print(BundleFailure failure) {
    terminal.line("");
    terminal.line((terminal.styled(Style.BAD, failure.name()) + "  " + subject(failure)).strip());
    terminal.line("  member    " + Terminal.clean(failure.where().member(), LONGEST));
    terminal.line("  expected  " + Terminal.clean(failure.expected(), LONGEST));
    terminal.line("  found     " + Terminal.clean(failure.found(), LONGEST));
    terminal.line("  next      " + failure.next());
  }

  private static String subject(BundleFailure failure) {
    var chain = failure.where().chain();
    Long sequence = failure.where().sequence();
    return chain == null ? "" : chain.shortHex() + (sequence == null ? "" : "#" + sequence);
  }

  private String verdict(BundleResult result) {
    if (result.intact()) {
      return terminal.styled(
          Style.GOOD,
          "intact: %s of %s proven, %s withheld"
              .formatted(
                  count(result.disclosed(), "event"),
                  count(result.chains().size(), "chain"),
                  number(withheld(result))));
    }
    BundleFailure first = result.failures().getFirst();
    return terminal.styled(
        Style.BAD,
        "NOT INTACT: %s; first: %s %s"
            .formatted(
                count(result.failures().size(), "failure"),
                first.name(),
                subject(first).isEmpty() ? first.where().member() : subject(first)));
  }

  // --- for programs

  static void printJson(BundleResult result) {
    lines(lines -> {
      for (BundleResult.Chain chain : result.chains()) {
        lines.line(json -> {
          json.writeStringField("kind", "Chain");
          json.writeStringField("verdict", "intact");
          json.writeStringField("chain", chain.id().hex());
          json.writeStringField("collector", chain.collector());
          json.writeNumberField("lastSequence", chain.last());
          json.writeNumberField("disclosed", chain.disclosed());
          json.writeNumberField("withheld", chain.withheld());
        });
      }
      result.failures().forEach(failure -> lines.line(json -> write(json, failure)));
      lines.line(json -> summary(json, result));
    });
  }

  private interface Printing {
    void print(JsonLines lines);
  }

  private static void lines(Printing printing) {
    PrintStream out = Output.stream();
    printing.print(new JsonLines(out));
    out.flush();
  }

  private static void write(JsonGenerator json, BundleFailure failure) throws IOException {
    json.writeStringField("kind", "Failure");
    json.writeStringField("verdict", failure.name());
    json.writeStringField("member", failure.where().member());
    var chain = failure.where().chain();
    json.writeStringField("chain", chain == null ? null : chain.hex());
    Long sequence = failure.where().sequence();
    if (sequence == null) {
      json.writeNullField("sequence");
    } else {
      json.writeNumberField("sequence", sequence);
    }
    json.writeStringField("expected", failure.expected());
    json.writeStringField("found", failure.found());
    json.writeStringField("next", failure.next());
  }

  private static void summary(JsonGenerator json, BundleResult result) throws IOException {
    json.writeStringField("kind", "Summary");
    json.writeStringField("verdict", result.intact() ? "intact" : "not intact");
    json.writeNumberField("chains", result.chains().size());
    json.writeNumberField("disclosed", result.disclosed());
    json.writeNumberField("withheld", withheld(result));
    json.writeNumberField("failures", result.failures().size());
    json.writeStringField("rootSource", result.pinned() ? "pinned root" : "root of the bundle");
    strings(json, "roots", result.roots());
    json.writeArrayFieldStart("checkpoints");
    for (Checkpoint checkpoint : result.checkpoints()) {
      json.writeStartObject();
      json.writeStringField("origin", checkpoint.origin());
      json.writeNumberField("size", checkpoint.size());
      json.writeStringField("root", checkpoint.root().base64());
      json.writeEndObject();
    }
    json.writeEndArray();
    Manifest claims = result.claims();
    json.writeStringField("claimedQuery", claims == null ? null : claims.query());
    json.writeStringField("claimedTime", claims == null ? null : claims.created().toString());
    strings(json, "notChecked", result.notChecked());
  }

  private static void strings(JsonGenerator json, String name, Iterable<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  // --- for both

  private static long withheld(BundleResult result) {
    return result.chains().stream().mapToLong(BundleResult.Chain::withheld).sum();
  }

  private static String name(Path file) {
    return Terminal.clean(file.toString());
  }

  private static String count(long count, String what) {
    return number(count) + " " + what + (count == 1 ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
