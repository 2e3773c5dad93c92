package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Source;
import dev.custody.redact.Redacted;
import dev.custody.sighting.Sighting;
import org.jspecify.annotations.Nullable;

/**
 * One message, or one note, in its setting.
 *
 * @param number its place in a batch; null when it stands alone
 * @param record content of its events, redacted
 * @param delegation what its session works under; null for nothing
 */
record Scene(
    Observer observer,
    Delivery delivery,
    Delivery.Passed passed,
    @Nullable Integer number,
    Setting setting,
    Redacted<JsonNode> record,
    Place place,
    @Nullable String delegation) {
  static final String SOURCE = "mcp";

  /** The message, redacted. */
  Rpc message() {
    return new Rpc((ObjectNode) record.value().path("message"));
  }

  /** What names it among all that passed this wrapper. */
  String own() {
    return passed.sequence() + (number == null ? "" : "." + number);
  }

  Scene at(Place other, @Nullable String presented) {
    return new Scene(observer, delivery, passed, number, setting, record, other, presented);
  }

  Actor actor() {
    return new Actor(
        setting.human(),
        new Agent(
            setting.product(),
            setting.version(),
            setting.agent().toString(),
            place.session(),
            place.subAgent()));
  }

  /**
   * What is recorded of it.
   *
   * @param kind the source's name of the kind
   */
  Sighting sighting(String kind, @Nullable String toolCall) {
    return sighting(kind, "", record, toolCall);
  }

  /** What is recorded behind it: {@code record}, by a name of its own. */
  Sighting sighting(
      String kind, String behind, Redacted<JsonNode> content, @Nullable String toolCall) {
    // Named, so that a wrapper may hand in again what it does not know to be recorded.
    String id = delivery.instance() + "#" + own() + behind;
    Source source = new Source(SOURCE, kind, id, null, passed.sequence());
    return new Sighting(observer, source, content)
        .actor(actor())
        .delegation(delegation)
        .project(setting.cwd())
        .occurredAt(passed.at())
        .within(place.session(), place.prompt(), toolCall);
  }
}
