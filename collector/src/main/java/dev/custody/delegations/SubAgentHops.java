package dev.custody.delegations;

import dev.custody.admission.TrustedRoots;
import dev.custody.capture.Observer;
import dev.custody.delegation.Bearer;
import dev.custody.delegation.DelegationChain;
import dev.custody.delegation.HopSigner;
import dev.custody.digest.Bytes;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Source;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.SpiffeId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on a session's delegation to a sub-agent that starts in it: the whole scope, until the same
 * end, for this session only, one hop deeper. Without a key, or where the delegation allows no
 * further hop, there is none; the sub-agent's acts are judged under the session's delegation.
 */
public final class SubAgentHops {
  private static final Logger LOG = LoggerFactory.getLogger(SubAgentHops.class);

  private final DelegationBook book;
  private final @Nullable HopSigner signer;
  private final TrustedRoots roots;
  private final Observer observer;

  /**
   * Hands on what is in {@code book}.
   *
   * @param signer null without a key for it
   */
  public SubAgentHops(
      DelegationBook book, @Nullable HopSigner signer, TrustedRoots roots, Observer observer) {
    this.book = book;
    this.signer = signer;
    this.roots = roots;
    this.observer = observer;
  }

  /**
   * The event that records the hop, to be recorded before what the sub-agent does; null without
   * one.
   */
  public @Nullable Event handOn(
      Binding binding, String human, SpiffeId agent, String session, String subAgent) {
    HopSigner key = signer;
    RecordedDelegation parent = binding.id() == null ? null : book.find(binding.id());
    Instant now = observer.clock().instant();
    boolean possible =
        parent != null
            && parent.delegation().grantor().equals(human)
            && parent.delegation().delegate().covers(agent)
            && parent.isFor(session)
            && parent.inForceAt(now)
            && parent.delegation().maxDepth() > 0;
    SpiffeId delegate = new Bearer(agent, subAgent).id();
    if (key == null
        || parent == null
        || !possible
        || book.hop(human, delegate, session, now) != null) {
      return null;
    }
    try {
      HopSigner.Handed handed = new HopSigner.Handed(delegate, null, session, null);
      return event(key.handOn(parent.chain(), handed, now, roots), human, session, now);
    } catch (InvalidDelegationException e) {
      LOG.warn("no hop for a sub-agent under {}: {}", parent.id(), e.getMessage());
      return null;
    }
  }

  private Event event(DelegationChain chain, String human, String session, Instant now) {
    List<Body.Hop> hops = chain.signed();
    Body.Hop own = hops.getLast();
    String id = chain.effective().id();
    Bytes certificate = own.certificate();
    return new EventBuilder(
            new Source("custody", "DelegationGranted", id, null),
            observer.host(),
            now,
            new Body.DelegationGranted(
                id, own.token(), certificate, hops.subList(0, hops.size() - 1)))
        .action("delegation:grant")
        .within(session, null, null)
        .delegation(id)
        .actor(new Actor(new Human(human, HumanBasis.SIGNED_DELEGATION, null, null), null))
        .build();
  }
}
