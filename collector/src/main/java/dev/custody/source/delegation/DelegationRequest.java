package dev.custody.source.delegation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.delegation.DelegationChain;
import dev.custody.event.Body.Hop;
import dev.custody.source.SignedToken;
import java.util.ArrayList;
import java.util.List;

/**
 * A grant or a revocation as it is handed in: {@code {"token": JWT, "certificate": BASE64}}, and
 * for a hop {@code "parents"}, a list of the same from the human's own grant down.
 *
 * @param signed the token and its signer's certificate
 * @param parents what it was handed on from, the human's own grant first
 */
public record DelegationRequest(Hop signed, List<Hop> parents) {
  private static final String PARENTS = "parents";

  /** Copies. */
  public DelegationRequest {
    parents = List.copyOf(parents);
  }

  /** All hops, the human's own grant first. */
  public List<Hop> hops() {
    List<Hop> hops = new ArrayList<>(parents);
    hops.add(signed);
    return hops;
  }

  /** As JSON, what {@link #parse} reads. */
  public String toJson() {
    ObjectNode request = token(signed).toJson();
    if (!parents.isEmpty()) {
      ArrayNode above = request.putArray(PARENTS);
      parents.forEach(hop -> above.add(token(hop).toJson()));
    }
    return request.toString();
  }

  private static SignedToken token(Hop hop) {
    return new SignedToken(hop.token(), hop.certificate());
  }

  /**
   * Parses JSON of the form above.
   *
   * @throws BadInputException when it has another form
   */
  public static DelegationRequest parse(byte[] body) throws BadInputException {
    JsonNode request = SignedToken.read(body);
    if (!request.isObject() || request.size() != (request.has(PARENTS) ? 3 : 2)) {
      throw new BadInputException(
          "expected an object of token and certificate, and of parents for a hop, found another");
    }
    List<Hop> parents = new ArrayList<>();
    JsonNode above = request.path(PARENTS);
    if (!above.isMissingNode()) {
      if (!above.isArray() || above.size() > DelegationChain.MAX_HOPS) {
        throw new BadInputException(
            "expected an array of at most %d parents, found %s"
                .formatted(
                    DelegationChain.MAX_HOPS,
                    above.isArray() ? above.size() : above.getNodeType()));
      }
      for (JsonNode parent : above) {
        if (!parent.isObject() || parent.size() != 2) {
          throw new BadInputException("expected parents of token and certificate, found another");
        }
        parents.add(hop(parent));
      }
    }
    return new DelegationRequest(hop(request), parents);
  }

  private static Hop hop(JsonNode object) throws BadInputException {
    SignedToken signed = SignedToken.of(object);
    return new Hop(signed.token(), signed.certificate());
  }
}
