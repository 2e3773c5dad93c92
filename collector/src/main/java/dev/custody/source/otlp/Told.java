package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.custody.event.Body;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * What one record tells, as its client's adapter reads it.
 *
 * @param body kind of event
 * @param action what was done
 * @param prompt prompt at work
 * @param toolCall call of a tool that it is about
 * @param subAgent who acted in the session; null for the main agent
 * @param provider who supplies the tool
 * @param outcome what came of it
 * @param reason why
 * @param input a tool's input: its fields may name files
 * @param commit a commit that a tool reported
 * @param repeats whether it only repeats a conversation: what that names was told before
 */
record Told(
    Body body,
    @Nullable String action,
    @Nullable String prompt,
    @Nullable String toolCall,
    @Nullable String subAgent,
    @Nullable ToolProvider provider,
    Outcome outcome,
    @Nullable String reason,
    JsonNode input,
    @Nullable String commit,
    boolean repeats) {

  static Told of(Body body, @Nullable String action) {
    return new Told(
        body,
        action,
        null,
        null,
        null,
        null,
        Outcome.UNKNOWN,
        null,
        MissingNode.getInstance(),
        null,
        false);
  }

  /** A record that has no body of its own. */
  static Told observed(Telemetry record) {
    return of(new Body.Observed(record.name()), null);
  }

  Told within(@Nullable String prompt, @Nullable String toolCall) {
    return new Told(
        body, action, prompt, toolCall, subAgent, provider, outcome, reason, input, commit,
        repeats);
  }

  Told by(@Nullable String subAgent) {
    return new Told(
        body, action, prompt, toolCall, subAgent, provider, outcome, reason, input, commit,
        repeats);
  }

  /** About a tool. */
  Told of(@Nullable ToolProvider provider, JsonNode input) {
    return new Told(
        body, action, prompt, toolCall, subAgent, provider, outcome, reason, input, commit,
        repeats);
  }

  Told outcome(Outcome outcome, @Nullable String reason) {
    return new Told(
        body, action, prompt, toolCall, subAgent, provider, outcome, reason, input, commit,
        repeats);
  }

  Told reporting(@Nullable String commit) {
    return new Told(
        body, action, prompt, toolCall, subAgent, provider, outcome, reason, input, commit,
        repeats);
  }

  /** Of no interest for what it names. */
  Told repeating() {
    return new Told(
        body, action, prompt, toolCall, subAgent, provider, outcome, reason, input, commit, true);
  }
}
