package dev.custody.campaign;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.identity.CertificateRole;
import dev.custody.signing.Signer;
import dev.custody.trust.KnownHistories;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import dev.custody.trust.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Keys that are trusted no longer, and roots that nobody who is trusted vouches for. */
final class TrustOperators {
  private TrustOperators() {}

  static List<Operator> all() {
    return List.of(
        trust("use a revoked key", 2, Claim.AFTER),
        trust("use a revoked key in another chain", 2, Claim.ANOTHER_CHAIN),
        trust("show another history to a revocation", 2, Claim.ANOTHER_HISTORY),
        root("offer a root that the trusted one did not sign", TrustOperators::oneWay),
        root("offer a root that did not sign the trusted one", TrustOperators::otherWay),
        root("take another role's certificate for a root's", TrustOperators::notARoot),
        root("take a third root's certificate for an offered one's", TrustOperators::thirdRoot),
        new Operator("forge a revocation", 1, Target.TRUST, 10, TrustOperators::forged),
        new Operator(
            "rename a revocation",
            1,
            Target.TRUST,
            5,
            (worlds, random) -> respelled(worlds, random, true)),
        new Operator(
            "respell a revocation",
            1,
            Target.TRUST,
            10,
            (worlds, random) -> respelled(worlds, random, false)));
  }

  // --- revocations

  private enum Claim {
    AFTER(Trust.Why.AFTER_THE_LAST_TRUSTED),
    ANOTHER_CHAIN(Trust.Why.ANOTHER_CHAIN),
    ANOTHER_HISTORY(Trust.Why.ANOTHER_HISTORY);

    private final Trust.Why why;

    Claim(Trust.Why why) {
      this.why = why;
    }
  }

  private static Operator trust(String name, int level, Claim claim) {
    return new Operator(
        name,
        level,
        Target.TRUST,
        10,
        (worlds, random) -> {
          CleanLog log = worlds.any(random);
          Revocation revocation = log.revocation();
          if (revocation == null) {
            return null;
          }
          ChainView chain = log.chain(revocation.chain());
          return new Mutation(
              log.name() + ", " + claim,
              false,
              Expected.of(claim.why.name()),
              () -> judge(log, revocation, chain, claim, random.nextInt(1, 1000)));
        });
  }

  private static Judgement judge(
      CleanLog log, Revocation revocation, ChainView chain, Claim claim, int by) {
    KnownHistories known = new KnownHistories();
    for (ChainView each : log.chains()) {
      if (each.body(0) instanceof Body.Genesis genesis) {
        known.opened(each.id(), genesis);
      }
      known.stored(each.id(), each.head().sequence(), each.head().link());
    }
    Digest forged = Digest.sha256(new byte[] {(byte) by});
    if (claim == Claim.ANOTHER_HISTORY) {
      known.stored(chain.id(), revocation.lastTrusted(), forged);
    }
    var judge = new Revocations(List.of(revocation)).against(known);
    Map<Claim, Trust> trust =
        Map.of(
            Claim.AFTER,
            judge.of(chain.id(), revocation.lastTrusted() + by, forged, revocation.key()),
            Claim.ANOTHER_CHAIN,
            judge.of(new dev.custody.digest.ChainId(new byte[16]), by, forged, revocation.key()),
            Claim.ANOTHER_HISTORY,
            judge.of(chain.id(), 0, chain.linkHash(0), revocation.key()));
    return trust.get(claim) instanceof Trust.Untrusted untrusted
        ? Judgement.of(untrusted.why().name(), untrusted.detail())
        : Judgement.CLEAN;
  }

  private static @Nullable Mutation forged(Worlds worlds, SplittableRandom random) {
    Revocation clean = worlds.any(random).revocation();
    if (clean == null) {
      return null;
    }
    Body.KeyRevoked b = clean.body();
    Signer thief = Organisation.thief();
    List<Body.KeyRevoked> forged = new ArrayList<>();
    forged.add(
        Revocation.sign(
                thief, b.key(), b.chain(), b.lastTrustedSequence(), b.lastTrustedLink(), "r")
            .body());
    forged.add(
        new Body.KeyRevoked(
            b.key(),
            b.chain(),
            b.lastTrustedSequence() + random.nextInt(1, 99),
            b.lastTrustedLink(),
            b.reason(),
            b.rootKey(),
            b.signature()));
    forged.add(
        new Body.KeyRevoked(
            thief.keyId(),
            b.chain(),
            b.lastTrustedSequence(),
            b.lastTrustedLink(),
            b.reason(),
            b.rootKey(),
            b.signature()));
    Body.KeyRevoked one = forged.get(random.nextInt(forged.size()));
    return new Mutation(
        "revocation of " + b.key().shortHex(),
        false,
        Expected.of("UntrustedRevocation"),
        () -> {
          try {
            var _ = Revocation.verify(one, Organisation.roots());
            return Judgement.CLEAN;
          } catch (UntrustedException e) {
            return Judgement.of("UntrustedRevocation", e.getMessage());
          }
        });
  }

  private static @Nullable Mutation respelled(
      Worlds worlds, SplittableRandom random, boolean name) {
    Revocation clean = worlds.any(random).revocation();
    if (clean == null) {
      return null;
    }
    String line = clean.fileText().stripTrailing();
    int at = random.nextInt(name ? line.indexOf(' ') : line.length());
    String changed =
        !name && random.nextInt(4) == 0
            ? line + " "
            : line.substring(0, at) + (char) (' ' + random.nextInt(95)) + line.substring(at + 1);
    return new Mutation(
        "line of " + clean.key().shortHex(),
        changed.equals(line),
        Expected.of("UntrustedRevocation"),
        () -> {
          try {
            var _ = Revocation.parse(changed, Organisation.roots());
            return Judgement.CLEAN;
          } catch (UntrustedException e) {
            return Judgement.of("UntrustedRevocation", e.getMessage());
          }
        });
  }

  // --- roots

  private static Operator root(String name, java.util.function.Supplier<TrustedRoots> offered) {
    return new Operator(
        name,
        1,
        Target.TRUST,
        6,
        (worlds, random) ->
            new Mutation(
                "two roots",
                false,
                Expected.of("UntrustedRoot"),
                () ->
                    Organisation.roots().extendedBy(offered.get()).publicKeys().size() == 1
                        ? Judgement.of("UntrustedRoot", "not cross-signed")
                        : Judgement.CLEAN));
  }

  private static Bytes vouching(CertificateRole role, Signer subject, Signer issuer) {
    return Organisation.certificate(role, "root", subject, issuer);
  }

  private static TrustedRoots offering(Bytes... crosses) {
    return new TrustedRoots(
        List.of(Organisation.ROOT.publicKey(), Organisation.STRANGER.publicKey()),
        List.of(crosses));
  }

  private static TrustedRoots oneWay() {
    return offering(vouching(CertificateRole.ROOT, Organisation.ROOT, Organisation.STRANGER));
  }

  private static TrustedRoots otherWay() {
    return offering(vouching(CertificateRole.ROOT, Organisation.STRANGER, Organisation.ROOT));
  }

  private static TrustedRoots notARoot() {
    return offering(
        vouching(CertificateRole.ROOT, Organisation.ROOT, Organisation.STRANGER),
        vouching(CertificateRole.COLLECTOR, Organisation.STRANGER, Organisation.ROOT));
  }

  private static TrustedRoots thirdRoot() {
    return offering(
        vouching(CertificateRole.ROOT, Organisation.ROOT, Organisation.STRANGER),
        vouching(CertificateRole.ROOT, Organisation.thief(), Organisation.ROOT));
  }
}
