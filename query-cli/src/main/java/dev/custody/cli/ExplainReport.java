package dev.custody.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.custody.admission.ChainMemory.KeyEpoch;
import dev.custody.admission.Verdict;
import dev.custody.audit.RecordSource.Place;
import dev.custody.chain.Envelope;
import dev.custody.cli.ExplainCommand.InLog;
import dev.custody.cli.Terminal.Style;
import dev.custody.digest.Digest;
import dev.custody.event.Event;
import dev.custody.explain.Explanation;
import dev.custody.explain.Explanation.Stored;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How the explanation of a position looks, for people and for programs. */
final class ExplainReport {
  private static final int LONGEST = 300;

  private final Terminal terminal;
  private final Path data;

  /** Names files relative to {@code data} where they are in it. */
  ExplainReport(Terminal terminal, Path data) {
    this.terminal = terminal;
    this.data = data;
  }

  // --- for people

  void print(Explanation position, InLog log, long damaged) {
    String collector = position.collector();
    terminal.line(
        terminal.styled(
            Style.STRONG, "%s#%d".formatted(position.chain().hex(), position.sequence())));
    field("collector", collector == null ? "unknown: no genesis of a trusted root" : collector);
    KeyEpoch key = position.key();
    if (key != null) {
      field(
          "key here",
          "%s, since #%d, valid from %s until %s"
              .formatted(key.key().hex(), key.first(), key.notBefore(), key.notAfter()));
    }
    Digest before = position.before();
    field("link before", before == null ? "nothing admitted is there" : before.hex());
    position.namedNext().forEach(link -> field("next names", link.hex()));
    for (Stored record : position.records()) {
      print(record, position);
    }
    terminal.line("");
    if (!position.records().isEmpty()) {
      field("in the log", inLog(log, position));
    }
    if (damaged > 0) {
      field("damaged", damaged + " records of this chain name no position");
    }
    terminal.line(verdict(position));
    terminal.line("next: " + next(position));
  }

  private void print(Stored record, Explanation position) {
    Envelope envelope = record.envelope();
    terminal.line("");
    boolean good = record.verdict().admitted() || record.verdict() instanceof Verdict.Repeat;
    terminal.line(
        terminal.styled(good ? Style.GOOD : Style.BAD, record.verdict().name())
            + "  "
            + place(record.place()));
    field("why", record.verdict().detail());
    Event event = record.event();
    if (event == null) {
      field("event", "%d bytes that do not decode".formatted(envelope.event().size()));
    } else {
      print(event);
    }
    field("event hash", record.link().event().hex());
    field("statement", java.util.HexFormat.of().formatHex(record.link().statement()));
    field("link", record.hash().hex() + named(record, position));
    field("previous", envelope.previous().hex() + previous(envelope, position));
    field(
        "seal",
        "%d links from #%d, path of %d, signed by %s"
            .formatted(
                envelope.sealSize(),
                envelope.sealFirst(),
                envelope.sealPath().size(),
                envelope.key().hex()));
    field("trust", record.verdict().admitted() ? record.trust().detail() : "not admitted");
  }

  private void print(Event event) {
    field("event", event.type() + "  " + event.id());
    field("occurred", event.occurredAt() + ", observed " + event.observedAt());
    var human = event.actor().human();
    var agent = event.actor().agent();
    field(
        "actor",
        (agent == null ? "no agent" : agent.product())
            + " for "
            + (human == null ? "nobody known" : human.id()));
    String action = event.action();
    if (action != null) {
      field(
          "action",
          action + (event.resources().isEmpty() ? "" : "  " + event.resources().getFirst()));
    }
  }

  private static String named(Stored record, Explanation position) {
    if (position.namedNext().isEmpty()) {
      return "";
    }
    return position.namedNext().contains(record.hash())
        ? " (the next record names it)"
        : " (the next record names another)";
  }

  private static String previous(Envelope envelope, Explanation position) {
    Digest before = position.before();
    return before == null || before.equals(envelope.previous()) ? "" : " (expected another)";
  }

  private String place(Place place) {
    Path file = place.file();
    String at = "partition %d, offset %d".formatted(place.partition(), place.offset());
    if (file == null) {
      return at;
    }
    Path absolute = file.toAbsolutePath().normalize();
    Path shown = absolute.startsWith(data) ? data.relativize(absolute) : file;
    return at + ", %s byte %d".formatted(Terminal.clean(shown.toString()), place.position());
  }

  private static String inLog(InLog log, Explanation position) {
    var found = log.found();
    if (found == null) {
      return String.valueOf(log.why());
    }
    boolean same = position.records().stream().anyMatch(r -> r.hash().equals(found.leaf()));
    return "entry %d of %s, under its checkpoint of %d%s"
        .formatted(
            found.index(),
            found.log().head().origin(),
            found.log().head().size(),
            same ? "" : ", with ANOTHER link: " + found.leaf().hex());
  }

