package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Position;
import dev.custody.index.IndexSearch;
import dev.custody.local.Installation;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Term;
import dev.custody.trust.KnownHistories;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import dev.custody.trust.Trust;
import dev.custody.trust.TrustJudge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the revocations that are known now say of an answer. They are read from the index and from
 * the keys' own file, and each is believed by its root's signature alone. Whether a chain holds
 * another history at the position that a revocation names, only `custody verify` can say.
 */
final class TrustView {
  /** Of more chains than this, the geneses of the newest are looked at. */
  private static final int MOST = 10_000;

  private final @Nullable TrustJudge judge;

  private TrustView(@Nullable TrustJudge judge) {
    this.judge = judge;
  }

  /** What is known in {@code data} and its index. */
  static TrustView of(Path data, IndexSearch search) {
    List<Attribution> recorded = events(search, "KeyRevoked");
    Path file = Installation.revocationFile(data);
    if (recorded.isEmpty() && !Files.exists(file)) {
      return new TrustView(null);
    }
    try {
      TrustedRoots roots = TrustedRoots.read(Installation.rootFile(data));
      Revocations known =
          (Files.exists(file) ? Revocations.read(file, roots) : Revocations.NONE)
              .and(signed(recorded, roots));
      KnownHistories histories = new KnownHistories();
      events(search, "Genesis")
          .forEach(genesis -> histories.opened(genesis.position().chain(), genesis.extract()));
      return new TrustView(known.against(histories));
    } catch (IOException e) {
      throw new CouldNotRunException(
          "keys were revoked, and whom to believe about it cannot be read: " + e.getMessage(),
          "put the organisation's root file there",
          e);
    }
  }

  private static List<Attribution> events(IndexSearch search, String kind) {
    return search
        .events(new Query(new Condition.Is(Term.KIND, kind), Query.Order.NEWEST_FIRST, MOST))
        .items();
  }

  private static List<Revocation> signed(List<Attribution> recorded, TrustedRoots roots) {
    return recorded.stream().flatMap(event -> signed(event, roots).stream()).toList();
  }

  // Whoever holds a collector's key can record anything: what no root signed says nothing.
  private static Optional<Revocation> signed(Attribution event, TrustedRoots roots) {
    try {
      return Optional.of(Revocation.parse(event.extract(), roots));
    } catch (UntrustedException e) {
      return Optional.empty();
    }
  }

  /** Why what stands at {@code position} is not to be believed, or nothing. */
  Optional<String> against(Position position) {
    return judge == null
        ? Optional.empty()
        : Optional.of(judge.of(position.chain(), position.sequence(), null, position.key()))
            .filter(trust -> !trust.trusted())
            .map(Trust::detail);
  }
}
