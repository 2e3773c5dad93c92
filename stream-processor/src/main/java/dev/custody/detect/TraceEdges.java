package dev.custody.detect;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.attribution.TraceEdge;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The edges that one attributed event adds to the trace of its prompt. Nodes are {@code kind:id}
 * with the kinds prompt, tool, refused, description, secret, credential, cloud and commit; the id
 * of a cloud or commit node is its event's.
 */
public final class TraceEdges {
  private static final String CHANGED_TOOL = "ToolDescriptionChanged";

  private TraceEdges() {}

  /** The edges of {@code event}; none when no prompt is known. */
  public static List<TraceEdge> of(Attribution event) {
    Candidate who = event.best();
    String prompt = who.prompt();
    if (prompt == null || who.grade() == Grade.UNATTRIBUTED) {
      return List.of();
    }
    List<TraceEdge> edges = new ArrayList<>();
    String call = who.toolCall();
    switch (event.kind()) {
      case "ToolCallRequested" ->
          add(edges, event, prompt, "prompt:" + prompt, node("tool", call), "requested");
      case "ToolCallRefused" ->
          add(edges, event, prompt, "prompt:" + prompt, node("refused", call), "refused");
      case "ToolCallCompleted" -> shown(edges, event, prompt, call);
      case "SecretObserved" -> secrets(edges, event, prompt, call);
      case "Observed" -> changedTool(edges, event, prompt, call);
      case "CloudCall" -> cloud(edges, event, prompt, call);
      case "CommitCreated" ->
          add(
              edges,
              event,
              prompt,
              call == null ? "prompt:" + prompt : node("tool", call),
              "commit:" + event.event(),
              "committed");
      default -> {}
    }
    return edges;
  }

  private static void shown(
      List<TraceEdge> edges, Attribution event, String prompt, @Nullable String call) {
    add(edges, event, prompt, "prompt:" + prompt, node("tool", call), "requested");
    for (Identifier identifier : event.identifiers()) {
      if (isCredential(identifier)) {
        add(edges, event, prompt, node("tool", call), "credential:" + identifier.value(), "showed");
      }
    }
  }

  private static void secrets(
      List<TraceEdge> edges, Attribution event, String prompt, @Nullable String call) {
    for (Identifier identifier : event.identifiers()) {
      if (identifier.kind() == IdentifierKind.SECRET_FINGERPRINT) {
        String from = call == null ? "prompt:" + prompt : node("tool", call);
        add(edges, event, prompt, from, "secret:" + identifier.value(), "showed");
      }
    }
  }

  /** A tool was called whose server had come to describe it otherwise. */
  private static void changedTool(
      List<TraceEdge> edges, Attribution event, String prompt, @Nullable String call) {
    if (CHANGED_TOOL.equals(event.source().event()) && call != null) {
      event.resources().stream()
          .findFirst()
          .ifPresent(tool ->
              add(edges, event, prompt, node("tool", call), "description:" + tool, "changed"));
    }
  }

  private static void cloud(
      List<TraceEdge> edges, Attribution event, String prompt, @Nullable String call) {
    String node = "cloud:" + event.event();
    add(
        edges,
        event,
        prompt,
        call == null ? "prompt:" + prompt : node("tool", call),
        node,
        "called");
    for (Identifier identifier : event.identifiers()) {
      if (identifier.kind() == IdentifierKind.AWS_ACCESS_KEY_ID) {
        add(edges, event, prompt, "credential:" + identifier.value(), node, "authorised");
      }
    }
  }

  // Which prompt it came of is not known better than which call did it.
  private static Grade known(Attribution event) {
    Grade grade = event.best().grade();
    boolean vague = event.best().toolCall() == null && grade.compareTo(Grade.INFERRED) < 0;
    return vague && event.kind().equals("CloudCall") ? Grade.INFERRED : grade;
  }

  private static boolean isCredential(Identifier identifier) {
    return identifier.kind() == IdentifierKind.AWS_ACCESS_KEY_ID
        || identifier.kind() == IdentifierKind.AWS_ROLE_SESSION;
  }

  private static String node(String kind, @Nullable String id) {
    return kind + ":" + (id == null ? "unknown" : id);
  }

  private static void add(
      List<TraceEdge> edges,
      Attribution event,
      String prompt,
      String from,
      String to,
      String relation) {
    edges.add(
        new TraceEdge(
            prompt,
            from,
            to,
            relation,
            known(event),
            event.occurredAt(),
            event.best().reasons(),
            List.of(event.event()),
            event.revision(),
            false));
  }
}
