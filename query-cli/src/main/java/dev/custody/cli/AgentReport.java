package dev.custody.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.custody.attribution.Attribution;
import dev.custody.cli.Terminal.Style;
import dev.custody.digest.ChainId;
import dev.custody.event.Human;
import dev.custody.identity.AgentId;
import dev.custody.index.AgentActivity;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An agent, for people and for programs. */
final class AgentReport {
  private static final int LABEL = 13;
  private static final int LONGEST = 300;

  private final Terminal terminal;

  AgentReport(Terminal terminal) {
    this.terminal = terminal;
  }

  /** In short. */
  void print(AgentEntry entry) {
    heading(entry);
    entry.registration().ifPresent(s -> row("registered", by(s)));
    entry.retirement().ifPresent(s -> row("retired", by(s)));
    row("seen", seen(entry));
    row("for", listed(entry.humans()));
  }

  /** With its sessions, {@code limit} at most. */
  void print(AgentEntry entry, List<Attribution> unverified, Lookup lookup, int limit) {
    heading(entry);
    for (Attribution statement : entry.statements()) {
      row(
          statement.kind().equals(Lookup.RETIRED) ? "retired" : "registered",
          by(statement) + "  " + WhoReport.graded(terminal, statement.best().grade()));
    }
    for (Attribution statement : unverified) {
      String why = String.join("; ", statement.best().reasons());
      row(
          "unverified",
          statement.kind()
              + " of "
              + Words.time(statement.occurredAt())
              + terminal.styled(Style.BAD, " " + Terminal.clean(why, LONGEST)));
    }
    row("seen", seen(entry));
    row("for", listed(entry.humans()));
    row("delegations", listed(entry.delegations()));
    row("hosts", listed(hosts(entry)));
    List<AgentActivity.Session> sessions = entry.sessions();
    sessions.stream().limit(limit).forEach(s -> row("session", session(s)));
    if (sessions.size() > limit) {
      row("sessions", sessions.size() - limit + " more; --limit N shows more");
    }
    vouchers(entry, lookup);
  }

  private void heading(AgentEntry entry) {
    AgentEntry.Status status = entry.status();
    terminal.line(
        terminal.styled(Style.STRONG, Terminal.clean(entry.spiffeId()))
            + "  "
            + terminal.styled(
                switch (status) {
                  case REGISTERED -> Style.GOOD;
                  case RETIRED -> Style.FAINT;
                  case UNREGISTERED, SEEN_AFTER_RETIREMENT -> Style.BAD;
                },
                status.words()));
  }

  private static String by(Attribution statement) {
    return Words.time(statement.occurredAt()) + " by " + Words.human(statement.best().human());
  }

  private static String seen(AgentEntry entry) {
    Optional<Instant> first = entry.first();
    Optional<Instant> last = entry.last();
    if (first.isEmpty() || last.isEmpty()) {
      return "never";
    }
    return "%s to %s, %s, %s"
        .formatted(
            Words.time(first.get()),
            Words.time(last.get()),
            counted(entry.sessions().size(), "session"),
            counted(entry.events(), "event"));
  }

  private static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String listed(List<String> values) {
    return values.isEmpty()
        ? "none known"
        : String.join(", ", values.stream().map(Terminal::clean).toList());
  }

  private static List<String> hosts(AgentEntry entry) {
    TreeSet<String> hosts = new TreeSet<>();
    entry.sessions().forEach(s -> hosts.addAll(s.hosts()));
    return List.copyOf(hosts);
  }

  private static String session(AgentActivity.Session session) {
    return "%s  %s to %s, %s, for %s, on %s"
        .formatted(
            Terminal.clean(session.id()),
            Words.time(session.first()),
            Words.time(session.last()),
            counted(session.events(), "event"),
            listed(List.copyOf(session.humans())),
            listed(List.copyOf(session.hosts())));
  }

