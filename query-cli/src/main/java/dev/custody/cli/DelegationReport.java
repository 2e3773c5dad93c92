package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.cli.DelegationLookup.Standing;
import dev.custody.cli.Terminal.Style;
import java.time.Instant;
import java.util.stream.Collectors;

/** A delegation, for people and for programs. */
final class DelegationReport {
  private static final int LABEL = 11;

  private final DelegationLookup lookup;
  private final Instant now;

  DelegationReport(DelegationLookup lookup, Instant now) {
    this.lookup = lookup;
    this.now = now;
  }

  /** In the list: what it is and how it stands. */
  void printShort(Terminal terminal, Attribution grant) {
    DelegationUse use = grant.delegation();
    terminal.line(
        terminal.styled(Style.STRONG, Terminal.clean(String.valueOf(use.id())))
            + "  by "
            + Terminal.clean(String.valueOf(use.grantor()))
            + "  until "
            + use.expiresAt()
            + "  "
            + state(terminal, lookup.standing(grant, now)));
    terminal.line("  allows  " + Terminal.clean(String.join("; ", use.scope())));
    terminal.line("  " + Terminal.clean(use.reason()));
  }

  private static String state(Terminal terminal, Standing standing) {
    String words =
        standing.state().words()
            + (standing.since() == null ? "" : " since " + standing.since())
            + (standing.why().isEmpty() ? "" : " (" + Terminal.clean(standing.why()) + ")");
    return terminal.styled(
        switch (standing.state()) {
          case IN_FORCE -> Style.GOOD;
          case NOT_BEGUN, ENDED -> Style.FAINT;
          case REVOKED, CONTRADICTED, UNVERIFIED -> Style.BAD;
        },
        words);
  }

  /** Everything that the index knows of it. */
  void print(Terminal terminal, Attribution grant) {
    DelegationUse use = grant.delegation();
    String id = String.valueOf(use.id());
    terminal.line(terminal.styled(Style.STRONG, Terminal.clean(id)));
    row(terminal, "state", state(terminal, lookup.standing(grant, now)));
    row(terminal, "granted", Terminal.clean(use.reason()));
    row(terminal, "by", Terminal.clean(String.valueOf(use.grantor())));
    row(terminal, "signed", Terminal.clean(String.join("; ", grant.best().reasons())));
    use.scope().forEach(line -> row(terminal, "allows", Terminal.clean(line)));
    if (grant.best().session() != null) {
      row(terminal, "session", "only " + Terminal.clean(grant.best().session()));
    }
    use.chain().forEach(hop -> row(terminal, "chain", Terminal.clean(hop)));
    for (Attribution revocation : lookup.revocations(id, use.grantor())) {
      row(
          terminal,
          "revoked",
          revocation.observedAt()
              + "  "
              + Terminal.clean(revocation.delegation().reason())
              + "  event "
              + revocation.event());
    }
    row(terminal, "judged", judged(id));
    row(terminal, "record", "event " + grant.event() + ", recorded " + grant.observedAt());
    row(terminal, "next", "custody delegate verify " + Terminal.clean(id));
  }

  private String judged(String id) {
    String counts =
        lookup.judged(id).entrySet().stream()
            .map(e -> e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", "));
    return counts.isEmpty() ? "no act" : "acts: " + counts;
  }

  private static void row(Terminal terminal, String label, String text) {
    terminal.line("  " + label + " ".repeat(LABEL - label.length()) + text);
  }

  /** One object. */
  void printJson(JsonLines lines, Attribution grant) {
    DelegationUse use = grant.delegation();
    String id = String.valueOf(use.id());
    Standing standing = lookup.standing(grant, now);
    lines.line(json -> {
      json.writeStringField("id", id);
      json.writeStringField("state", standing.state().name());
      json.writeStringField("since", standing.since() == null ? null : standing.since().toString());
      json.writeStringField("why", standing.why());
      json.writeStringField("grantor", use.grantor());
      json.writeStringField("granted", use.reason());
      json.writeStringField("session", grant.best().session());
      json.writeStringField(
          "expiresAt", use.expiresAt() == null ? null : use.expiresAt().toString());
      json.writeArrayFieldStart("scope");
      for (String line : use.scope()) {
        json.writeString(line);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("chain");
      for (String hop : use.chain()) {
        json.writeString(hop);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("judged");
      for (var count : lookup.judged(id).entrySet()) {
        json.writeNumberField(count.getKey().name(), count.getValue());
      }
      json.writeEndObject();
      json.writeStringField("event", grant.event().toString());
      json.writeStringField("recordedAt", grant.observedAt().toString());
    });
  }
}
