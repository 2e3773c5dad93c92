package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.delegations.Binding;
import dev.custody.enforce.Decision;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.redact.Redacted;
import dev.custody.sighting.Sighting;
import dev.custody.sighting.StrictJson;
import dev.custody.source.agent.Mentions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes events of the messages of one delivery. Used by one thread. */
final class Teller {
  /** More messages in one batch are recorded as one. */
  private static final int MOST_IN_BATCH = 256;

  private final Observer observer;
  private final Delivery delivery;
  private final @Nullable String presented;
  private final Conversation conversation;
  private final JsonNode head;
  private final Settings settings;
  private final Decisions decisions;
  private final Links links;
  private final Responses responses;

  Teller(
      Observer observer,
      Delivery delivery,
      @Nullable String presented,
      Conversation conversation,
      Settings settings,
      Decisions decisions,
      KnownCalls known,
      ToolBook book) {
    this.observer = observer;
    this.delivery = delivery;
    this.presented = presented;
    this.conversation = conversation;
    this.head = conversation.redactor().json(delivery.head()).value();
    this.settings = settings;
    this.decisions = decisions;
    this.links = new Links(delivery, known);
    this.responses = new Responses(conversation, book);
  }

  /** What {@code passed} tells of; where it waits, {@code gate} is told what is decided on it. */
  List<Event> tell(Delivery.Passed passed, @Nullable Gate gate) {
    String text = passed.text();
    if (text == null) {
      return untaken(passed);
    }
    JsonNode value;
    try {
      value = StrictJson.value(text.getBytes(StandardCharsets.UTF_8));
    } catch (BadInputException e) {
      return unreadable(passed, text, String.valueOf(e.getMessage()), gate);
    }
    if (value instanceof ObjectNode message) {
      return one(passed, message, null, gate);
    }
    if (value.isArray() && !value.isEmpty() && value.size() <= MOST_IN_BATCH) {
      return batch(passed, text, value, gate);
    }
    return unreadable(passed, text, "expected a message or a batch of 1 to " + MOST_IN_BATCH, gate);
  }

