package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Outcome;
import dev.custody.redact.Redacted;
import dev.custody.sighting.Sighting;
import dev.custody.source.agent.Mentions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes events of responses, each with the request that it belongs to. */
final class Responses {
  /** Kind of the event that tells of a tool that is described otherwise than before. */
  static final String CHANGE = "ToolDescriptionChanged";

  private static final int LONGEST_REASON = 300;

  private final Conversation conversation;
  private final ToolBook book;

  Responses(Conversation conversation, ToolBook book) {
    this.conversation = conversation;
    this.book = book;
  }

  /**
   * What a response tells of.
   *
   * @param sent the message before redaction
   * @param bound adds to a scene the delegation that its session works under
   */
  List<Event> tell(Scene scene, JsonNode sent, UnaryOperator<Scene> bound) {
    Rpc message = scene.message();
    Conversation.Request request = conversation.answered(scene.passed().from(), message.key());
    if (request == null) {
      return observed(bound.apply(scene), "response");
    }
    Call call = request.call();
    if (call != null) {
      return ended(bound.apply(scene.at(call.place(), null)), request, call);
    }
    String kind = request.method() + (message.isError() ? ":error" : ":result");
    boolean ofServer = scene.passed().from() == Delivery.From.SERVER && !message.isError();
    if (ofServer && request.method().equals(Rpc.INITIALIZE)) {
      conversation.begins(conversation.peers().withServer(message));
    }
    return ofServer && request.method().equals(Rpc.LIST)
        ? listed(bound.apply(scene), sent.path("result"), kind)
        : observed(bound.apply(scene), kind);
  }

  /** What is common to the events of one call. */
  EventBuilder about(EventBuilder draft, Call call) {
    return draft.action("tool:" + call.tool()).toolProvider(call.provider()).trace(call.trace());
  }

  /** The end of a call: its result, or the answer that it was given in the server's place. */
  private List<Event> ended(Scene scene, Conversation.Request request, Call call) {
    Rpc message = scene.message();
    boolean failed = message.isError() || message.result().path("isError").asBoolean();
    boolean refused = scene.passed().from() == Delivery.From.WRAPPER;
    Body body =
        refused
            ? new Body.ToolCallRefused(call.tool(), "hook")
            : new Body.ToolCallCompleted(call.tool(), millis(scene, request));
    String kind = Rpc.CALL + (message.isError() ? ":error" : ":result");
    Sighting sighting = scene.sighting(refused ? Rpc.CALL + ":refused" : kind, call.id());
    Mentions named =
        new Mentions(scene.setting().cwd()).textsOf(message.result()).textsOf(error(message));
    return sighting.finish(
        about(sighting.event(body), call)
            .outcome(
                refused ? Outcome.DENIED : failed ? Outcome.FAILURE : Outcome.SUCCESS,
                failed ? reason(message) : null)
            .resources(Sighting.bounded(named.resources()))
            .identifiers(named.identifiers()));
  }

  private static Long millis(Scene scene, Conversation.Request request) {
    return Math.max(0, Duration.between(request.at(), scene.passed().at()).toMillis());
  }

  private static JsonNode error(Rpc message) {
    return message.fields().path("error");
  }

  private static @Nullable String reason(Rpc message) {
    String said =
        message.isError()
            ? error(message).path("message").textValue()
            : message.result().path("content").path(0).path("text").textValue();
    String line = said == null ? "" : said.lines().findFirst().orElse("").strip();
    return line.isEmpty() ? null : line.substring(0, Math.min(line.length(), LONGEST_REASON));
  }

  private List<Event> listed(Scene scene, JsonNode result, String kind) {
    String server = scene.setting().server();
    String version = conversation.peers().serverVersion();
    ToolList list = ToolList.of(result);
    Sighting sighting = scene.sighting(kind, null);
    List<Event> events =
        new ArrayList<>(
            sighting.finish(
                sighting
                    .event(new Body.ToolsListed(server, version, list.tools()))
                    .action("mcp:" + Rpc.LIST)));
    int number = 0;
    for (Body.DescribedTool tool : list.tools()) {
      ToolChange change = change(server, version, tool);
      if (change != null) {
        conversation.changes(change);
        events.addAll(change(scene, change, null, ++number));
      }
    }
    conversation.lists(list);
    return events;
  }

  /** Against what is recorded, and against what was listed since and may not be recorded yet. */
  private @Nullable ToolChange change(
      String server, @Nullable String version, Body.DescribedTool tool) {
    ToolBook.Known known = book.of(server, tool.name());
    var now = tool.description();
    if (known != null && !known.digest().equals(now)) {
      return new ToolChange(server, tool.name(), known.digest(), now, known.version(), version);
    }
    var before = conversation.listed(tool.name());
    return before == null || before.equals(now)
        ? null
        : new ToolChange(server, tool.name(), before, now, version, version);
  }

  /** The event that tells of {@code change}: behind the list, or behind a call of that tool. */
  List<Event> change(Scene scene, ToolChange change, @Nullable String toolCall, int number) {
    Sighting sighting =
        scene.sighting(
            CHANGE,
            "#change" + (number == 0 ? "" : "-" + number),
            new Redacted<>(change.toJson(), List.of()),
            toolCall);
    return sighting.finish(
        sighting
            .event(new Body.Observed(CHANGE))
            .action("mcp:tool-description-changed")
            .resources(List.of("mcp:" + change.server() + "/" + change.tool())));
  }

  private static List<Event> observed(Scene scene, String kind) {
    Mentions named =
        new Mentions(scene.setting().cwd())
            .textsOf(scene.message().result())
            .textsOf(error(scene.message()));
    Sighting sighting = scene.sighting(kind, null);
    return sighting.finish(
        sighting
            .event(new Body.Observed(kind))
            .action("mcp:" + kind)
            .outcome(
                scene.message().isError() ? Outcome.FAILURE : Outcome.SUCCESS,
                reason(scene.message()))
            .resources(Sighting.bounded(named.resources()))
            .identifiers(named.identifiers()));
  }
}
