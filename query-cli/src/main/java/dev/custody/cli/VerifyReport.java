package dev.custody.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.custody.audit.AuditReport;
import dev.custody.audit.AuditReport.Chain;
import dev.custody.audit.Failure;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.LogSummary;
import dev.custody.audit.RecordSource.Place;
import dev.custody.cli.Terminal.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the result of an audit looks, for people and for programs. */
final class VerifyReport {
  private static final int LONGEST = 300;

  private final Terminal terminal;
  private final Path data;

  /** Names files relative to {@code data} where they are in it. */
  VerifyReport(Terminal terminal, Path data) {
    this.terminal = terminal;
    this.data = data;
  }

  /**
   * Which root was trusted.
   *
   * @param pinned whether the auditor named it
   * @param file where it was read
   * @param fingerprints of its keys
   */
  record Root(boolean pinned, Path file, List<String> fingerprints) {
    String source() {
      return pinned ? "pinned root" : "operator-supplied root";
    }
  }

  // --- for people

  void print(AuditReport report, Root root) {
    root.fingerprints()
        .forEach(
            key -> terminal.line("%s %s (%s)".formatted(root.source(), key, name(root.file()))));
    int widest = report.chains().stream().mapToInt(c -> collector(c).length()).max().orElse(0);
    report.chains().forEach(chain -> terminal.line(line(chain, widest)));
    report.logs().forEach(log -> terminal.line(line(log)));
    report.failures().forEach(this::print);
    terminal.line("");
    if (report.omitted() > 0) {
      terminal.line(number(report.omitted()) + " more of the same kinds are counted, not listed");
    }
    if (report.repeats() > 0) {
      terminal.line(
          count(report.repeats(), "record") + " stored more than once, with the same link: resent");
    }
    notChecked(report).forEach(what -> terminal.line("not checked: " + what));
    terminal.line(verdict(report));
  }

  private String line(Chain chain, int widest) {
    var head = chain.head();
    String span = head == null ? "nothing verified" : "#0..#" + head.sequence();
    String counts = count(chain.records(), "record");
    String state =
        chain.intact()
            ? terminal.styled(Style.GOOD, "intact")
            : terminal.styled(Style.BAD, count(chain.failures(), "failure"));
    return "chain %s  %s  %s  %s  %s"
        .formatted(
            chain.id().shortHex(),
            collector(chain) + " ".repeat(widest - collector(chain).length()),
            span,
            counts,
            state);
  }

  private static String line(LogSummary log) {
    return "log   %s  %s  %s of %s%s"
        .formatted(
            Terminal.clean(log.origin(), LONGEST),
            count(log.checkpoints(), "checkpoint"),
            number(log.covered()),
            count(log.held(), "record"),
            log.current() ? "" : "  (an earlier generation: the log was opened anew)");
  }

  private static String collector(Chain chain) {
    String collector = chain.collector();
    return collector == null ? "unknown collector" : Terminal.clean(collector, LONGEST);
  }

  private void print(Failure failure) {
    terminal.line("");
    terminal.line(
        (terminal.styled(Style.BAD, failure.name()) + "  " + subject(failure.where())).strip());
    terminal.line("  stored  " + stored(failure));
    terminal.line("  why     " + Terminal.clean(failure.detail(), LONGEST));
    terminal.line("  next    " + failure.next());
  }

  private static String subject(Where where) {
    var chain = where.chain();
    Long sequence = where.sequence();
    return chain == null ? "" : chain.shortHex() + (sequence == null ? "" : "#" + sequence);
  }

  private String stored(Failure failure) {
    Place place = failure.where().place();
    String offsets =
        failure.lastOffset() > place.offset()
            ? "offsets %d to %d".formatted(place.offset(), failure.lastOffset())
            : "offset " + place.offset();
    Path file = place.file();
    if (place.offset() < 0) {
      return "partition %d".formatted(place.partition());
    }
    return "partition %d, %s".formatted(place.partition(), offsets)
        + (file == null ? "" : ", %s byte %d".formatted(name(file), place.position()));
  }

  private String name(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return Terminal.clean(
        (absolute.startsWith(data) ? data.relativize(absolute) : file).toString());
  }

  private String verdict(AuditReport report) {
    String size =
        count(report.chains().size(), "chain") + ", " + count(report.verified(), "record");
    if (report.intact()) {
      return terminal.styled(Style.GOOD, "intact: " + size);
    }
    String first =
        report
            .first()
            .map(f ->
                "; first: %s %s".formatted(f.name(), subject(f.where())).stripTrailing()
                    + " at "
                    + stored(f))
            .orElse("");
    return terminal.styled(
        Style.BAD,
        "NOT INTACT: %s in %s%s".formatted(count(failures(report), "failure"), size, first));
  }

