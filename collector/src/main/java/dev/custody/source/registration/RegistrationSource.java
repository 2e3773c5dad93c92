package dev.custody.source.registration;

import dev.custody.admission.AgentStatements;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Source;
import dev.custody.identity.AgentStatement;
import dev.custody.source.SignedToken;
import java.time.Instant;
import java.util.List;

/**
 * Takes {@code {"token": JWT, "certificate": BASE64}} and says which agent it registers or retires,
 * once the organisation's root vouches for the human and the human's key for the token.
 */
public final class RegistrationSource {
  private final AgentStatements statements;
  private final Observer observer;

  /** Believes humans that {@code roots} vouch for. */
  public RegistrationSource(TrustedRoots roots, Observer observer) {
    this.statements = new AgentStatements(roots);
    this.observer = observer;
  }

  /**
   * The event that records what {@code body} states; the same statement is known again by its id.
   *
   * @throws BadInputException when it is not of the form above
   * @throws UntrustedException when somebody does not vouch for it
   */
  public Event event(byte[] body) throws BadInputException, UntrustedException {
    SignedToken signed = SignedToken.parse(body);
    Instant now = observer.clock().instant();
    return event(statements.verify(signed.token(), signed.certificate(), now), signed, now);
  }

  private Event event(AgentStatement statement, SignedToken signed, Instant now) {
    String agent = statement.agent().toString();
    Body body =
        switch (statement.kind()) {
          case REGISTER ->
              new Body.AgentRegistered(
                  agent,
                  statement.agent().product(),
                  statement.human(),
                  signed.token(),
                  signed.certificate());
          case RETIRE ->
              new Body.AgentRetired(agent, statement.human(), signed.token(), signed.certificate());
        };
    return new EventBuilder(
            new Source("custody", body.name(), statement.id(), null), observer.host(), now, body)
        .occurredAt(statement.issuedAt())
        .action("agent:" + statement.kind().word())
        .resources(List.of(agent))
        .actor(
            new Actor(new Human(statement.human(), HumanBasis.SIGNED_DELEGATION, null, null), null))
        .build();
  }
}
