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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies recorded delegations and revocations offline: the root vouches for every signer's key,
 * the keys for every hop.
 */
public final class GrantReader {
  private static final Logger LOG = LoggerFactory.getLogger(GrantReader.class);
  private static final List<String> FAMILIES = List.of("tool:", "git:");

  private final TrustedRoots roots;

  /** Trusts {@code roots}. */
  public GrantReader(TrustedRoots roots) {
    this.roots = roots;
  }

  /**
   * The delegation that {@code event} records; none where it records none, and none, with a word in
   * the log, where a signer is unknown, a signature fails or the parts do not fit each other.
   */
  public Optional<Grant> grant(Event event) {
    if (!(event.body() instanceof Body.DelegationGranted granted)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(event, granted));
    } catch (InvalidDelegationException e) {
      return notCounted("delegation", granted.id(), event, e);
    }
  }

  /** The revocation that {@code event} records; none as of a delegation. */
  public Optional<Ending> revocation(Event event) {
    if (!(event.body() instanceof Body.DelegationRevoked revoked)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(event, revoked));
    } catch (InvalidDelegationException e) {
      return notCounted("revocation of", revoked.id(), event, e);
    }
  }

  /**
   * Why the delegation that {@code event} records does not count; none where it does, or where it
   * records none.
   */
  public Optional<InvalidDelegationException> refusal(Event event) {
    if (!(event.body() instanceof Body.DelegationGranted granted)) {
      return Optional.empty();
    }
    try {
      Grant _ = read(event, granted);
      return Optional.empty();
    } catch (InvalidDelegationException e) {
      return Optional.of(e);
    }
  }

  private static <T> Optional<T> notCounted(
      String what, String id, Event event, InvalidDelegationException why) {
    LOG.warn(
        "{} {} in event {} does not count: {}: {}",
        what,
        id,
        event.id(),
        why.defect(),
        why.getMessage());
    return Optional.empty();
  }

  private Grant read(Event event, Body.DelegationGranted granted)
      throws InvalidDelegationException {
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

  private Ending read(Event event, Body.DelegationRevoked revoked)
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
