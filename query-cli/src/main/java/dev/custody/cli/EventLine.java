package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.event.Outcome;

/** An event on one line, for people. */
final class EventLine {
  private static final int KIND = 18;
  private static final int EXTRACT = 80;
  private static final int LONGEST = 300;

  private final Terminal terminal;
  private final TrustView trust;

  EventLine(Terminal terminal, TrustView trust) {
    this.terminal = terminal;
    this.trust = trust;
  }

  String of(Attribution event) {
    StringBuilder line = new StringBuilder();
    line.append(Words.time(event.occurredAt())).append("  ");
    line.append(event.kind()).append(" ".repeat(Math.max(1, KIND - event.kind().length())));
    line.append("  ").append(what(event));
    if (event.outcome() != Outcome.UNKNOWN) {
      line.append("  ").append(WhoReport.outcome(terminal, event));
    }
    line.append("  ")
        .append(Words.who(event.best()))
        .append("  ")
        .append(WhoReport.graded(terminal, event.best().grade()));
    trust
        .against(event.position())
        .ifPresent(why ->
            line.append("  ")
                .append(terminal.styled(Terminal.Style.BAD, Terminal.clean(why, LONGEST))));
    return line.toString();
  }

  /** What it is about: tool and command, action and resource, or text. */
  static String what(Attribution event) {
    String action = event.action();
    if (action == null) {
      return '"' + Terminal.clean(event.extract(), EXTRACT) + '"';
    }
    if (action.startsWith("tool:")) {
      return WhoReport.did(event);
    }
    boolean text = event.kind().equals(Lookup.PROMPT) || event.kind().equals(Lookup.COMMIT);
    if (text && !event.extract().isEmpty()) {
      return Terminal.clean(action) + "  \"" + Terminal.clean(event.extract(), EXTRACT) + '"';
    }
    return event.resources().isEmpty()
        ? Terminal.clean(action)
        : Terminal.clean(action) + "  " + Terminal.clean(event.resources().getFirst());
  }
}
