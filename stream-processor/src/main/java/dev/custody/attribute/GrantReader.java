package dev.custody.attribute;

import dev.custody.admission.TrustedRoots;
import dev.custody.delegation.DelegationChain;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies recorded delegations and revocations offline: the root vouches for every signer's key,
 * the keys for every hop.
 */
public final class GrantReader {
  private static final List<String> FAMILIES = List.of("tool:", "git:");

  private final TrustedRoots roots;

  /** Trusts {@code roots}. */
  public GrantReader(TrustedRoots roots) {
    this.roots = roots;
  }

  /**
   * The delegation that {@code event} records.
   *
   * @throws InvalidDelegationException when a signer is unknown, a signature fails, or the parts do
   *     not fit each other
   */
  public Grant read(Event event, Body.DelegationGranted granted) throws InvalidDelegationException {
    List<Body.Hop> hops = new ArrayList<>(granted.parents());
    hops.add(new Body.Hop(granted.token(), granted.certificate()));
    DelegationChain chain = DelegationChain.verify(hops, roots);
    Delegation delegation = chain.effective();
    checkId(granted.id(), delegation.id());
    return new Grant(
        delegation.id(),
        delegation.grantor(),
        delegation.delegate().toString(),
        delegation.scope().toAuthorizationDetails(),
        delegation.issuedAt(),
        delegation.notBefore(),
        delegation.expiresAt(),
        event.id(),
        event.observedAt(),
        delegation.signer(),
        delegation.session(),
        delegation.maxDepth(),
        chain.ancestors(),
        chain.inWords(),
        FAMILIES.stream().filter(chain::judges).toList(),
        Delegation.commitment(granted.token()).hex());
  }

  /**
   * The revocation that {@code event} records.
   *
   * @throws InvalidDelegationException when a signer is unknown, a signature fails, or the parts do
   *     not fit each other
   */
  public Ending read(Event event, Body.DelegationRevoked revoked)
      throws InvalidDelegationException {
    Delegation.Revocation revocation =
        DelegationChain.verifyRevocation(revoked.token(), revoked.certificate(), roots);
    checkId(revoked.id(), revocation.delegation());
    return new Ending(
        revocation.grantor(),
        revocation.delegation(),
        null,
        event.id(),
        event.observedAt(),
        revocation.reason());
  }

  private static void checkId(String said, String signed) throws InvalidDelegationException {
    if (!said.equals(signed)) {
      throw new InvalidDelegationException(
          DelegationDefect.CONTRADICTION, "expected id " + said + ", found " + signed);
    }
  }
}
