package dev.custody.broker;

import dev.custody.broker.AwsSts.Handed;
import dev.custody.broker.AwsSts.Order;
import dev.custody.broker.CredentialBroker.Asked;
import dev.custody.broker.KnownSessions.Held;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.sighting.Sighting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the broker says of its doings, as {@code docs/events.md} has it. */
final class BrokerEvents {
  private static final String PROVIDER = "aws";
  private static final String TOOL = "credential:aws";

  private final Observer observer;

  BrokerEvents(Observer observer) {
    this.observer = observer;
  }

  /** The request, and that nothing came of it. */
  List<Event> refused(Asked asked, RefusedException refusal) {
    boolean byDelegation = refusal.kind() == RefusedException.Kind.DELEGATION;
    List<Event> events = new ArrayList<>(requested(asked));
    events.add(
        decided(
                asked,
                new Body.PolicyDecision(
                    TOOL,
                    "enforce",
                    refusal.verdict().name(),
                    byDelegation ? refusal.verdict().rule() : null,
                    byDelegation ? "delegation" : "configuration",
                    "deny",
                    reason(refusal)))
            .outcome(Outcome.DENIED, reason(refusal))
            .build());
    return events;
  }

  private static String reason(RefusedException refusal) {
    return String.valueOf(refusal.getMessage());
  }

  /** The request, and that the delegation allows it. */
  List<Event> allowed(Asked asked, Order order) {
    String reason =
        "%s allows %s for %d s".formatted(order.sourceIdentity(), order.role(), seconds(order));
    List<Event> events = new ArrayList<>(requested(asked));
    events.add(
        decided(
                asked,
                new Body.PolicyDecision(
                    TOOL, "enforce", "WITHIN", order.policy(), "delegation", "proceed", reason))
            .outcome(Outcome.SUCCESS, reason)
            .build());
    return events;
  }

  private static long seconds(Order order) {
    return order.life().toSeconds();
  }

  private List<Event> requested(Asked asked) {
    CredentialRequest request = asked.request();
    String role = role(asked);
    Sighting sighting =
        new Sighting(observer, source("CredentialRequested", null), request.record())
            .project(asked.session() == null ? request.cwd() : asked.session().project())
            .within(request.session(), null, null);
    if (asked.session() != null) {
      sighting.actor(asked.session().actor());
    }
    return sighting.finish(
        sighting
            .event(
                new Body.CredentialRequested(
                    PROVIDER, role == null ? "a role" : role, request.session()))
            .action("credential:request")
            .delegation(delegation(asked))
            .resources(role == null ? List.of() : List.of(role)));
  }

  private static @Nullable String role(Asked asked) {
    return asked.role() == null ? asked.request().role() : asked.role();
  }

  private static @Nullable String delegation(Asked asked) {
    return asked.delegation() == null ? asked.request().delegation() : asked.delegation().id();
  }

  private EventBuilder decided(Asked asked, Body body) {
    String role = role(asked);
    return event(asked, body, null)
        .action("credential:decide")
        .resources(role == null ? List.of() : List.of(role));
  }

  /** AWS handed nothing out. */
  Event failed(Asked asked, Order order, RefusedException refusal) {
    return event(asked, new Body.Observed("CredentialNotIssued"), null)
        .action("credential:issue")
        .resources(List.of(order.role()))
        .outcome(Outcome.FAILURE, reason(refusal))
        .build();
  }

  /** AWS handed a credential out; its secrets are not in here. */
  Event issued(Asked asked, Order order, Handed handed) {
    Body body =
        new Body.CredentialIssued(
            key(handed.accessKeyId()),
            "aws sts",
            key(handed.parent()),
            asked.request().session(),
            handed.expiresAt(),
            null,
            order.role(),
            order.policy());
    return event(asked, body, "issued:" + handed.accessKeyId())
        .actor(actingFor(asked))
        .action("credential:issue")
        .resources(List.of(order.role()))
        .outcome(Outcome.SUCCESS, null)
        .identifiers(
            List.of(
                key(handed.accessKeyId()),
                new Identifier(IdentifierKind.AWS_ROLE_SESSION, handed.roleSession()),
                new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, order.sourceIdentity())))
        .build();
  }

  /**
   * For whom: by the delegation that they signed where the session presented it, and where what the
   * session's work says of its human is no other. A delegation that was merely found by that
   * human's name tells no more of them than their name does.
   */
  private static Actor actingFor(Asked asked) {
    KnownSession session = asked.session();
    GrantedDelegation delegation = asked.delegation();
    if (session == null || delegation == null) {
      throw new IllegalStateException("issued before it was decided");
    }
    Human human = session.actor().human();
    if (human == null
        || !delegation.presented()
        || !human.id().equals(delegation.grantor())
        || human.isContradicted()) {
      return session.actor();
    }
    return new Actor(
        new Human(human.id(), HumanBasis.SIGNED_DELEGATION, human.osUser(), human.gitEmail()),
        session.actor().agent());
  }

  /** A session ended, and AWS has no way to end one session's credential. */
  Event revoked(KnownSession session, Held held) {
    String reason =
        "the session ended; AWS STS cannot end a credential before its time, it ends by itself at "
            + held.expiresAt();
    Body body = new Body.CredentialRevoked(key(held.accessKeyId()), reason, null, held.expiresAt());
    return new EventBuilder(
            source(body.name(), "revoked:" + held.accessKeyId()),
            observer.host(),
            observer.clock().instant(),
            body)
        .actor(session.actor())
        .within(session.id(), null, null)
        .project(session.project())
        .delegation(session.delegation())
        .action("credential:revoke")
        .outcome(Outcome.FAILURE, reason)
        .identifiers(List.of(key(held.accessKeyId())))
        .build();
  }

  private EventBuilder event(Asked asked, Body body, @Nullable String id) {
    EventBuilder event =
        new EventBuilder(source(body.name(), id), observer.host(), observer.clock().instant(), body)
            .within(asked.request().session(), null, null)
            .delegation(delegation(asked));
    KnownSession session = asked.session();
    return session == null ? event : event.actor(session.actor()).project(session.project());
  }

  private static Identifier key(String id) {
    return new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, id);
  }

  private static Source source(String event, @Nullable String id) {
    return new Source("custody", event, id, null);
  }
}
