package dev.custody.campaign;

import dev.custody.digest.Bytes;
import dev.custody.digest.Salt;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import java.time.Instant;

/** Events with one field changed. */
final class Events {
  private Events() {}

  static Event withSalt(Event e, Salt salt) {
    return new Event(
        salt,
        e.id(),
        e.occurredAt(),
        e.observedAt(),
        e.source(),
        e.host(),
        e.actor(),
        e.session(),
        e.prompt(),
        e.toolCall(),
        e.toolProvider(),
        e.trace(),
        e.delegation(),
        e.project(),
        e.resources(),
        e.action(),
        e.outcome(),
        e.outcomeReason(),
        e.identifiers(),
        e.redactions(),
        e.content(),
        e.contentKey(),
        e.contentOmitted(),
        e.body());
  }

  static Event withOccurredAt(Event e, Instant at) {
    return new Event(
        e.salt(),
        e.id(),
        at,
        e.observedAt(),
        e.source(),
        e.host(),
        e.actor(),
        e.session(),
        e.prompt(),
        e.toolCall(),
        e.toolProvider(),
        e.trace(),
        e.delegation(),
        e.project(),
        e.resources(),
        e.action(),
        e.outcome(),
        e.outcomeReason(),
        e.identifiers(),
        e.redactions(),
        e.content(),
        e.contentKey(),
        e.contentOmitted(),
        e.body());
  }

  static Event withObservedAt(Event e, Instant at) {
    return new Event(
        e.salt(),
        e.id(),
        e.occurredAt(),
        at,
        e.source(),
        e.host(),
        e.actor(),
        e.session(),
        e.prompt(),
        e.toolCall(),
        e.toolProvider(),
        e.trace(),
        e.delegation(),
        e.project(),
        e.resources(),
        e.action(),
        e.outcome(),
        e.outcomeReason(),
        e.identifiers(),
        e.redactions(),
        e.content(),
        e.contentKey(),
        e.contentOmitted(),
        e.body());
  }

  static Event withSession(Event e, String session) {
    return new Event(
        e.salt(),
        e.id(),
        e.occurredAt(),
        e.observedAt(),
        e.source(),
        e.host(),
        e.actor(),
        session,
        e.prompt(),
        e.toolCall(),
        e.toolProvider(),
        e.trace(),
        e.delegation(),
        e.project(),
        e.resources(),
        e.action(),
        e.outcome(),
        e.outcomeReason(),
        e.identifiers(),
        e.redactions(),
        e.content(),
        e.contentKey(),
        e.contentOmitted(),
        e.body());
  }

  static Event withOutcome(Event e, Outcome outcome, String reason) {
    return new Event(
        e.salt(),
        e.id(),
        e.occurredAt(),
        e.observedAt(),
        e.source(),
        e.host(),
        e.actor(),
        e.session(),
        e.prompt(),
        e.toolCall(),
        e.toolProvider(),
        e.trace(),
        e.delegation(),
        e.project(),
        e.resources(),
        e.action(),
        outcome,
        reason,
        e.identifiers(),
        e.redactions(),
        e.content(),
        e.contentKey(),
        e.contentOmitted(),
        e.body());
  }

  static Event withContent(Event e, Bytes content) {
    return new Event(
        e.salt(),
        e.id(),
        e.occurredAt(),
        e.observedAt(),
        e.source(),
        e.host(),
        e.actor(),
        e.session(),
        e.prompt(),
        e.toolCall(),
        e.toolProvider(),
        e.trace(),
        e.delegation(),
        e.project(),
        e.resources(),
        e.action(),
        e.outcome(),
        e.outcomeReason(),
        e.identifiers(),
        e.redactions(),
        content,
        e.contentKey(),
        e.contentOmitted(),
        e.body());
  }
}
