package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.cli.Terminal.Style;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One answer of {@code custody who}, for people. */
final class WhoReport {
  private static final int LABEL = 13;
  private static final int EXTRACT = 100;
  private static final int LONGEST = 300;
  private static final int RESOURCES_SHOWN = 5;

  private final Terminal terminal;
  private final Lookup lookup;
  private final TrustView trust;

  WhoReport(Terminal terminal, Lookup lookup, TrustView trust) {
    this.terminal = terminal;
    this.lookup = lookup;
    this.trust = trust;
  }

  /**
   * Prints an answer.
   *
   * @param witnesses other records of the same step of the same tool call
   */
  void print(Attribution event, List<Attribution> witnesses, boolean withHistory) {
    terminal.line(heading(event));
    trust
        .against(event.position())
        .ifPresent(why -> row("trust", terminal.styled(Style.BAD, Terminal.clean(why, LONGEST))));
    resources(event);
    agent(event.best());
    human(event);
    row("delegation", delegation(event));
    event.delegation().chain().forEach(hop -> row("chain", Terminal.clean(hop, LONGEST)));
    prompt(event.best().prompt());
    toolCall(event);
    credential(event);
    row("grade", grade(event.best()));
    if (!event.best().concerns().isEmpty()) {
      row("of concern", terminal.styled(Style.BAD, Words.concerns(event.best().concerns())));
    }
    rivals(event);
    event.hits().forEach(rule -> row("rule fired", Terminal.clean(rule)));
    history(event, withHistory);
    row("record", record(event));
    witnesses(event, witnesses);
    row("vouched by", vouched(event));
    row("next", next(event));
  }

  private void witnesses(Attribution event, List<Attribution> others) {
    if (others.isEmpty()) {
      return;
    }
    row("told by", Terminal.clean(event.source().kind()) + ", the record above");
    for (Attribution other : others) {
      row("", Terminal.clean(other.source().kind()) + ", " + record(other));
    }
  }

  /** Whose certificate opens the chain that holds the record. */
  private String vouched(Attribution event) {
    String chain = " (chain " + event.position().chain().shortHex() + "…)";
    return lookup
        .collector(event.position().chain())
        .map(collector -> Terminal.clean(collector) + chain)
        .orElse("unknown: the chain's first event is not in the index" + chain);
  }

  private void history(Attribution event, boolean shown) {
    List<Attribution> replaced = lookup.history(event);
    if (!shown) {
      if (!replaced.isEmpty()) {
        row(
            "history",
            "%d earlier %s; --history shows %s"
                .formatted(
                    replaced.size(),
                    replaced.size() == 1 ? "answer" : "answers",
                    replaced.size() == 1 ? "it" : "them"));
      }
      return;
    }
    if (replaced.isEmpty()) {
      row("history", "no other answer was given before");
    }
    for (Attribution answer : replaced) {
      row("earlier", earlier(answer));
    }
  }

  private String earlier(Attribution answer) {
    Candidate best = answer.best();
    String session = best.session() == null ? "" : ", session " + Words.shortId(best.session());
    DelegationUse use = answer.delegation();
    String under =
        use.verdict() == DelegationVerdict.NOT_APPLICABLE
            ? ""
            : "; delegation "
                + verdict(use.verdict())
                + (use.id() == null ? "" : " " + Terminal.clean(use.id()));
    return "revision %d: %s%s  %s%s"
        .formatted(answer.revision(), Words.who(best), session, grade(best), under);
  }

  private String heading(Attribution event) {
    String action = event.action() == null ? event.kind() : event.action();
    String what =
        event.resources().isEmpty() ? "" : "  " + Terminal.clean(event.resources().getFirst());
    return terminal.styled(Style.STRONG, Terminal.clean(action) + what)
        + "  "
        + Words.time(event.occurredAt())
        + "  "
        + outcome(terminal, event);
  }

  static String outcome(Terminal terminal, Attribution event) {
    String reason = event.outcomeReason();
    String text =
        reason == null
            ? event.outcome().name()
            : event.outcome().name() + " (" + Terminal.clean(reason, EXTRACT) + ")";
    return terminal.styled(
        event.outcome() == Outcome.SUCCESS || event.outcome() == Outcome.UNKNOWN
            ? Style.FAINT
            : Style.WEAK,
        text);
  }

