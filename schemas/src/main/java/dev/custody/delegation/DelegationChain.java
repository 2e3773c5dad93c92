package dev.custody.delegation;

import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.event.Body.Hop;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.TokenVerifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A delegation all of whose hops verify, from the human's own grant down to the effective one. Only
 * {@link #verify} makes one. Whether it is in force at a moment is judged by who uses it.
 */
public final class DelegationChain {
  /** Most hops, the human's own grant among them. */
  public static final int MAX_HOPS = Delegation.MAX_ACTORS;

  /** Most characters of all tokens together: a chain is recorded whole, in one event. */
  public static final int MAX_CHARS = 192 << 10;

  private static final String COLLECTOR_PATH = "/collector/";

  private final List<Delegation> hops;
  private final List<Hop> signed;

  private DelegationChain(List<Delegation> hops, List<Hop> signed) {
    this.hops = List.copyOf(hops);
    this.signed = List.copyOf(signed);
  }

  /**
   * Verifies every hop and that each fits the one above it.
   *
   * @param hops tokens and their signers' certificates, the human's own grant first
   * @throws InvalidDelegationException naming the first defect, and the hop that has it
   */
  public static DelegationChain verify(List<Hop> hops, TrustedRoots roots)
      throws InvalidDelegationException {
    checkBounds(hops);
    List<Delegation> verified = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Hop hop : hops) {
      try {
        Delegation next =
            verified.isEmpty()
                ? own(hop, roots)
                : handedOn(hop, hops.get(verified.size() - 1), verified.getLast(), roots);
        if (!ids.add(next.id())) {
          throw new InvalidDelegationException(
              DelegationDefect.CONTRADICTION,
              "expected another id at each hop, found " + next.id());
        }
        verified.add(next);
      } catch (InvalidDelegationException e) {
        throw hops.size() == 1 ? e : at(verified.size() + 1, hops.size(), e);
      }
    }
    return new DelegationChain(verified, hops);
  }

  private static InvalidDelegationException at(int number, int of, InvalidDelegationException e) {
    return new InvalidDelegationException(
        e.defect(), "hop %d of %d: %s".formatted(number, of, e.getMessage()), e);
  }

  private static void checkBounds(List<Hop> hops) throws InvalidDelegationException {
    if (hops.isEmpty() || hops.size() > MAX_HOPS) {
      throw new InvalidDelegationException(
          DelegationDefect.TOO_DEEP,
          "expected 1 to %d hops, found %d".formatted(MAX_HOPS, hops.size()));
    }
    long chars = hops.stream().mapToLong(h -> h.token().length()).sum();
    if (hops.size() > 1 && chars > MAX_CHARS) {
      throw new InvalidDelegationException(
          DelegationDefect.TOO_LONG,
          "expected at most %d characters in all hops, found %d".formatted(MAX_CHARS, chars));
    }
  }

  private static Delegation own(Hop hop, TrustedRoots roots) throws InvalidDelegationException {
    CertifiedSigner human = CertifiedSigner.of(hop.certificate(), CertificateRole.HUMAN, roots);
    Delegation grant = TokenVerifier.verify(hop.token(), human.jwks());
    human.mustBe(grant.signer());
    human.mustBe(grant.grantor());
    human.mustBeValidAt(grant.issuedAt());
    if (grant.isHop() || grant.actors().size() != 1) {
      throw new InvalidDelegationException(
          DelegationDefect.SPLICED,
          "expected a human's own grant with one actor and no parent, found %d actors and %s"
              .formatted(grant.actors().size(), grant.isHop() ? "a parent" : "no parent"));
    }
    return grant;
  }

  private static Delegation handedOn(Hop hop, Hop above, Delegation parent, TrustedRoots roots)
      throws InvalidDelegationException {
    CertifiedSigner collector = CertifiedSigner.of(hop.certificate(), CertificateRole.AGENT, roots);
    Delegation child = TokenVerifier.verify(hop.token(), collector.jwks());
    collector.mustBe(child.signer());
    mustBeCollector(child.signer());
    collector.mustBeValidAt(child.issuedAt());
    NarrowerHop.check(child, parent, Delegation.commitment(above.token()));
    return child;
  }

  private static void mustBeCollector(String signer) throws InvalidDelegationException {
    try {
      if (SpiffeId.parse(signer).path().startsWith(COLLECTOR_PATH)) {
        return;
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidDelegationException(
          DelegationDefect.BAD_SPIFFE_ID, String.valueOf(e.getMessage()), e);
    }
    throw new InvalidDelegationException(
        DelegationDefect.WRONG_SIGNER, "expected a collector's SPIFFE id, found " + signer);
  }

  /**
   * The revocation in {@code token}, once a trusted root vouches for the human and the human's key
   * for it. It ends a delegation only when its grantor is that delegation's, and from when it was
   * recorded.
   *
   * @param certificate signed certificate of any key of the human
   * @throws InvalidDelegationException naming the defect
   */
  public static Delegation.Revocation verifyRevocation(
      String token, Bytes certificate, TrustedRoots roots) throws InvalidDelegationException {
    CertifiedSigner human = CertifiedSigner.of(certificate, CertificateRole.HUMAN, roots);
    Delegation.Revocation revocation = TokenVerifier.verifyRevocation(token, human.jwks());
    human.mustBe(revocation.grantor());
    human.mustBeValidAt(revocation.issuedAt());
    return revocation;
  }

  /** What it comes to: the last hop. */
  public Delegation effective() {
    return hops.getLast();
  }

  /** The human's own grant. */
  public Delegation own() {
    return hops.getFirst();
  }

  /** Every hop, the human's own grant first. */
  public List<Delegation> hops() {
    return hops;
  }

  /** The signed hops as they were verified, the human's own grant first. */
  public List<Hop> signed() {
    return signed;
  }

  /** Ids of what the effective one was handed on from, the human's own grant first. */
  public List<String> ancestors() {
    return hops.subList(0, hops.size() - 1).stream().map(Delegation::id).toList();
  }

  /**
   * Whether the chain says anything of the kind of {@code action}: any hop does. A hop that leaves
   * out what a parent judges does not set its delegate free of it.
   */
  public boolean judges(String action) {
    return hops.stream().anyMatch(h -> h.scope().judges(action));
  }

  /** Whether every hop allows {@code action} on all of {@code resources}. */
  public boolean permits(String action, List<String> resources) {
    return hops.stream().allMatch(h -> h.scope().permits(action, resources));
  }

  /** The hops in words, the human's first; empty when there is but one. */
  public List<String> inWords() {
    if (hops.size() == 1) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    words.add("%s: %s granted %s".formatted(own().id(), own().grantor(), own().delegate()));
    for (Delegation hop : hops.subList(1, hops.size())) {
      words.add(
          "%s: the collector %s signed for %s".formatted(hop.id(), hop.signer(), hop.delegate()));
    }
    return words;
  }
}
