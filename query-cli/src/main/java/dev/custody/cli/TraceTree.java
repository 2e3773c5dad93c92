package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.Grade;
import dev.custody.attribution.TraceEdge;
import dev.custody.cli.Terminal.Style;
import dev.custody.event.IdentifierKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Draws prompt, tool calls, credentials, cloud calls and commits as a tree. */
final class TraceTree {
  private static final int TEXT = 100;

  private static final String CALLED = "called";
  private static final String AUTHORISED = "authorised";
  private final Terminal terminal;
  private final Lookup lookup;
  private final Set<String> drawn = new HashSet<>();
  private Map<String, List<TraceEdge>> from = Map.of();

  TraceTree(Terminal terminal, Lookup lookup) {
    this.terminal = terminal;
    this.lookup = lookup;
  }

  /** Draws what {@code edges}, oldest first, say of {@code prompt}. */
  void print(String prompt, List<TraceEdge> edges) {
    Set<String> called =
        edges.stream()
            .filter(e -> e.relation().equals(CALLED))
            .map(TraceEdge::to)
            .collect(Collectors.toSet());
    Set<String> shownByTools =
        edges.stream()
            .filter(e -> e.relation().equals("showed") && !isBatch(e))
            .map(TraceEdge::to)
            .collect(Collectors.toSet());
    from =
        edges.stream()
            // A call is drawn under the tool call that made it; its line names the credential.
            .filter(e -> !(e.relation().equals(AUTHORISED) && called.contains(e.to())))
            // A batch of results shows what each of its tools has shown already.
            .filter(e -> !(isBatch(e) && shownByTools.contains(e.to())))
            .collect(
                Collectors.groupingBy(TraceEdge::from, LinkedHashMap::new, Collectors.toList()));
    heading(prompt);
    String root = "prompt:" + prompt;
    drawn.add(root);
    children(root, "");
    if (edges.isEmpty()) {
      terminal.line("   nothing is known to have come of it");
    }
    loose(edges);
  }

  private void heading(String prompt) {
    Optional<Attribution> event = lookup.prompt(prompt);
    terminal.line(
        terminal.styled(Style.STRONG, "prompt " + Terminal.clean(prompt))
            + event.map(e -> "  " + Words.time(e.occurredAt())).orElse(""));
    event.ifPresent(e -> {
      terminal.line(
          "   "
              + Words.who(e.best())
              + (e.best().session() == null ? "" : ", session " + Words.shortId(e.best().session()))
              + "  "
              + terminal.styled(Style.FAINT, "human: ")
              + WhoReport.graded(terminal, e.humanGrade()));
      terminal.line("   \"" + Terminal.clean(e.extract(), 2 * TEXT) + "\"");
      String known = Terminal.clean(String.join("; ", e.best().reasons()));
      if (!known.isEmpty()) {
        terminal.line("   " + terminal.styled(Style.FAINT, "tool calls are " + known));
      }
    });
  }

  /** Edges that do not hang together with the prompt: drawn, because hiding them would mislead. */
  private void loose(List<TraceEdge> edges) {
    Set<String> ends = edges.stream().map(TraceEdge::to).collect(Collectors.toSet());
    List<String> starts = new ArrayList<>(edges.stream().map(TraceEdge::from).distinct().toList());
    // Those with no edge into them first; what is left after them goes round in circles.
    starts.sort((a, b) -> Boolean.compare(ends.contains(a), ends.contains(b)));
    for (String start : starts) {
      if (drawn.add(start)) {
        terminal.line("not joined to the prompt: " + label(start));
        children(start, "");
      }
    }
  }

