package dev.custody.source.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import dev.custody.source.agent.Hook;
import dev.custody.source.agent.Telling;
import dev.custody.source.agent.ToolCall;
import dev.custody.source.agent.ToolKinds;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells callbacks that are about a call of a tool; any other is observed. */
final class CallTelling {
  static final ToolKinds TOOLS =
      new ToolKinds(
          "bash",
          Set.of(
              "read",
              "grep",
              "glob",
              "list",
              "webfetch",
              "websearch",
              "codesearch",
              "todoread",
              "todowrite",
              "question",
              "lsp",
              "skill",
              "plan_enter",
              "plan_exit",
              "invalid"),
          Set.of("write", "edit", "multiedit", "patch", "apply_patch"),
          Set.of("task", "batch"));

  private static final String ERROR = "Error: ";
  private static final String BY_RULE = "The user has specified a rule which prevents";
  private static final String BY_USER = "The user rejected permission";

  private final Telling telling;
  private final Hook hook;
  private final Callback callback;
  private final OpencodeSession session;

  CallTelling(Telling telling, OpencodeSession session) {
    this.telling = telling;
    this.hook = telling.hook();
    this.callback = new Callback(hook.fields());
    this.session = session;
  }

  static ToolCall call(Hook hook, String tool, JsonNode input, List<JsonNode> results) {
    return ToolCall.of(
        tool, TOOLS, TOOLS.own(tool) ? ToolCall.BUILT_IN : null, hook.cwd(), input, results);
  }

  List<Event> tell() {
    return switch (hook.name()) {
      case "tool.execute.before" -> requested();
      case "tool.execute.after" -> completed();
      case "event:message.part.updated" -> failed();
      case "permission.ask" -> asked(callback.input());
      case "event:permission.asked", "event:permission.updated" -> asked(callback.properties());
      case "event:permission.replied" -> replied();
      default -> telling.observed();
    };
  }

  private List<Event> requested() {
    String tool = Hook.text(callback.input(), "tool");
    if (tool == null) {
      return telling.observed();
    }
    if (hook.toolCall() != null) {
      session.calls().requested(hook.toolCall());
    }
    return telling.requested(call(hook, tool, callback.output().path("args"), List.of()));
  }

  private List<Event> completed() {
    JsonNode output = callback.output();
    String tool = Hook.text(callback.input(), "tool");
    if (tool == null) {
      return telling.observed();
    }
    if (hook.toolCall() != null) {
      boolean _ = session.calls().ran(hook.toolCall());
    }
    ToolCall call = call(hook, tool, callback.input().path("args"), List.of(output));
    call.mentions().commitsIn(call.command(), output.path("output").textValue());
    if (tool.equals(TOOLS.shell())) {
      return ofShell(call, output.path("metadata").path("exit"));
    }
    boolean isError = output.path("isError").asBoolean(false);
    Outcome outcome =
        isError ? Outcome.FAILURE : output.isObject() ? Outcome.SUCCESS : Outcome.UNKNOWN;
    return telling.completed(call, null, outcome, null);
  }

  private List<Event> ofShell(ToolCall call, JsonNode exit) {
    if (!exit.isIntegralNumber()) {
      return telling.completed(call, null, Outcome.UNKNOWN, null);
    }
    return exit.longValue() == 0
        ? telling.completed(call, null, Outcome.SUCCESS, null)
        : telling.completed(call, null, Outcome.FAILURE, "exit code " + exit.longValue());
  }

  /** A tool that threw: there is no other word of its end. */
  private List<Event> failed() {
    JsonNode part = callback.toolPart();
    JsonNode state = part.path("state");
    String tool = Hook.text(part, "tool");
    String id = hook.toolCall();
    String error = state.path("error").textValue();
    boolean told =
        tool != null && id != null && error != null && "error".equals(Hook.text(state, "status"));
    if (tool == null || id == null || error == null || !told) {
      return telling.observed();
    }
    ToolCall call = call(hook, tool, state.path("input"), List.of(state.path("error")));
    String words = error.startsWith(ERROR) ? error.substring(ERROR.length()) : error;
    String by = refusedBy(words, id);
    if (by != null) {
      return session.calls().refused(id)
          ? telling.refused(call, by, Telling.reason(words))
          : telling.observed();
    }
    return session.calls().ran(id)
        ? telling.completed(call, null, Outcome.FAILURE, Telling.reason(words))
        : telling.observed();
  }

  private @Nullable String refusedBy(String words, String id) {
    if (session.wasDenied(id)) {
      return "hook";
    }
    if (words.startsWith(BY_RULE)) {
      return "permission-rule";
    }
    return words.startsWith(BY_USER) ? "user" : null;
  }

  private List<Event> asked(JsonNode question) {
    String permission = Hook.text(question, "permission");
    if (permission == null) {
      permission = Hook.text(question, "type");
    }
    String id = Hook.text(question, "id");
    if (permission == null) {
      return telling.observed();
    }
    if (id != null) {
      session.asked(id, new OpencodeSession.Question(permission, hook.toolCall()));
    }
    return telling.decided(call(hook, permission, question, List.of()), null, null);
  }

  private List<Event> replied() {
    JsonNode properties = callback.properties();
    String id = Hook.text(properties, "requestID");
    id = id == null ? Hook.text(properties, "permissionID") : id;
    String reply = Hook.text(properties, "reply");
    reply = reply == null ? Hook.text(properties, "response") : reply;
    OpencodeSession.Question question = id == null ? null : session.question(id);
    if (question == null || reply == null) {
      return telling.observed();
    }
    return telling
        .of(hook.about(hook.prompt(), question.toolCall(), hook.subAgent()))
        .decided(call(hook, question.permission(), properties, List.of()), reply, null);
  }
}
