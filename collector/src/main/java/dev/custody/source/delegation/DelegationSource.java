package dev.custody.source.delegation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.digest.Bytes;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Source;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.Delegation;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.signing.TokenVerifier;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * Takes {@code {"token": JWT, "certificate": BASE64}} and says what it grants, once the
 * organisation's root vouches for the human and the human's key for the token. Validity of the
 * delegation itself is judged by who uses it.
 */
public final class DelegationSource {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final TrustedRoots roots;
  private final Observer observer;

  /** Believes humans that {@code roots} vouch for. */
  public DelegationSource(TrustedRoots roots, Observer observer) {
    this.roots = roots;
    this.observer = observer;
  }

  /**
   * The event that records what {@code body} grants.
   *
   * @throws BadInputException when it is not of the form above
   * @throws InvalidDelegationException when somebody does not vouch for it
   */
  public Event event(byte[] body) throws BadInputException, InvalidDelegationException {
    JsonNode request = parse(body);
    String token = text(request, "token");
    Bytes signed = decode(text(request, "certificate"));
    Certificate human = human(signed);
    Delegation delegation = TokenVerifier.verify(token, human.publicKey().utf8());
    if (!delegation.grantor().equals(human.subject())) {
      throw new InvalidDelegationException(
          "expected grantor %s, as certified, found %s"
              .formatted(human.subject(), delegation.grantor()));
    }
    return event(delegation, token, signed);
  }

  private static JsonNode parse(byte[] body) throws BadInputException {
    JsonNode request;
    try {
      request = JSON.readTree(body);
    } catch (IOException e) {
      // Jackson's own message would show what was sent.
      throw new BadInputException("expected JSON {token, certificate}, found no JSON");
    }
    if (!request.isObject() || request.size() != 2) {
      throw new BadInputException("expected an object of token and certificate, found another");
    }
    return request;
  }

  private static String text(JsonNode request, String member) throws BadInputException {
    JsonNode value = request.path(member);
    if (!value.isTextual()) {
      throw new BadInputException("expected a string " + member + ", found " + value.getNodeType());
    }
    return value.textValue();
  }

  private static Bytes decode(String base64) throws BadInputException {
    try {
      byte[] decoded = Base64.getDecoder().decode(base64);
      if (Base64.getEncoder().encodeToString(decoded).equals(base64)) {
        return new Bytes(decoded);
      }
      throw new BadInputException("expected a certificate in canonical base64");
    } catch (IllegalArgumentException e) {
      throw new BadInputException("expected a certificate in base64");
    }
  }

  private Certificate human(Bytes signed) throws InvalidDelegationException {
    Certificate certificate;
    try {
      certificate = roots.verify(signed);
    } catch (UntrustedException e) {
      throw new InvalidDelegationException("the grantor's certificate: " + e.getMessage(), e);
    }
    if (certificate.role() != CertificateRole.HUMAN) {
      throw new InvalidDelegationException(
          "expected the certificate of a HUMAN, found " + certificate.role());
    }
    Instant now = observer.clock().instant();
    if (now.isBefore(certificate.notBefore()) || !now.isBefore(certificate.notAfter())) {
      throw new InvalidDelegationException(
          "the certificate of %s is valid from %s until %s, it is %s"
              .formatted(
                  certificate.subject(), certificate.notBefore(), certificate.notAfter(), now));
    }
    return certificate;
  }

  private Event event(Delegation delegation, String token, Bytes certificate) {
    return new EventBuilder(
            new Source("custody", "DelegationGranted", delegation.id(), null),
            observer.host(),
            observer.clock().instant(),
            new Body.DelegationGranted(delegation.id(), token, certificate))
        .action("delegation:grant")
        .delegation(delegation.id())
        .actor(
            new Actor(
                new Human(delegation.grantor(), HumanBasis.SIGNED_DELEGATION, null, null), null))
        .identifiers(List.of(new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, delegation.id())))
        .build();
  }
}