  private void children(String node, String indent) {
    List<TraceEdge> edges = from.getOrDefault(node, List.of());
    for (int i = 0; i < edges.size(); i++) {
      boolean last = i == edges.size() - 1;
      child(edges.get(i), indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "));
    }
  }

  private void child(TraceEdge edge, String branch, String indent) {
    boolean first = drawn.add(edge.to());
    terminal.line(
        branch
            + label(edge.to())
            + "  "
            + terminal.styled(Style.FAINT, Terminal.clean(edge.relation()))
            + " "
            + WhoReport.graded(terminal, edge.grade())
            + (first ? "" : terminal.styled(Style.FAINT, "  (drawn above)")));
    boolean below = first && from.containsKey(edge.to());
    if (edge.grade() != Grade.PROVEN && !edge.reasons().isEmpty() && !isOwnReport(edge)) {
      terminal.line(
          indent
              + (below ? "│  " : "   ")
              + terminal.styled(
                  Style.FAINT, "because " + Terminal.clean(String.join("; ", edge.reasons()))));
    }
    if (below) {
      children(edge.to(), indent);
    }
  }

  private static boolean isBatch(TraceEdge edge) {
    return edge.relation().equals("showed") && edge.from().startsWith("prompt:");
  }

  // What an agent tells of its own calls is so for every one of them; the heading says it once.
  private static boolean isOwnReport(TraceEdge edge) {
    return edge.relation().equals("requested")
        || edge.relation().equals("refused")
        || edge.relation().equals("showed");
  }

  private String label(String node) {
    int colon = node.indexOf(':');
    String kind = colon < 0 ? "" : node.substring(0, colon);
    String id = node.substring(colon + 1);
    return switch (kind) {
      case "prompt" -> "prompt " + Words.shortId(id);
      case "tool" -> toolCall("tool call", id);
      case "refused" -> toolCall(terminal.styled(Style.WEAK, "refused"), id);
      case "credential" -> "credential " + Terminal.clean(id);
      case "description" ->
          terminal.styled(Style.WEAK, "another description than before")
              + " of "
              + Terminal.clean(id);
      case "secret" -> "secret " + Terminal.clean(id);
      case "cloud" -> lookup.event(id).map(this::cloudCall).orElse("cloud call " + event(id));
      case "commit" -> lookup.event(id).map(TraceTree::commit).orElse("commit " + event(id));
      default -> Terminal.clean(node);
    };
  }

  private static String event(String id) {
    return "(event " + Terminal.clean(id) + ", no longer in the index)";
  }

  private String toolCall(String kind, String id) {
    Optional<Attribution> event = lookup.toolCall(id).or(() -> lookup.event(id));
    return kind
        + " "
        + Words.shortId(id)
        + event
            .map(e -> "  " + WhoReport.did(e) + "  " + WhoReport.outcome(terminal, e))
            .orElse("");
  }

  private String cloudCall(Attribution call) {
    return terminal.styled(Style.STRONG, EventLine.what(call))
        + "  "
        + Words.time(call.occurredAt())
        + "  "
        + WhoReport.outcome(terminal, call)
        + Words.identifier(call.identifiers(), IdentifierKind.AWS_ACCESS_KEY_ID)
            .map(key -> "  with " + Terminal.clean(key))
            .orElse("")
        + delegation(call.delegation());
  }

  private String delegation(DelegationUse use) {
    return switch (use.verdict()) {
      case NOT_APPLICABLE -> "";
      case NONE -> "  " + terminal.styled(Style.WEAK, "no delegation");
      case WITHIN -> "  within " + Terminal.clean(String.valueOf(use.id()));
      case OUTSIDE, EXPIRED, NOT_YET_VALID, UNCERTAIN, REVOKED, UNKNOWN ->
          "  "
              + terminal.styled(Style.BAD, use.verdict().name())
              + " "
              + Terminal.clean(String.valueOf(use.id()));
    };
  }

  private static String commit(Attribution commit) {
    String id =
        Words.identifier(commit.identifiers(), IdentifierKind.GIT_COMMIT)
            .map(Words::shortId)
            .orElse("unknown id");
    return "commit " + id + "  \"" + Terminal.clean(commit.extract(), TEXT) + '"';
  }
}