  private void vouchers(AgentEntry entry, Lookup lookup) {
    for (String collector : collectors(entry.sessions(), lookup)) {
      row(
          "vouched by",
          "an instance is one session; the collector %s vouches for it by its certificate"
              .formatted(Terminal.clean(collector)));
    }
  }

  private static List<String> collectors(List<AgentActivity.Session> sessions, Lookup lookup) {
    TreeSet<String> collectors = new TreeSet<>();
    sessions.stream()
        .flatMap(s -> s.chains().stream())
        .distinct()
        .forEach(chain -> lookup.collector(ChainId.ofHex(chain)).ifPresent(collectors::add));
    return List.copyOf(collectors);
  }

  private void row(String label, String text) {
    terminal.line(
        "  "
            + terminal.styled(Style.FAINT, label)
            + " ".repeat(Math.max(1, LABEL - label.length()))
            + text.stripTrailing());
  }

  /** The line of {@code agent list}. */
  static void json(JsonLines lines, AgentEntry entry) {
    lines.line(json -> summary(json, entry));
  }

  /** The line of {@code agent show}. */
  static void whole(JsonLines lines, AgentEntry entry, Lookup lookup) {
    lines.line(json -> {
      summary(json, entry);
      JsonLines.strings(json, "delegations", entry.delegations());
      JsonLines.strings(json, "hosts", hosts(entry));
      JsonLines.strings(json, "vouchedBy", collectors(entry.sessions(), lookup));
      statements(json, entry.statements());
      json.writeArrayFieldStart("instances");
      for (AgentActivity.Session session : entry.sessions()) {
        instance(json, session, lookup);
      }
      json.writeEndArray();
    });
  }

  private static void summary(JsonGenerator json, AgentEntry entry) throws IOException {
    json.writeStringField("kind", "Agent");
    json.writeStringField("spiffeId", entry.spiffeId());
    AgentId id = id(entry.spiffeId());
    json.writeStringField("product", id == null ? null : id.product());
    json.writeStringField("project", id == null ? null : id.project());
    json.writeStringField("task", id == null ? null : id.task());
    json.writeStringField("status", entry.status().name());
    json.writeStringField("registeredBy", who(entry.registration()));
    json.writeStringField("registeredAt", when(entry.registration()));
    json.writeStringField("retiredBy", who(entry.retirement()));
    json.writeStringField("retiredAt", when(entry.retirement()));
    json.writeStringField("firstSeen", entry.first().map(Instant::toString).orElse(null));
    json.writeStringField("lastSeen", entry.last().map(Instant::toString).orElse(null));
    json.writeNumberField("events", entry.events());
    json.writeNumberField("sessions", entry.sessions().size());
    JsonLines.strings(json, "humans", entry.humans());
  }

  private static @Nullable AgentId id(String text) {
    try {
      return AgentId.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String who(Optional<Attribution> statement) {
    Human human = statement.isEmpty() ? null : statement.get().best().human();
    return human == null ? null : human.id();
  }

  private static @Nullable String when(Optional<Attribution> statement) {
    return statement.map(s -> s.occurredAt().toString()).orElse(null);
  }

  private static void statements(JsonGenerator json, List<Attribution> statements)
      throws IOException {
    json.writeArrayFieldStart("statements");
    for (Attribution statement : statements) {
      json.writeStartObject();
      json.writeStringField("statement", statement.kind());
      json.writeStringField("human", who(Optional.of(statement)));
      json.writeStringField("time", statement.occurredAt().toString());
      json.writeStringField("event", statement.event().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void instance(JsonGenerator json, AgentActivity.Session session, Lookup lookup)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("session", session.id());
    json.writeStringField("firstSeen", session.first().toString());
    json.writeStringField("lastSeen", session.last().toString());
    json.writeNumberField("events", session.events());
    JsonLines.strings(json, "humans", session.humans());
    JsonLines.strings(json, "hosts", session.hosts());
    JsonLines.strings(json, "vouchedBy", collectors(List.of(session), lookup));
    json.writeEndObject();
  }
}