  private void resources(Attribution event) {
    if (event.kind().equals(Lookup.COMMIT)) {
      Words.identifier(event.identifiers(), IdentifierKind.GIT_COMMIT)
          .ifPresent(id -> row("commit", Terminal.clean(id) + "  " + quoted(event.extract())));
    }
    List<String> more = event.resources().stream().skip(1).toList();
    more.stream().limit(RESOURCES_SHOWN).forEach(r -> row("also", Terminal.clean(r)));
    if (more.size() > RESOURCES_SHOWN) {
      row("also", "%d more, see --json".formatted(more.size() - RESOURCES_SHOWN));
    }
  }

  private void agent(Candidate best) {
    Agent agent = best.agent();
    if (best.grade() == Grade.UNATTRIBUTED) {
      row(
          "agent",
          terminal.styled(Style.BAD, "not attributed")
              + (agent == null
                  ? ": no agent is known to have done this"
                  : ": seen at work was " + describe(agent, best)));
    } else if (agent == null) {
      row("agent", "none known");
    } else {
      row(
          "agent",
          (best.grade() == Grade.INFERRED ? terminal.styled(Style.WEAK, "perhaps ") : "")
              + describe(agent, best));
    }
  }

  private static String describe(Agent agent, Candidate candidate) {
    StringBuilder text = new StringBuilder();
    text.append(Terminal.clean(agent.product())).append(" (").append(Words.version(agent));
    text.append(')');
    String session = candidate.session() == null ? agent.instance() : candidate.session();
    if (session != null) {
      text.append(", session ").append(Words.shortId(session));
    }
    String subAgent = agent.subAgent();
    if (subAgent != null) {
      text.append(", sub-agent ").append(Terminal.clean(subAgent));
    }
    return text.append("  ").append(Terminal.clean(agent.spiffeId())).toString();
  }

  private void human(Attribution event) {
    Human human = event.best().human();
    row(
        "acting for",
        human == null
            ? "unknown human"
            : "%s  %s (%s)"
                .formatted(Words.human(human), graded(event.humanGrade()), basis(event, human)));
  }

  private static String basis(Attribution event, Human human) {
    return event.kind().equals(Lookup.REGISTERED) || event.kind().equals(Lookup.RETIRED)
        ? "signed it with their own key"
        : Words.basis(human);
  }

  private String delegation(Attribution event) {
    DelegationUse use = event.delegation();
    String reason = Terminal.clean(use.reason());
    return switch (use.verdict()) {
      case NOT_APPLICABLE ->
          use.id() == null
              ? "not applicable" + (reason.isEmpty() ? "" : ": " + reason)
              : granted(use) + "  -> not judged: " + reason;
      case NONE ->
          terminal.styled(Style.WEAK, "no delegation: borrowed identity of " + owner(event))
              + (reason.isEmpty() || reason.startsWith("no delegation")
                  ? ""
                  : "  (" + reason + ")");
      case WITHIN, OUTSIDE, EXPIRED, NOT_YET_VALID, UNCERTAIN, REVOKED, UNKNOWN ->
          granted(use) + "  -> " + verdict(use.verdict()) + (reason.isEmpty() ? "" : ": " + reason);
    };
  }

  /** Whose rights were used: the principal that the provider names, else the human. */
  private static String owner(Attribution event) {
    return Words.identifier(event.identifiers(), IdentifierKind.PRINCIPAL)
        .map(Terminal::clean)
        .orElseGet(() ->
            Words.isKnown(event.best().human())
                ? Words.human(event.best().human())
                : Words.credential(event.identifiers())
                    .map(c -> "whoever owns " + Terminal.clean(c))
                    .orElse("an unknown principal"));
  }

  private static String granted(DelegationUse use) {
    StringBuilder text = new StringBuilder();
    text.append(use.id() == null ? "a delegation" : Terminal.clean(use.id()));
    String grantor = use.grantor();
    if (grantor != null) {
      text.append(" by ").append(Terminal.clean(grantor));
    }
    if (!use.scope().isEmpty()) {
      text.append(": ").append(Terminal.clean(String.join("; ", use.scope())));
    }
    if (use.expiresAt() != null) {
      text.append(", until ").append(Words.time(use.expiresAt()));
    }
    return text.toString();
  }

