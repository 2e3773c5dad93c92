package dev.custody.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.attribution.Attribution;
import dev.custody.cli.Terminal.Style;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One OCSF Detection Finding, for people. */
final class AlertReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TEXT = 240;
  private static final int EVIDENCE_SHOWN = 8;
  private static final int LABEL = 10;

  private final Terminal terminal;
  private final Lookup lookup;
  private final TrustView trust;

  AlertReport(Terminal terminal, Lookup lookup, TrustView trust) {
    this.terminal = terminal;
    this.lookup = lookup;
    this.trust = trust;
  }

  void print(String json) {
    try {
      print(JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new CouldNotRunException(
          "a finding in the index is not JSON: " + e.getOriginalMessage(),
          "the index can be rebuilt: stop Custody, delete its index directory, start it again",
          e);
    }
  }

  private void print(JsonNode finding) {
    JsonNode info = finding.path("finding_info");
    List<Attribution> events = events(info);
    String severity = text(finding.path("severity"));
    terminal.line(
        terminal.styled(
                style(severity),
                severity.isEmpty() ? "UNKNOWN" : severity.toUpperCase(java.util.Locale.ROOT))
            + "  "
            + terminal.styled(Style.STRONG, text(info.path("title")))
            + "  "
            + Words.time(Instant.ofEpochMilli(finding.path("time").asLong()))
            + status(finding));
    row("what", text(finding.path("message")));
    row("who", who(finding, events));
    evidence(finding, events);
    row("rule", rule(info.path("analytic")));
    row("finding", text(info.path("uid")));
    row("next", next(finding, events));
  }

  private static String status(JsonNode finding) {
    String status = text(finding.path("status"));
    return status.isEmpty() || status.equals("New") ? "" : "  " + status;
  }

  private List<Attribution> events(JsonNode info) {
    List<Attribution> events = new ArrayList<>();
    for (JsonNode related : info.path("related_events")) {
      lookup.event(related.path("uid").asText()).ifPresent(events::add);
    }
    return events;
  }

  /** As the finding says; where it does not, as its events do. */
  private static String who(JsonNode finding, List<Attribution> events) {
    for (JsonNode evidence : finding.path("evidences")) {
      JsonNode actor = evidence.path("actor");
      String agent = text(actor.path("app_name"));
      if (!agent.isEmpty()) {
        String user = text(actor.path("user").path("name"));
        String session = text(actor.path("session").path("uid"));
        return agent
            + (user.isEmpty() ? "" : " for " + user)
            + (session.isEmpty() ? "" : ", session " + Words.shortId(session));
      }
    }
    return events.stream()
        .filter(event -> event.best().agent() != null)
        .findFirst()
        .map(event -> Words.who(event.best()))
        .orElse("nobody known");
  }

  private void evidence(JsonNode finding, List<Attribution> events) {
    List<String> lines = new ArrayList<>();
    if (events.isEmpty()) {
      finding.path("evidences").forEach(evidence -> lines.add(described(evidence)));
      finding
          .path("finding_info")
          .path("related_events")
          .forEach(related -> lines.add("event " + text(related.path("uid"))));
    } else {
      EventLine line = new EventLine(terminal, trust);
      events.forEach(event -> lines.add(line.of(event)));
    }
    lines.removeIf(String::isEmpty);
    lines.stream().limit(EVIDENCE_SHOWN).forEach(line -> row("evidence", line));
    if (lines.size() > EVIDENCE_SHOWN) {
      row("evidence", "%d more, see --json".formatted(lines.size() - EVIDENCE_SHOWN));
    }
  }

  private static String described(JsonNode evidence) {
    return String.join(
        "  ",
        Stream.of(
                text(evidence.path("api").path("operation")),
                text(evidence.path("process").path("cmd_line")),
                text(evidence.path("file").path("path")))
            .filter(part -> !part.isEmpty())
            .toList());
  }

  private static String rule(JsonNode analytic) {
    String id = text(analytic.path("uid"));
    String name = text(analytic.path("name"));
    return name.isEmpty() || name.equals(id) ? id : id + "  " + name;
  }

  private static String next(JsonNode finding, List<Attribution> events) {
    String advice = text(finding.path("remediation").path("desc"));
    Optional<String> prompt =
        events.stream()
            .map(event -> event.best().prompt())
            .filter(p -> p != null)
            .findFirst()
            .map(Terminal::clean);
    String look =
        prompt
            .map(p -> "custody trace " + p)
            .orElseGet(() ->
                events.isEmpty()
                    ? "custody search " + text(finding.path("finding_info").path("uid"))
                    : "custody who " + events.getFirst().event());
    return advice.isEmpty() ? look : advice + "; " + look;
  }

  private static Style style(String severity) {
    return switch (severity) {
      case "Critical", "Fatal", "High" -> Style.BAD;
      case "Medium" -> Style.WEAK;
      default -> Style.FAIR;
    };
  }

  private static String text(JsonNode node) {
    return Terminal.clean(node.asText(""), TEXT);
  }

  private void row(String label, String text) {
    if (!text.isEmpty()) {
      terminal.line(
          "  "
              + terminal.styled(Style.FAINT, label)
              + " ".repeat(Math.max(1, LABEL - label.length()))
              + text);
    }
  }
}
