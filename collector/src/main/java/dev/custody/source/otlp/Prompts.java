package dev.custody.source.otlp;

import dev.custody.event.Body;
import java.util.Set;

/** What adapters have in common in telling of prompts, sessions and sub-agents. */
final class Prompts {
  /** What stands in place of a prompt that an agent was not told to send. */
  private static final Set<String> HIDDEN = Set.of("<REDACTED>", "[REDACTED]");

  private static final String NOTIFICATION = "<task-notification>";

  private Prompts() {}

  static Told submitted(Telemetry record, String attribute) {
    String prompt = record.attributes().path(attribute).textValue();
    Body.PromptOrigin origin;
    if (prompt == null || HIDDEN.contains(prompt)) {
      origin = Body.PromptOrigin.UNKNOWN;
    } else {
      origin =
          prompt.stripLeading().startsWith(NOTIFICATION)
              ? Body.PromptOrigin.NOTIFICATION
              : Body.PromptOrigin.HUMAN;
    }
    return Told.of(new Body.PromptSubmitted(origin), "prompt:submit");
  }

  static Told sessionStarted(Telemetry record) {
    return Told.of(new Body.SessionStarted(null, record.text("model")), "session:start");
  }

  static Told subAgentStarted(Telemetry record, String id, String type) {
    String subAgent = record.identifier(id);
    return subAgent == null
        ? Told.observed(record)
        : Told.of(new Body.SubagentStarted(subAgent, record.text(type)), "subagent:start");
  }

  static Told subAgentEnded(Telemetry record, String id, String type) {
    String subAgent = record.identifier(id);
    return subAgent == null
        ? Told.observed(record)
        : Told.of(new Body.SubagentEnded(subAgent, record.text(type)), "subagent:end");
  }
}
