package dev.custody.admission;

import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.identity.AgentStatement;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.signing.AgentTokens;
import java.security.SignatureException;
import java.time.Duration;
import java.time.Instant;

/**
 * Verifies what humans state of agents: the root vouches for the human's key, the human's key for
 * the statement. Collectors ask before they record it, and whoever reads the log asks again.
 */
public final class AgentStatements {
  /** Clocks may differ by this much: a statement from later than that is none. */
  static final Duration SKEW = Duration.ofMinutes(5);

  private final TrustedRoots roots;

  /** Trusts {@code roots}. */
  public AgentStatements(TrustedRoots roots) {
    this.roots = roots;
  }

  /**
   * The statement in {@code token}.
   *
   * @param signed the certificate of the human's key, with the root's signature
   * @param recordedAt when a collector recorded it
   * @throws UntrustedException when a signer is unknown, a signature fails, or the parts do not fit
   *     each other
   */
  public AgentStatement verify(String token, Bytes signed, Instant recordedAt)
      throws UntrustedException {
    Certificate certificate = roots.verify(signed);
    AgentStatement statement;
    try {
      if (certificate.role() != CertificateRole.HUMAN) {
        throw new SignatureException(
            "expected the certificate of a HUMAN, found " + certificate.role());
      }
      statement = AgentTokens.verify(token, certificate.publicKey().utf8());
    } catch (SignatureException e) {
      throw new UntrustedException(String.valueOf(e.getMessage()));
    }
    check(statement, certificate, recordedAt);
    return statement;
  }

  /**
   * The statement that {@code event} records.
   *
   * @throws IllegalArgumentException when it records none
   * @throws UntrustedException when it does not verify, or the event says something else
   */
  public AgentStatement verify(Event event) throws UntrustedException {
    return switch (event.body()) {
      case Body.AgentRegistered b -> {
        AgentStatement s = verify(b.token(), b.certificate(), event.observedAt());
        require(AgentStatement.Kind.REGISTER, b.spiffeId(), b.registeredBy(), s);
        if (!b.product().equals(s.agent().product())) {
          throw new UntrustedException(
              "the event says product %s, its token %s"
                  .formatted(b.product(), s.agent().product()));
        }
        yield s;
      }
      case Body.AgentRetired b -> {
        AgentStatement s = verify(b.token(), b.certificate(), event.observedAt());
        require(AgentStatement.Kind.RETIRE, b.spiffeId(), b.retiredBy(), s);
        yield s;
      }
      default -> throw new IllegalArgumentException("no statement on an agent: " + event.id());
    };
  }

  private static void check(AgentStatement statement, Certificate certificate, Instant recordedAt)
      throws UntrustedException {
    if (!statement.human().equals(certificate.subject())) {
      throw new UntrustedException(
          "expected a statement of %s, as certified, found one of %s"
              .formatted(certificate.subject(), statement.human()));
    }
    Instant at = statement.issuedAt();
    if (at.isBefore(certificate.notBefore()) || !at.isBefore(certificate.notAfter())) {
      throw new UntrustedException(
          "made at %s, the key of %s is certified from %s until %s"
              .formatted(
                  at, certificate.subject(), certificate.notBefore(), certificate.notAfter()));
    }
    if (at.isAfter(recordedAt.plus(SKEW))) {
      throw new UntrustedException(
          "made at %s, later than it was recorded, %s".formatted(at, recordedAt));
    }
  }

  private static void require(
      AgentStatement.Kind kind, String spiffeId, String human, AgentStatement found)
      throws UntrustedException {
    if (found.kind() != kind
        || !found.agent().toString().equals(spiffeId)
        || !found.human().equals(human)) {
      throw new UntrustedException(
          "the event says %s %s by %s, its token %s %s by %s"
              .formatted(
                  kind.word(), spiffeId, human, found.kind().word(), found.agent(), found.human()));
    }
  }
}