  private String verdict(Explanation position) {
    if (position.records().isEmpty()) {
      return terminal.styled(
          Style.BAD,
          position.sequence() > position.last()
              ? "nothing is stored here: the chain goes to #" + position.last()
              : "nothing is stored here, though the chain goes to #" + position.last());
    }
    if (position.links() > 1) {
      return terminal.styled(
          Style.BAD, "FORK: %d different records at one position".formatted(position.links()));
    }
    return position.sound()
        ? terminal.styled(Style.GOOD, "verifies")
        : terminal.styled(Style.BAD, "DOES NOT VERIFY");
  }

  private static String next(Explanation position) {
    if (position.records().isEmpty()) {
      return "the collector may hold it in its spool still: start it, then custody verify";
    }
    if (position.links() > 1) {
      return "keep both: the collector's key signed, or somebody stored, two histories; ask who had a copy of the key";
    }
    if (position.sound()) {
      return "custody evidence export makes a bundle that proves it to others";
    }
    boolean untrusted =
        position.records().stream().anyMatch(r -> r.verdict().admitted() && !r.trust().trusted());
    return untrusted
        ? "whoever had the revoked key could have written it: look for what else shows it"
        : "keep the files as they are, as evidence; custody verify shows what else is wrong";
  }

  private void field(String name, String value) {
    terminal.line(
        "  " + name + " ".repeat(Math.max(1, 12 - name.length())) + Terminal.clean(value, LONGEST));
  }

  // --- for programs

  static void printJson(Explanation position, InLog log, JsonLines lines) {
    for (Stored record : position.records()) {
      lines.line(json -> write(json, record));
    }
    lines.line(json -> summary(json, position, log));
  }

  private static void write(JsonGenerator json, Stored record) throws IOException {
    Envelope envelope = record.envelope();
    Event event = record.event();
    Path file = record.place().file();
    json.writeStringField("kind", "Record");
    json.writeStringField("verdict", record.verdict().name());
    json.writeStringField("detail", record.verdict().detail());
    json.writeObjectFieldStart("position");
    json.writeNumberField("partition", record.place().partition());
    json.writeNumberField("offset", record.place().offset());
    json.writeStringField("chain", envelope.chain().hex());
    json.writeNumberField("sequence", envelope.sequence());
    json.writeEndObject();
    json.writeStringField("file", file == null ? null : file.toString());
    json.writeStringField("previous", envelope.previous().hex());
    json.writeStringField("eventHash", record.link().event().hex());
    json.writeBinaryField("statement", record.link().statement());
    json.writeStringField("link", record.hash().hex());
    json.writeNumberField("sealFirst", envelope.sealFirst());
    json.writeNumberField("sealSize", envelope.sealSize());
    json.writeStringField("key", envelope.key().hex());
    json.writeBooleanField("trusted", record.trust().trusted());
    json.writeStringField("trust", record.trust().detail());
    json.writeStringField("event", event == null ? null : event.id().toString());
    json.writeStringField("eventKind", event == null ? null : event.type());
    json.writeStringField("occurredAt", event == null ? null : event.occurredAt().toString());
    json.writeStringField("observedAt", event == null ? null : event.observedAt().toString());
    json.writeStringField("action", event == null ? null : event.action());
  }

  private static void summary(JsonGenerator json, Explanation position, InLog log)
      throws IOException {
    var found = log.found();
    KeyEpoch key = position.key();
    json.writeStringField("kind", "Summary");
    json.writeStringField("verdict", position.sound() ? "intact" : "not intact");
    json.writeStringField("chain", position.chain().hex());
    json.writeNumberField("sequence", position.sequence());
    json.writeStringField("collector", position.collector());
    json.writeStringField("key", key == null ? null : key.key().hex());
    json.writeStringField("linkBefore", hex(position.before()));
    json.writeNumberField("lastSequence", position.last());
    json.writeNumberField("records", position.records().size());
    json.writeNumberField("links", position.links());
    json.writeStringField("log", found == null ? null : found.log().head().origin());
    if (found == null) {
      json.writeNullField("logIndex");
      json.writeNullField("logSize");
    } else {
      json.writeNumberField("logIndex", found.index());
      json.writeNumberField("logSize", found.log().head().size());
    }
    json.writeStringField("logLink", found == null ? null : found.leaf().hex());
    json.writeStringField("next", next(position));
  }

  private static @Nullable String hex(@Nullable Digest digest) {
    return digest == null ? null : digest.hex();
  }
}
