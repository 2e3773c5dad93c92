package dev.custody.source.delegation;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.delegation.DelegationChain;
import dev.custody.delegations.DelegationBook;
import dev.custody.digest.Bytes;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Body.Hop;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Source;
import dev.custody.identity.Certificate;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.signing.TokenVerifier;
import java.time.Instant;
import java.util.List;

/**
 * Takes a {@link DelegationRequest} and says what it grants or revokes, once the organisation's
 * root vouches for every signer and every signature verifies. What the delegation allows when is
 * judged by who uses it.
 *
 * <p>Of two tokens under one id that come at the same moment both may be recorded: the first
 * counts, here and in the stream.
 */
public final class DelegationSource {
  private final TrustedRoots roots;
  private final Observer observer;
  private final DelegationBook book;

  /**
   * Believes whom {@code roots} vouch for.
   *
   * @param book what was recorded; it knows which token stands under an id
   */
  public DelegationSource(TrustedRoots roots, Observer observer, DelegationBook book) {
    this.roots = roots;
    this.observer = observer;
    this.book = book;
  }

  /**
   * The event that records what {@code body} grants or revokes; the same token gives one that is a
   * repeat of the first.
   *
   * @throws BadInputException when it is not of the form of a request
   * @throws InvalidDelegationException when it cannot be relied on
   */
  public Event event(byte[] body) throws BadInputException, InvalidDelegationException {
    DelegationRequest request = DelegationRequest.parse(body);
    if (!TokenVerifier.type(request.signed().token()).equals(TokenVerifier.REVOCATION_TYPE)) {
      return granted(request);
    }
    if (!request.parents().isEmpty()) {
      throw new BadInputException("expected no parents beside a revocation");
    }
    return revoked(request.signed());
  }

  private Event granted(DelegationRequest request) throws InvalidDelegationException {
    DelegationChain chain = DelegationChain.verify(request.hops(), roots);
    Hop signed = request.signed();
    Body.DelegationGranted granted =
        new Body.DelegationGranted(
            chain.effective().id(), signed.token(), signed.certificate(), request.parents());
    Instant now = observer.clock().instant();
    if (!book.knows(granted)) {
      mustBeCertifiedNow(signed.certificate(), now);
    }
    return event(chain.effective(), granted, now);
  }

  private Event revoked(Hop signed) throws InvalidDelegationException {
    Delegation.Revocation revocation =
        DelegationChain.verifyRevocation(signed.token(), signed.certificate(), roots);
    Instant now = observer.clock().instant();
    if (!book.knows(revocation)) {
      mustBeCertifiedNow(signed.certificate(), now);
    }
    return new EventBuilder(
            new Source("custody", "DelegationRevoked", revocation.id(), null),
            observer.host(),
            now,
            new Body.DelegationRevoked(
                revocation.delegation(), signed.token(), signed.certificate()))
        .action("delegation:revoke")
        .delegation(revocation.delegation())
        .actor(signedBy(revocation.grantor()))
        .build();
  }

  // A key that is certified no longer signs nothing new, whatever moment the token claims.
  private void mustBeCertifiedNow(Bytes signed, Instant now) throws InvalidDelegationException {
    try {
      Certificate certificate = roots.verify(signed);
      if (now.isBefore(certificate.notBefore()) || !now.isBefore(certificate.notAfter())) {
        throw new InvalidDelegationException(
            DelegationDefect.SIGNED_OUTSIDE_VALIDITY,
            "the certificate of %s is valid from %s until %s, it is %s"
                .formatted(
                    certificate.subject(), certificate.notBefore(), certificate.notAfter(), now));
      }
    } catch (UntrustedException e) {
      throw new InvalidDelegationException(
          DelegationDefect.UNKNOWN_SIGNER, "the signer's certificate: " + e.getMessage(), e);
    }
  }

  private static Actor signedBy(String human) {
    return new Actor(new Human(human, HumanBasis.SIGNED_DELEGATION, null, null), null);
  }

  private Event event(Delegation delegation, Body.DelegationGranted granted, Instant now) {
    return new EventBuilder(
            new Source("custody", "DelegationGranted", delegation.id(), null),
            observer.host(),
            now,
            granted)
        .action("delegation:grant")
        .delegation(delegation.id())
        .actor(signedBy(delegation.grantor()))
        .identifiers(List.of(new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, delegation.id())))
        .build();
  }
}
