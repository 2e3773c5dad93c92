package dev.custody.source.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.digest.Bytes;

/** Answers that keep an agent from running a tool, in the forms that agents read. */
public final class Denials {
  private Denials() {}

  /** As Claude Code, and Codex after it, read it from a {@code PreToolUse} hook. */
  public static Bytes hookSpecific(String reason) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putObject("hookSpecificOutput")
        .put("hookEventName", "PreToolUse")
        .put("permissionDecision", "deny")
        .put("permissionDecisionReason", reason);
    return Bytes.utf8(answer.toString());
  }

  /** As Gemini CLI reads it from a {@code BeforeTool} hook, and our plugin from the collector. */
  public static Bytes decision(String reason) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("decision", "deny").put("reason", reason);
    return Bytes.utf8(answer.toString());
  }
}
