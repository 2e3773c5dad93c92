package dev.custody.attribute;

import org.apache.kafka.common.utils.Bytes;

/**
 * An event of the world asks a token who carried it.
 *
 * @param token KIND:value of an identifier
 * @param tokens how many tokens the event asks in all
 * @param question what is asked
 */
public record Ask(String token, int tokens, Question question) implements Reply {
  /** Where it lies in the store: token, time, event id. */
  Bytes place() {
    return SpanKey.of(token, question.occurredAt(), question.event().toString());
  }
}