  private String verdict(DelegationVerdict verdict) {
    return terminal.styled(
        switch (verdict) {
          case WITHIN -> Style.GOOD;
          case UNCERTAIN, NONE, NOT_APPLICABLE -> Style.WEAK;
          case OUTSIDE, EXPIRED, NOT_YET_VALID, REVOKED, UNKNOWN -> Style.BAD;
        },
        verdict.name());
  }

  private void prompt(@Nullable String prompt) {
    if (prompt == null) {
      row("prompt", "unknown");
      return;
    }
    String text = lookup.prompt(prompt).map(e -> "  " + quoted(e.extract())).orElse("");
    row("prompt", Words.shortId(prompt) + text);
  }

  private void toolCall(Attribution event) {
    String toolCall = event.best().toolCall();
    if (toolCall == null) {
      row("tool call", "unknown");
      return;
    }
    boolean itself = toolCallItself(event);
    Optional<Attribution> call = itself ? Optional.of(event) : lookup.toolCall(toolCall);
    row("tool call", Words.shortId(toolCall) + call.map(c -> "  " + did(c)).orElse(""));
  }

  private static boolean toolCallItself(Attribution event) {
    return event.kind().equals(Lookup.REQUESTED)
        || event.kind().equals(Lookup.COMPLETED)
        || event.kind().equals(Lookup.REFUSED);
  }

  /** Tool and what it was asked to do. */
  static String did(Attribution call) {
    String action = call.action() == null ? call.kind() : call.action();
    String tool = Terminal.clean(action.startsWith("tool:") ? action.substring(5) : action);
    // The first line is what was asked for; what came back follows it.
    String extract = Terminal.clean(call.extract().lines().findFirst().orElse(""), EXTRACT);
    if (extract.isEmpty()) {
      return call.resources().isEmpty()
          ? tool
          : tool + ": " + Terminal.clean(call.resources().getFirst(), EXTRACT);
    }
    return extract.startsWith(tool + ":") ? extract : tool + ": " + extract;
  }

  private void credential(Attribution event) {
    Words.credential(event.identifiers())
        .ifPresent(id -> {
          String of =
              Words.identifier(event.identifiers(), IdentifierKind.PRINCIPAL)
                  .map(p -> " of " + Terminal.clean(p))
                  .orElse("");
          String from =
              Words.identifier(event.identifiers(), IdentifierKind.SOURCE_ADDRESS)
                  .map(a -> ", used from " + Terminal.clean(a))
                  .orElse("");
          row("credential", Terminal.clean(id) + of + from);
        });
  }

  private String grade(Candidate best) {
    String reasons = Terminal.clean(String.join("; ", best.reasons()));
    return graded(best.grade()) + (reasons.isEmpty() ? "" : ": " + reasons);
  }

  private String graded(Grade grade) {
    return graded(terminal, grade);
  }

  static String graded(Terminal terminal, Grade grade) {
    return terminal.styled(
        switch (grade) {
          case PROVEN -> Style.GOOD;
          case CORROBORATED -> Style.FAIR;
          case INFERRED -> Style.WEAK;
          case UNATTRIBUTED -> Style.BAD;
        },
        grade.name());
  }

  private void rivals(Attribution event) {
    if (event.rivals().isEmpty() && event.moreRivals() == 0) {
      row("rivals", "none");
    }
    for (Candidate rival : event.rivals()) {
      String session = rival.session() == null ? "" : ", session " + Words.shortId(rival.session());
      row("rival", Words.who(rival) + session + "  " + grade(rival));
    }
    if (event.moreRivals() > 0) {
      row("rivals", event.moreRivals() + " more");
    }
  }

  private static String record(Attribution event) {
    return "partition %d offset %d, chain %s…#%d, event %s"
        .formatted(
            event.position().partition(),
            event.position().offset(),
            event.position().chain().shortHex(),
            event.position().sequence(),
            event.event());
  }

  private static String next(Attribution event) {
    String prompt = event.best().prompt();
    return prompt == null
        ? "custody verify"
        : "custody trace " + Terminal.clean(prompt) + "; custody verify";
  }

  private static String quoted(String extract) {
    String text = Terminal.clean(extract, EXTRACT);
    return text.isEmpty() ? "" : '"' + text + '"';
  }

  private void row(String label, String text) {
    terminal.line(
        "  "
            + terminal.styled(Style.FAINT, label)
            + " ".repeat(Math.max(1, LABEL - label.length()))
            + text.stripTrailing());
  }
}
