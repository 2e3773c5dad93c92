package dev.custody.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.custody.cli.Terminal.Style;
import dev.custody.coverage.Channel;
import dev.custody.event.Agent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The coverage of a session, for people and for programs. */
final class CoverageReport {
  private static final int LABEL = 13;
  private static final int MOST_NAMED = 5;

  private CoverageReport() {}

  static void print(Terminal terminal, HeardSession session) {
    Agent agent = session.newest().best().agent();
    terminal.line(
        "%s  %s for %s%s"
            .formatted(
                terminal.styled(Style.STRONG, Terminal.clean(session.session())),
                agent == null ? "unknown agent" : Terminal.clean(agent.product()),
                Words.human(session.newest().best().human()),
                session.ended() == null ? "" : ", ended " + Words.time(session.ended())));
    for (Channel channel : Channel.values()) {
      row(terminal, channel.name(), told(terminal, session, channel));
    }
    row(
        terminal,
        "calls",
        "%d calls of tools in %d prompts".formatted(session.calls(), session.prompts()));
    List<Instant> settings = session.settings();
    if (!settings.isEmpty()) {
      row(
          terminal,
          "settings",
          "changed %d times, last %s".formatted(settings.size(), Words.time(settings.getLast())));
    }
    List<String> missing = missing(session);
    missing.forEach(words -> row(terminal, "missing", terminal.styled(Style.BAD, words)));
    if (missing.isEmpty()) {
      row(terminal, "missing", terminal.styled(Style.GOOD, "nothing that is known of"));
    }
  }

  private static String told(Terminal terminal, HeardSession session, Channel channel) {
    HeardSession.Told told = session.channels().get(channel);
    return told == null
        ? terminal.styled(Style.FAINT, "told nothing")
        : "%s to %s, %d events, %d calls"
            .formatted(
                Words.time(told.first()),
                Words.time(told.last()),
                told.events(),
                session.calls(channel));
  }

  /** What is missing, in words. */
  private static List<String> missing(HeardSession session) {
    List<String> words = new ArrayList<>();
    named(words, session.open(), "began and did not end");
    named(
        words,
        session.only(Channel.HOOKS, Channel.TELEMETRY),
        "told of by HOOKS alone, though TELEMETRY had told of the session before");
    named(
        words,
        session.only(Channel.TELEMETRY, Channel.HOOKS),
        "told of by TELEMETRY alone, though HOOKS had told of the session before");
    List<String> prompts = session.unknownPrompts();
    if (!prompts.isEmpty()) {
      words.add("%d prompts that calls name: %s".formatted(prompts.size(), first(prompts)));
    }
    session
        .missingNumbers()
        .forEach((source, numbers) ->
            words.add(
                "%d records of %s: numbers %s"
                    .formatted(
                        numbers.missing(), Terminal.clean(source), numbers.missingInWords())));
    if (session.missedHooks() > 0) {
      words.add(session.missedHooks() + " hooks found no collector");
    }
    if (session.hasNoStart()) {
      words.add("its start: no hook told of it");
    }
    if (session.hasNoEnd()) {
      words.add("its end: nothing was heard for a day, and no end");
    }
    return words;
  }

  private static void named(List<String> words, List<String> calls, String what) {
    if (!calls.isEmpty()) {
      words.add("%d calls %s: %s".formatted(calls.size(), what, first(calls)));
    }
  }

  private static String first(List<String> ids) {
    List<String> some = ids.stream().limit(MOST_NAMED).map(id -> Terminal.clean(id)).toList();
    return String.join(", ", some) + (ids.size() > MOST_NAMED ? ", ..." : "");
  }

  private static void row(Terminal terminal, String label, String text) {
    terminal.line("  " + label + " ".repeat(Math.max(1, LABEL - label.length())) + text);
  }

  static void json(JsonLines lines, HeardSession session) {
    lines.line(json -> {
      json.writeStringField("session", session.session());
      Agent agent = session.newest().best().agent();
      json.writeStringField("agent", agent == null ? null : agent.spiffeId());
      json.writeStringField("ended", session.ended() == null ? null : session.ended() + "");
      json.writeBooleanField("whole", session.isWhole());
      json.writeNumberField("calls", session.calls());
      json.writeNumberField("prompts", session.prompts());
      channels(json, session);
      JsonLines.strings(json, "noResult", session.open());
      JsonLines.strings(json, "hooksOnly", session.only(Channel.HOOKS, Channel.TELEMETRY));
      JsonLines.strings(json, "telemetryOnly", session.only(Channel.TELEMETRY, Channel.HOOKS));
      JsonLines.strings(json, "unknownPrompts", session.unknownPrompts());
      json.writeObjectFieldStart("missingNumbers");
      for (var entry : session.missingNumbers().entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue().missingInWords());
      }
      json.writeEndObject();
      json.writeNumberField("missedHooks", session.missedHooks());
      json.writeBooleanField("noStart", session.hasNoStart());
      json.writeBooleanField("noEnd", session.hasNoEnd());
      JsonLines.strings(
          json, "settingsChanged", session.settings().stream().map(Instant::toString).toList());
    });
  }

  private static void channels(JsonGenerator json, HeardSession session) throws IOException {
    json.writeObjectFieldStart("channels");
    for (var entry : session.channels().entrySet()) {
      json.writeObjectFieldStart(entry.getKey().name());
      json.writeStringField("first", entry.getValue().first().toString());
      json.writeStringField("last", entry.getValue().last().toString());
      json.writeNumberField("events", entry.getValue().events());
      json.writeNumberField("calls", session.calls(entry.getKey()));
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
