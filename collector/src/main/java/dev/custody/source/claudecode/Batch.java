package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.redact.Finding;
import dev.custody.redact.Redacted;
import dev.custody.source.agent.Hook;
import dev.custody.source.agent.Telling;
import java.util.ArrayList;
import java.util.List;

/** PostToolBatch: the batch itself, and each call in it that was not allowed to run. */
final class Batch {
  private static final String CALLS = "tool_calls";
  private static final String FIRST_CALL = "/" + CALLS + "/0/";

  private final Telling telling;
  private final Session session;
  private final ObjectNode fields;

  Batch(Telling telling, Session session) {
    this.telling = telling;
    this.session = session;
    this.fields = telling.hook().fields();
  }

  List<Event> tell() {
    // No resources and no identifiers: the calls' own hooks told them, with the call's id.
    List<Event> events = new ArrayList<>(telling.bare(new Body.Observed(telling.hook().name())));
    JsonNode calls = fields.path(CALLS);
    for (int i = 0; calls.isArray() && i < calls.size(); i++) {
      events.addAll(refused(i));
    }
    return List.copyOf(events);
  }

  private List<Event> refused(int at) {
    JsonNode call = fields.path(CALLS).path(at);
    String tool = Hook.text(call, "tool_name");
    String id = Hook.text(call, "tool_use_id");
    Refusal refusal = tool == null ? null : Refusal.of(call, tool, id, session);
    if (tool == null || refusal == null || (id != null && !session.calls().refused(id))) {
      return List.of();
    }
    return telling.refused(
        ClaudeCodeHooks.call(call, tool, telling.hook().cwd()),
        refusal.by(),
        refusal.reason(),
        only(at),
        id);
  }

  /** The record as if it had told of one call only. */
  private Redacted<JsonNode> only(int at) {
    ObjectNode narrowed = fields.objectNode();
    fields.properties().forEach(field -> narrowed.set(field.getKey(), field.getValue()));
    narrowed.putArray(CALLS).add(fields.path(CALLS).path(at));
    String prefix = "/" + CALLS + "/" + at + "/";
    List<Finding> findings = new ArrayList<>();
    for (Finding finding : telling.record().findings()) {
      String location = finding.location();
      if (location.startsWith(prefix)) {
        String moved = FIRST_CALL + location.substring(prefix.length());
        findings.add(new Finding(finding.kind(), finding.fingerprint(), moved));
      } else if (!location.startsWith("/" + CALLS + "/")) {
        findings.add(finding);
      }
    }
    return new Redacted<>(narrowed, findings);
  }
}