  private List<Event> batch(
      Delivery.Passed passed, String text, JsonNode batch, @Nullable Gate gate) {
    for (JsonNode message : batch) {
      if (!(message instanceof ObjectNode)) {
        return unreadable(passed, text, "expected a batch of objects", gate);
      }
    }
    if (gate != null) {
      gate.batch();
    }
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      events.addAll(one(passed, (ObjectNode) batch.get(i), i, gate));
    }
    return events;
  }

  private List<Event> one(
      Delivery.Passed passed, ObjectNode sent, @Nullable Integer number, @Nullable Gate gate) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("from", passed.from().word());
    if (passed.omitted() > 0) {
      content.put("omitted", passed.omitted());
    }
    content.set("message", sent);
    Scene scene = scene(passed, number, conversation.redactor().json(content));
    Rpc message = scene.message();
    String method = message.method();
    if (message.isResponse()) {
      return responses.tell(scene, sent, this::underDelegation);
    }
    if (method == null) {
      return observed(scene, "message");
    }
    if (method.equals(Rpc.CALL) && passed.from() == Delivery.From.CLIENT) {
      return call(scene, sent, gate);
    }
    if (message.isRequest()) {
      conversation.requested(
          passed.from(), message, new Conversation.Request(method, null, passed.at()));
      if (gate != null) {
        gate.request(sent, null);
      }
    }
    if (method.equals(Rpc.INITIALIZE) && passed.from() == Delivery.From.CLIENT) {
      conversation.begins(conversation.peers().withClient(message));
      scene = scene(passed, number, scene.record());
    }
    return observed(scene, method);
  }

  private List<Event> call(Scene scene, ObjectNode sent, @Nullable Gate gate) {
    Setting setting = scene.setting();
    Rpc message = scene.message();
    Call call =
        links.call(message, scene.own(), setting.server(), setting.session(), conversation::listed);
    Binding binding = decisions.binding(setting, call.place(), presented);
    Scene at = scene.at(call.place(), binding.id());
    JsonNode arguments = message.params().path("arguments");
    Mentions named = new Mentions(setting.cwd()).pathsOf(arguments).textsOf(arguments);
    conversation.requested(
        Delivery.From.CLIENT,
        message,
        new Conversation.Request(Rpc.CALL, call, scene.passed().at()));
    Sighting sighting = at.sighting(Rpc.CALL, call.id());
    List<Event> events =
        new ArrayList<>(
            sighting.finish(
                responses
                    .about(sighting.event(new Body.ToolCallRequested(call.tool())), call)
                    .resources(Sighting.bounded(named.resources()))
                    .identifiers(named.identifiers())));
    if (gate != null) {
      Decision decision = decisions.decide(at, call, events.getFirst().resources(), binding);
      gate.request(sent, decision.denial());
      events.addAll(
          1,
          decisions.event(
              decision, call.place(), call.id(), setting.cwd(), at.actor(), binding.id()));
    }
    ToolChange change = conversation.changeToTell(call.name());
    if (change != null) {
      events.addAll(responses.change(at, change, call.id(), 0));
    }
    return events;
  }

  private List<Event> observed(Scene scene, String kind) {
    Scene at = underDelegation(scene);
    JsonNode params = at.message().params();
    Mentions named = new Mentions(scene.setting().cwd()).addressOf(params, "uri").textsOf(params);
    Sighting sighting = at.sighting(kind, null);
    return sighting.finish(
        sighting
            .event(new Body.Observed(kind))
            .action("mcp:" + kind)
            .trace(Links.trace(params.path("_meta")))
            .resources(Sighting.bounded(named.resources()))
            .identifiers(named.identifiers()));
  }

  /** What is no message: kept as redacted text. */
  private List<Event> unreadable(
      Delivery.Passed passed, String text, String why, @Nullable Gate gate) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("from", passed.from().word()).put("unreadable", why).put("text", text);
    Scene scene = underDelegation(scene(passed, null, conversation.redactor().json(content)));
    Sighting sighting = scene.sighting("unreadable", null);
    EventBuilder draft = sighting.event(new Body.Observed("unreadable")).action("mcp:unreadable");
    List<Event> events = new ArrayList<>(sighting.finish(draft));
    if (gate != null) {
      Decision decision = decisions.undecided(unknownTool(), "the message is not readable: " + why);
      gate.unreadable(decision.denial());
      events.addAll(
          decisions.event(
              decision,
              scene.place(),
              null,
              scene.setting().cwd(),
              scene.actor(),
              scene.delegation()));
    }
    return events;
  }

  private String unknownTool() {
    return Links.tool(Settings.server(head, conversation.peers()), Settings.UNNAMED);
  }

  /** A message of which nothing could be taken along, or a note of the wrapper itself. */
  private List<Event> untaken(Delivery.Passed passed) {
    ObjectNode content = passed.fields().deepCopy();
    Scene scene = underDelegation(scene(passed, null, conversation.redactor().json(content)));
    String note = Rpc.text(scene.record().value(), "note", Rpc.LONGEST_NAME);
    String kind = note == null ? "message:untaken" : "wrapper:" + note;
    Sighting sighting = scene.sighting(kind, null);
    return sighting.finish(sighting.event(new Body.Observed(kind)).action("mcp:" + kind));
  }

  private Scene scene(Delivery.Passed passed, @Nullable Integer number, Redacted<JsonNode> record) {
    Setting setting = settings.of(head, conversation.peers());
    return new Scene(
        observer, delivery, passed, number, setting, record, links.place(setting.session()), null);
  }

  private Scene underDelegation(Scene scene) {
    return scene.at(
        scene.place(), decisions.binding(scene.setting(), scene.place(), presented).id());
  }

  /**
   * What is decided, and answered, where nothing could be told in time. Remembers nothing.
   *
   * @param why in a few words
   */
  List<Event> undecided(Delivery.Passed passed, String why, Gate gate) {
    JsonNode value;
    try {
      value = StrictJson.value(String.valueOf(passed.text()).getBytes(StandardCharsets.UTF_8));
    } catch (BadInputException e) {
      value = JsonNodeFactory.instance.nullNode();
    }
    String product = Settings.product(head, conversation.peers());
    Place place = links.place(Settings.session(head, product));
    List<Event> events = new ArrayList<>();
    if (value.isArray()) {
      gate.batch();
    }
    for (JsonNode message : value.isArray() ? value : List.of(value)) {
      if (message instanceof ObjectNode sent && new Rpc(sent).asks(Rpc.CALL)) {
        Call call = callOf(sent, product);
        Decision decision = decisions.undecided(call.tool(), why);
        gate.request(sent, decision.denial());
        events.addAll(decisions.event(decision, call.place(), call.id(), null, null, null));
      } else if (message instanceof ObjectNode sent) {
        if (new Rpc(sent).isRequest()) {
          gate.request(sent, null);
        }
      } else {
        Decision decision = decisions.undecided(unknownTool(), why);
        gate.unreadable(decision.denial());
        events.addAll(decisions.event(decision, place, null, null, null, null));
      }
    }
    return events;
  }

  private Call callOf(ObjectNode sent, String product) {
    return links.call(
        new Rpc((ObjectNode) conversation.redactor().json(sent).value()),
        String.valueOf(delivery.messages().getLast().sequence()),
        Settings.server(head, conversation.peers()),
        Settings.session(head, product),
        conversation::listed);
  }
}
