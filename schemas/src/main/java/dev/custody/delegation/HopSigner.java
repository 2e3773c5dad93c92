package dev.custody.delegation;

import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.event.Body.Hop;
import dev.custody.identity.Delegation;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.TokenSigner;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs hops for the agents and sub-agents whose sessions a collector vouches for.
 *
 * @param collector SPIFFE ID of the collector, as certified
 * @param key ES256
 * @param certificate signed certificate of that key, role AGENT
 */
public record HopSigner(String collector, TokenSigner key, Bytes certificate) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 6;

  /**
   * What is handed on.
   *
   * @param delegate to whom
   * @param scope what; null for all that the parent allows
   * @param session for which session only; null for the parent's, or any
   * @param expiresAt until when at most; the parent's end when that is earlier, or this is null
   */
  public record Handed(
      SpiffeId delegate,
      @Nullable Scope scope,
      @Nullable String session,
      @Nullable Instant expiresAt) {}

  /**
   * Hands on a part of {@code parent}, from the parent's own start.
   *
   * @return the whole chain, verified as everybody else verifies it
   * @throws InvalidDelegationException when the parent does not allow it
   */
  public DelegationChain handOn(
      DelegationChain parent, Handed handed, Instant now, TrustedRoots roots)
      throws InvalidDelegationException {
    Delegation above = parent.effective();
    List<SpiffeId> actors = new ArrayList<>();
    actors.add(handed.delegate());
    actors.addAll(above.actors());
    List<Hop> hops = new ArrayList<>(parent.signed());
    if (actors.size() <= Delegation.MAX_ACTORS && above.maxDepth() > 0) {
      hops.add(new Hop(key.sign(below(above, actors, handed, now, hops)), certificate));
      return DelegationChain.verify(hops, roots);
    }
    throw NarrowerHop.tooDeep(above);
  }

  private Delegation below(
      Delegation above, List<SpiffeId> actors, Handed handed, Instant now, List<Hop> hops) {
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    Scope scope = handed.scope();
    Instant until = handed.expiresAt();
    return new Delegation(
        "dlg-" + HexFormat.of().formatHex(random),
        collector,
        above.grantor(),
        actors,
        scope == null ? above.scope() : scope,
        now,
        // A hop allows nothing before it was recorded; a start of its own would only add a moment
        // at which clocks leave it open whether it had begun.
        above.notBefore(),
        until == null || until.isAfter(above.expiresAt()) ? above.expiresAt() : until,
        above.purpose(),
        above.maxDepth() - 1,
        handed.session() == null ? above.session() : handed.session(),
        Delegation.commitment(hops.getLast().token()));
  }
}
