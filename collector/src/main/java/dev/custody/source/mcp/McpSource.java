package dev.custody.source.mcp;

import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.capture.SourceNotes;
import dev.custody.delegations.Bindings;
import dev.custody.enforce.DecisionPoint;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.source.git.Workplaces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns what {@code custody mcp} hands in into events, and says whether a call of a tool may pass,
 * as {@code docs/mcp.md} says. Safe for use by several threads.
 */
public final class McpSource {
  private final Observer observer;
  private final Settings settings;
  private final Decisions decisions;
  private final Conversations conversations;
  private final KnownCalls known = new KnownCalls();
  private final ToolBook book;

  private McpSource(
      Observer observer, Decisions decisions, Conversations conversations, ToolBook book) {
    this.observer = observer;
    this.settings = new Settings(observer, new Workplaces(observer.clock()));
    this.decisions = decisions;
    this.conversations = conversations;
    this.book = book;
  }

  /**
   * Knows what earlier runs noted in {@code notes}.
   *
   * @throws CaptureException when they cannot be read
   */
  public static McpSource open(
      Observer observer, SourceNotes notes, Bindings bindings, DecisionPoint decisions)
      throws CaptureException {
    return new McpSource(
        observer,
        new Decisions(observer, bindings, decisions),
        new Conversations(observer.fingerprints(), notes),
        ToolBook.open(notes));
  }

  /**
   * The events that one delivery tells of, and what the wrapper is answered: nothing, or {@code
   * {"reply": ...}} with what the client is told in the server's place.
   *
   * @param delegation what the agent's environment names; null or blank for nothing
   * @throws BadInputException when the body is no delivery; the message repeats nothing of it
   */
  public HookReply receive(byte[] body, @Nullable String delegation) throws BadInputException {
    Delivery delivery = Delivery.parse(body);
    Conversation conversation = conversations.of(delivery.instance());
    Teller teller = teller(delivery, delegation, conversation);
    Gate gate = new Gate();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < delivery.messages().size(); i++) {
      boolean waits = delivery.asks() && i == delivery.messages().size() - 1;
      events.addAll(teller.tell(delivery.messages().get(i), waits ? gate : null));
    }
    return new HookReply(events, gate.answer());
  }

  /** The answer when that took too long, or could not be recorded; null where nobody waits. */
  public @Nullable HookReply late(byte[] body, String why) throws BadInputException {
    Delivery delivery = Delivery.parse(body);
    if (!delivery.asks()) {
      return null;
    }
    Gate gate = new Gate();
    List<Event> events =
        teller(delivery, null, conversations.of(delivery.instance()))
            .undecided(delivery.messages().getLast(), why, gate);
    return new HookReply(events, gate.answer());
  }

  private Teller teller(Delivery delivery, @Nullable String delegation, Conversation conversation) {
    return new Teller(
        observer, delivery, delegation, conversation, settings, decisions, known, book);
  }

  /** Is told what is durable now, of this source and of others; returns at once. */
  public void recorded(List<Event> events) {
    for (Event event : events) {
      boolean own = event.source().kind().equals(Scene.SOURCE);
      if (!own) {
        known.recorded(event);
      } else if (event.body() instanceof Body.ToolsListed listed) {
        book.recorded(listed, event.observedAt());
      } else if (event.body() instanceof Body.Observed observed) {
        noted(event, observed.kind());
      }
    }
  }

  private void noted(Event event, String kind) {
    String id = event.source().id();
    String instance = id == null ? "" : id.substring(0, Math.max(0, id.indexOf('#')));
    if (kind.equals(Rpc.INITIALIZE + ":result")) {
      conversations.note(instance, conversations.of(instance).peers());
    } else if (kind.equals("wrapper:ended")) {
      conversations.end(instance);
    }
  }
}