  // --- for programs

  static void print(AuditReport report, Root root, JsonLines lines) {
    report.chains().forEach(chain -> lines.line(json -> write(json, chain)));
    report.logs().forEach(log -> lines.line(json -> write(json, log)));
    report.failures().forEach(failure -> lines.line(json -> write(json, failure)));
    lines.line(json -> write(json, report, root));
  }

  private static void write(JsonGenerator json, Chain chain) throws IOException {
    var head = chain.head();
    json.writeStringField("kind", "Chain");
    json.writeStringField("verdict", word(chain.intact()));
    json.writeStringField("chain", chain.id().hex());
    json.writeStringField("collector", chain.collector());
    write(json, "lastSequence", head == null ? null : head.sequence());
    json.writeStringField("lastLink", head == null ? null : head.link().hex());
    json.writeNumberField("records", chain.records());
    json.writeNumberField("repeats", chain.repeats());
    json.writeNumberField("failures", chain.failures());
    json.writeBooleanField("predecessorUnknown", chain.predecessorUnknown());
  }

  private static void write(JsonGenerator json, LogSummary log) throws IOException {
    json.writeStringField("kind", "Log");
    json.writeStringField("origin", log.origin());
    json.writeBooleanField("current", log.current());
    json.writeNumberField("checkpoints", log.checkpoints());
    json.writeNumberField("covered", log.covered());
    json.writeNumberField("records", log.held());
  }

  private static void write(JsonGenerator json, Failure failure) throws IOException {
    json.writeStringField("kind", "Failure");
    json.writeStringField("verdict", failure.name());
    json.writeStringField("detail", failure.detail());
    json.writeStringField("next", failure.next());
    writePlace(json, failure);
  }

  private static void writePlace(JsonGenerator json, Failure failure) throws IOException {
    Where where = failure.where();
    Place place = where.place();
    var chain = where.chain();
    json.writeObjectFieldStart("position");
    json.writeNumberField("partition", place.partition());
    json.writeNumberField("offset", place.offset());
    json.writeStringField("chain", chain == null ? null : chain.hex());
    write(json, "sequence", where.sequence());
    json.writeEndObject();
    Path file = place.file();
    json.writeNumberField("lastOffset", failure.lastOffset());
    json.writeStringField("file", file == null ? null : file.toString());
    write(json, "filePosition", file == null ? null : place.position());
  }

  private static void write(JsonGenerator json, AuditReport report, Root root) throws IOException {
    json.writeStringField("kind", "Summary");
    json.writeStringField("verdict", word(report.intact()));
    json.writeNumberField("chains", report.chains().size());
    json.writeNumberField("records", report.verified());
    json.writeNumberField("stored", report.records());
    json.writeNumberField("repeats", report.repeats());
    json.writeNumberField("failures", failures(report));
    json.writeStringField("rootSource", root.source());
    json.writeArrayFieldStart("roots");
    for (String key : root.fingerprints()) {
      json.writeString(key);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notChecked");
    for (String what : notChecked(report)) {
      json.writeString(what);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, String name, @Nullable Long value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  // --- for both

  private static List<String> notChecked(AuditReport report) {
    List<String> notChecked = new ArrayList<>();
    for (Chain chain : report.chains()) {
      if (chain.predecessorUnknown()) {
        notChecked.add(
            "what came before chain %s (its collector did not know)"
                .formatted(chain.id().shortHex()));
      }
    }
    for (LogSummary log : report.logs()) {
      if (log.current() && log.covered() < log.held()) {
        notChecked.add(
            "whether records behind entry %s of log %s were cut off (no checkpoint covers them yet)"
                .formatted(number(log.covered()), log.origin()));
      }
    }
    notChecked.add(
        report.logs().isEmpty()
            ? "whether the newest records were cut off (no transparency log)"
            : "whether records and checkpoints were both replaced (compare with one that you kept:"
                + " --checkpoint FILE)");
    return notChecked;
  }

  private static long failures(AuditReport report) {
    return report.failures().size() + report.omitted();
  }

  private static String word(boolean intact) {
    return intact ? "intact" : "not intact";
  }

  private static String count(long count, String what) {
    return number(count) + " " + what + (count == 1 ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
