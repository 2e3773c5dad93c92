package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.util.List;

/**
 * A grant's claim on the source identity of its id. The id is public, and whoever may assume a role
 * can set it: alone it is no more than inferred.
 */
public final class GrantClaim {
  private GrantClaim() {}

  /** The claim of {@code grant}, over its validity. */
  public static Claim of(Grant grant) {
    String token = Token.of(new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, grant.id()));
    String[] path = grant.delegate().split("/", -1);
    String product = path.length > 4 ? path[4] : "unknown";
    Candidate candidate =
        new Candidate(
            new Agent(product, null, grant.delegate(), null, null),
            new Human(grant.grantor(), HumanBasis.SIGNED_DELEGATION, null, null),
            grant.session(),
            null,
            null,
            grant.id(),
            Grade.INFERRED,
            List.of("the provider's own record carries source identity " + grant.id()),
            List.of(grant.grantedIn()),
            null);
    return new Claim(
        "grant|" + grant.id(),
        token,
        grant.notBefore(),
        grant.expiresAt(),
        null,
        null,
        grant.observedAt(),
        Basis.GRANT,
        candidate,
        "",
        null,
        null,
        null,
        null,
        false);
  }
}
