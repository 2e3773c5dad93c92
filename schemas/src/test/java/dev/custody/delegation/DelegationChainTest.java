package dev.custody.delegation;

import static dev.custody.delegation.Organisation.AGENT;
import static dev.custody.delegation.Organisation.DANA;
import static dev.custody.delegation.Organisation.END;
import static dev.custody.delegation.Organisation.LAPTOP;
import static dev.custody.delegation.Organisation.START;
import static dev.custody.delegation.Organisation.below;
import static dev.custody.delegation.Organisation.own;
import static dev.custody.delegation.Organisation.scope;
import static dev.custody.delegation.Organisation.sub;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.event.Body.Hop;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelegationChainTest {
  @TempDir Path directory;
  private Organisation acme;
  private @Nullable Hop grant;

  @BeforeEach
  void makeKeys() throws Exception {
    acme = new Organisation(directory);
  }

  private InvalidDelegationException refused(List<Hop> hops) {
    return catchThrowableOfType(
        InvalidDelegationException.class, () -> DelegationChain.verify(hops, acme.roots()));
  }

  /** The hop below a grant of depth 2, before a test changes it. */
  private Delegation good() throws Exception {
    return below(own(2, null), token());
  }

  // ES256 signatures are not deterministic: one token must serve for all.
  private Hop grant() throws Exception {
    if (grant == null) {
      grant = acme.granted(own(2, null));
    }
    return grant;
  }

  private String token() throws Exception {
    return grant().token();
  }

  private InvalidDelegationException refusedBelowGrant(Delegation hop) throws Exception {
    return refused(List.of(grant(), acme.handedOn(hop)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void aChainOfNarrowingHopsVerifies(int hops) throws Exception {
    DelegationChain chain = DelegationChain.verify(acme.chain(hops), acme.roots());
    assertThat(chain.hops()).hasSize(hops);
    assertThat(chain.ancestors()).hasSize(hops - 1);
    assertThat(chain.effective().grantor()).isEqualTo(DANA);
    assertThat(chain.own().delegate()).isEqualTo(AGENT);
    assertThat(chain.inWords()).hasSize(hops == 1 ? 0 : hops);
  }

  @Test
  void theChainIsSaidInWords() throws Exception {
    assertThat(DelegationChain.verify(acme.chain(2), acme.roots()).inWords())
        .containsExactly(
            "dlg-00000001: dana@example.test granted spiffe://example.test/agent/claude-code/api",
            "dlg-00000002: the collector spiffe://example.test/collector/laptop signed for spiffe://example.test/agent/claude-code/api/sub-1");
  }

  @Test
  void everyHopMustAllowAndAnyHopMayJudge() throws Exception {
    DelegationChain chain = DelegationChain.verify(acme.chain(2), acme.roots());
    List<String> build = List.of("arn:aws:s3:::acme-builds/1");
    assertThat(chain.permits("s3:GetObject", build)).isTrue();
    assertThat(chain.permits("s3:PutObject", build)).isFalse();
    assertThat(chain.judges("tool:Bash")).isFalse();

    Scope everything = new Scope(List.of(new Scope.Grant(List.of("*"), List.of("*"))));
    Delegation all = own(1, null);
    all = with(all, all.actors(), everything, all.issuedAt(), all.expiresAt(), 1, null, null);
    Hop granted = acme.granted(all);
    DelegationChain narrowed =
        DelegationChain.verify(
            List.of(granted, acme.handedOn(below(all, granted.token()))), acme.roots());
    assertThat(narrowed.judges("tool:Bash")).isTrue();
    assertThat(narrowed.permits("tool:Bash", List.of())).isFalse();
  }

  private static Delegation with(
      Delegation d,
      List<SpiffeId> actors,
      Scope scope,
      Instant notBefore,
      Instant expiresAt,
      int maxDepth,
      @Nullable String session,
      @Nullable Digest parent) {
    return new Delegation(
        d.id(),
        d.signer(),
        d.grantor(),
        actors,
        scope,
        d.issuedAt(),
        notBefore,
        expiresAt,
        d.purpose(),
        maxDepth,
        session,
        parent);
  }

  @Test
  void aHopThatAllowsMoreIsRefused() throws Exception {
    Delegation d = good();
    InvalidDelegationException refused =
        refusedBelowGrant(
            with(d, d.actors(), scope("s3:*,ec2:*"), START, END, 1, null, d.parent()));
    assertThat(refused.defect()).isEqualTo(DelegationDefect.WIDENED);
    assertThat(refused)
        .hasMessage(
            "hop 2 of 2: expected a scope within that of dlg-00000001 (s3:* on arn:aws:s3:::acme-*), found s3:*, ec2:* on arn:aws:s3:::acme-*");
  }

  @Test
  void aHopOutsideItsParentsTimesIsRefused() throws Exception {
    Delegation d = good();
    assertThat(
            refusedBelowGrant(
                    with(d, d.actors(), d.scope(), START, END.plusSeconds(1), 1, null, d.parent()))
                .defect())
        .isEqualTo(DelegationDefect.OUTLIVES_PARENT);
    assertThat(
            refusedBelowGrant(
                    with(d, d.actors(), d.scope(), START.minusSeconds(1), END, 1, null, d.parent()))
                .defect())
        .isEqualTo(DelegationDefect.OUTLIVES_PARENT);
  }

  @Test
  void aHopThatWasMadeForSomethingElseIsSpliced() throws Exception {
    Delegation d = good();
    Digest other = Delegation.commitment(token() + "x");
    List<SpiffeId> leftOut = List.of(sub(1));
    List<SpiffeId> added = List.of(sub(1), sub(2), AGENT);
    for (Delegation spliced :
        List.of(
            with(d, d.actors(), d.scope(), START, END, 1, null, other),
            with(d, d.actors(), d.scope(), START, END, 1, null, null),
            with(d, leftOut, d.scope(), START, END, 1, null, d.parent()),
            with(d, added, d.scope(), START, END, 1, null, d.parent()),
            new Delegation(
                d.id(),
                LAPTOP,
                "eve@example.test",
                d.actors(),
                d.scope(),
                START,
                START,
                END,
                "",
                1,
                null,
                d.parent()))) {
      assertThat(refusedBelowGrant(spliced).defect()).isEqualTo(DelegationDefect.SPLICED);
    }
  }

  @Test
  void aHopOfOneGrantBelowAnotherIsSpliced() throws Exception {
    List<Hop> one = acme.chain(2);
    List<Hop> other = acme.chain(2);
    assertThat(refused(List.of(one.getFirst(), other.getLast())).defect())
        .isEqualTo(DelegationDefect.SPLICED);
  }

  @Test
  void aHopAloneOrOutOfOrderIsRefused() throws Exception {
    List<Hop> chain = acme.chain(3);
    assertThat(refused(List.of(chain.get(1))).defect()).isEqualTo(DelegationDefect.WRONG_SIGNER);
    assertThat(refused(List.of(chain.get(0), chain.get(2))).defect())
        .isEqualTo(DelegationDefect.SPLICED);
    assertThat(refused(List.of(chain.get(0), chain.get(0))).defect())
        .isEqualTo(DelegationDefect.WRONG_SIGNER);
  }

  @Test
  void aHopTooDeepIsRefused() throws Exception {
    Delegation d = good();
    assertThat(
            refusedBelowGrant(with(d, d.actors(), d.scope(), START, END, 2, null, d.parent()))
                .defect())
        .isEqualTo(DelegationDefect.TOO_DEEP);
    Hop leaf = acme.granted(own(0, null));
    InvalidDelegationException refused =
        refused(
            List.of(
                leaf,
                acme.handedOn(
                    with(
                        d,
                        d.actors(),
                        d.scope(),
                        START,
                        END,
                        0,
                        null,
                        Delegation.commitment(leaf.token())))));
    assertThat(refused.defect()).isEqualTo(DelegationDefect.TOO_DEEP);
    assertThat(refused).hasMessage("hop 2 of 2: dlg-00000001 does not allow sub-agents");
    List<Hop> nine = new ArrayList<>(acme.chain(8));
    nine.add(nine.getLast());
    assertThat(refused(nine).defect()).isEqualTo(DelegationDefect.TOO_DEEP);
    assertThat(refused(List.of()).defect()).isEqualTo(DelegationDefect.TOO_DEEP);
  }

  @Test
  void anActorThatComesAgainIsACycle() throws Exception {
    Delegation d = good();
    assertThat(
            refusedBelowGrant(
                    with(d, List.of(AGENT, AGENT), d.scope(), START, END, 1, null, d.parent()))
                .defect())
        .isEqualTo(DelegationDefect.CYCLE);
  }

  @Test
  void aHopStaysInItsParentsSession() throws Exception {
    Hop bound = acme.granted(own(2, "session-1"));
    Delegation kept = below(own(2, "session-1"), bound.token());
    assertThat(
            DelegationChain.verify(List.of(bound, acme.handedOn(kept)), acme.roots())
                .effective()
                .session())
        .isEqualTo("session-1");
    for (String other : new String[] {"session-2", null}) {
      Delegation left =
          with(kept, kept.actors(), kept.scope(), START, END, 1, other, kept.parent());
      assertThat(refused(List.of(bound, acme.handedOn(left))).defect())
          .isEqualTo(DelegationDefect.OTHER_SESSION);
    }
    Delegation d = good();
    Delegation narrowed = with(d, d.actors(), d.scope(), START, END, 1, "session-1", d.parent());
    assertThat(refused(List.of(grant(), acme.handedOn(narrowed)))).isNull();
  }

  @Test
  void theSameIdAtTwoHopsIsAContradiction() throws Exception {
    Delegation d = good();
    assertThat(
            refusedBelowGrant(
                    new Delegation(
                        "dlg-00000001",
                        LAPTOP,
                        DANA,
                        d.actors(),
                        d.scope(),
                        START,
                        START,
                        END,
                        "",
                        1,
                        null,
                        d.parent()))
                .defect())
        .isEqualTo(DelegationDefect.CONTRADICTION);
  }

  @Test
  void aKeySignsOnlyInTheRoleThatItIsCertifiedFor() throws Exception {
    Delegation d = good();
    Bytes collector =
        acme.root().certifyCollector(LAPTOP, acme.collectorKey(), START, Duration.ofDays(1));
    Bytes agents = acme.agentCertificate();
    Bytes human = acme.humanCertificate();
    Bytes log = acme.root().certifyLog("log", acme.collectorKey(), START, Duration.ofDays(1));
    for (Bytes wrong : List.of(collector, human, log)) {
      assertThat(refused(List.of(grant(), new Hop(acme.agents().sign(d), wrong))).defect())
          .isEqualTo(DelegationDefect.WRONG_SIGNER);
    }
    for (Bytes wrong : List.of(collector, agents, log)) {
      assertThat(refused(List.of(new Hop(token(), wrong))).defect())
          .isEqualTo(DelegationDefect.WRONG_SIGNER);
    }
    // Somebody certified as an agents' key who is no collector.
    Bytes stranger =
        acme.root()
            .certifyAgent(AGENT.toString(), acme.agents().publicJwks(), START, Duration.ofDays(1));
    Delegation byAgent =
        new Delegation(
            d.id(),
            AGENT.toString(),
            DANA,
            d.actors(),
            d.scope(),
            START,
            START,
            END,
            "",
            1,
            null,
            d.parent());
    assertThat(refused(List.of(grant(), new Hop(acme.agents().sign(byAgent), stranger))).defect())
        .isEqualTo(DelegationDefect.WRONG_SIGNER);
  }

  @Test
  void whoSignsForSomebodyElseIsRefused() throws Exception {
    Bytes eve =
        acme.root()
            .certifyHuman("eve@example.test", acme.human().publicJwks(), START, Duration.ofDays(1));
    assertThat(refused(List.of(new Hop(token(), eve))).defect())
        .isEqualTo(DelegationDefect.WRONG_SIGNER);
    Bytes otherKey =
        acme.root().certifyHuman(DANA, acme.agents().publicJwks(), START, Duration.ofDays(1));
    assertThat(refused(List.of(new Hop(token(), otherKey))).defect())
        .isEqualTo(DelegationDefect.BAD_SIGNATURE);
  }

  @Test
  void anUnknownRootIsRefused() throws Exception {
    Organisation stranger = new Organisation(directory.resolve("stranger"));
    assertThat(refused(List.of(stranger.granted(own(1, null)))).defect())
        .isEqualTo(DelegationDefect.UNKNOWN_SIGNER);
    assertThat(refused(List.of(new Hop(token(), new Bytes(new byte[] {1, 2, 3})))).defect())
        .isEqualTo(DelegationDefect.UNKNOWN_SIGNER);
  }

  @Test
  void whatWasSignedOutsideTheCertificatesTimesIsRefused() throws Exception {
    Bytes later =
        acme.root()
            .certifyHuman(
                DANA, acme.human().publicJwks(), START.plusSeconds(3_600), Duration.ofDays(1));
    assertThat(refused(List.of(new Hop(token(), later))).defect())
        .isEqualTo(DelegationDefect.SIGNED_OUTSIDE_VALIDITY);
    Bytes ended =
        acme.root()
            .certifyHuman(
                DANA, acme.human().publicJwks(), START.minusSeconds(3_600), Duration.ofMinutes(5));
    assertThat(refused(List.of(new Hop(token(), ended))).defect())
        .isEqualTo(DelegationDefect.SIGNED_OUTSIDE_VALIDITY);
  }

  @Test
  void aHumansOwnGrantHasOneActorAndNoParent() throws Exception {
    Delegation d = own(1, null);
    Delegation withParent =
        with(d, d.actors(), d.scope(), START, END, 1, null, Delegation.commitment("x"));
    Delegation twoActors = with(d, List.of(sub(1), AGENT), d.scope(), START, END, 1, null, null);
    for (Delegation wrong : List.of(withParent, twoActors)) {
      assertThat(refused(List.of(acme.granted(wrong))).defect())
          .isEqualTo(DelegationDefect.SPLICED);
    }
  }

  @Test
  void aRevocationVerifiesUnderItsHumansKeyOnly() throws Exception {
    Delegation.Revocation revocation =
        new Delegation.Revocation("rev-00000001", DANA, "dlg-00000001", START, "done");
    String token = acme.human().sign(revocation);
    assertThat(DelegationChain.verifyRevocation(token, acme.humanCertificate(), acme.roots()))
        .isEqualTo(revocation);
    InvalidDelegationException refused =
        catchThrowableOfType(
            InvalidDelegationException.class,
            () ->
                DelegationChain.verifyRevocation(
                    acme.agents().sign(revocation), acme.agentCertificate(), acme.roots()));
    assertThat(refused.defect()).isEqualTo(DelegationDefect.WRONG_SIGNER);
    Delegation.Revocation another =
        new Delegation.Revocation("rev-00000002", "eve@example.test", "dlg-00000001", START, "");
    refused =
        catchThrowableOfType(
            InvalidDelegationException.class,
            () ->
                DelegationChain.verifyRevocation(
                    acme.human().sign(another), acme.humanCertificate(), acme.roots()));
    assertThat(refused.defect()).isEqualTo(DelegationDefect.WRONG_SIGNER);
  }

  @Test
  void aCollectorHandsOnWhatTheParentAllowsAndNoMore() throws Exception {
    HopSigner signer = new HopSigner(LAPTOP, acme.agents(), acme.agentCertificate());
    DelegationChain parent = DelegationChain.verify(acme.chain(1), acme.roots());
    Instant now = START.plusSeconds(60);
    DelegationChain hop =
        signer.handOn(
            parent,
            new HopSigner.Handed(sub(1), scope("s3:Get*"), "session-1", null),
            now,
            acme.roots());
    assertThat(hop.effective().delegate()).isEqualTo(sub(1));
    assertThat(hop.effective().issuedAt()).isEqualTo(now);
    assertThat(hop.effective().notBefore()).as("the parent's start").isEqualTo(START);
    assertThat(hop.effective().expiresAt()).isEqualTo(END);
    assertThat(hop.effective().maxDepth()).isEqualTo(7);
    DelegationChain deeper =
        signer.handOn(hop, new HopSigner.Handed(sub(2), null, null, null), now, acme.roots());
    assertThat(deeper.effective().session()).isEqualTo("session-1");
    assertThat(deeper.hops()).hasSize(3);
    assertThat(
            catchThrowableOfType(
                    InvalidDelegationException.class,
                    () ->
                        signer.handOn(
                            hop,
                            new HopSigner.Handed(sub(2), scope("s3:Put*"), null, null),
                            now,
                            acme.roots()))
                .defect())
        .isEqualTo(DelegationDefect.WIDENED);
    DelegationChain leaf =
        DelegationChain.verify(List.of(acme.granted(own(0, null))), acme.roots());
    assertThat(
            catchThrowableOfType(
                InvalidDelegationException.class,
                () ->
                    signer.handOn(
                        leaf, new HopSigner.Handed(sub(1), null, null, null), now, acme.roots())))
        .hasMessage("dlg-00000001 does not allow sub-agents");
  }
}
