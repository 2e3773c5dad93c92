package dev.custody.delegations;

import dev.custody.admission.TrustedRoots;
import dev.custody.capture.CaptureException;
import dev.custody.capture.SourceNotes;
import dev.custody.delegation.DelegationChain;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delegations and revocations that this collector recorded. It is told of them once they are
 * durable in the chain, notes them durably itself, and is the same after a restart. Looking up
 * takes no lock and reads no disk. Safe for use by several threads.
 *
 * <p>Bounded: what ended more than {@link #KEPT} ago is forgotten, and of more than {@link #MOST}
 * those that end first.
 */
public final class DelegationBook {
  /** How long an ended delegation is still known as ended. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** Most delegations that are known at once. */
  public static final int MOST = 4096;

  private static final String GRANTS = "delegation/";
  private static final String SESSIONS = "delegation-session-ended/";
  private static final String REVOCATIONS = "delegation-revoked/";
  private static final Comparator<RecordedDelegation> NEWEST_FIRST =
      Comparator.comparing((RecordedDelegation d) -> d.delegation().issuedAt())
          .thenComparing(RecordedDelegation::id)
          .reversed();
  private static final Logger LOG = LoggerFactory.getLogger(DelegationBook.class);

  private final SourceNotes notes;
  private final TrustedRoots roots;
  private final InstantSource clock;
  private final Map<String, RecordedDelegation> byId = new ConcurrentHashMap<>();
  private final Map<String, Revoked> revoked = new ConcurrentHashMap<>();
  private final Map<String, Instant> endedSessions = new ConcurrentHashMap<>();

  /** A revocation; it ends only what its human granted. */
  record Revoked(String id, String human, Instant at) {}

  // Each list is immutable, newest first, and replaced whole.
  private final Map<String, List<RecordedDelegation>> byHuman = new ConcurrentHashMap<>();

  private DelegationBook(SourceNotes notes, TrustedRoots roots, InstantSource clock) {
    this.notes = notes;
    this.roots = roots;
    this.clock = clock;
  }

  /**
   * What {@code notes} hold of earlier runs. Tokens are verified anew: a note is no authority.
   *
   * @throws CaptureException when the notes cannot be read
   */
  public static DelegationBook open(SourceNotes notes, TrustedRoots roots, InstantSource clock)
      throws CaptureException {
    DelegationBook book = new DelegationBook(notes, roots, clock);
    book.load();
    return book;
  }

  private void load() throws CaptureException {
    for (Map.Entry<String, byte[]> note : notes.all(REVOCATIONS).entrySet()) {
      revoked.put(note.getKey(), GrantNote.readRevoked(note.getValue()));
    }
    for (Map.Entry<String, byte[]> note : notes.all(SESSIONS).entrySet()) {
      endedSessions.put(note.getKey(), GrantNote.readTime(note.getValue()));
    }
    for (Map.Entry<String, byte[]> note : notes.all(GRANTS).entrySet()) {
      try {
        GrantNote read = GrantNote.read(note.getValue());
        add(verify(read.granted()), read.granted(), read.recordedAt());
      } catch (InvalidDelegationException | IllegalArgumentException e) {
        LOG.warn("a noted delegation is not used: {}", e.getMessage());
      }
    }
    byId.values().stream()
        .map(d -> d.delegation().grantor())
        .distinct()
        .toList()
        .forEach(this::refreshListOf);
    forgetEnded();
  }

  private DelegationChain verify(Body.DelegationGranted granted) throws InvalidDelegationException {
    List<Body.Hop> hops = new ArrayList<>(granted.parents());
    hops.add(new Body.Hop(granted.token(), granted.certificate()));
    DelegationChain chain = DelegationChain.verify(hops, roots);
    if (!chain.effective().id().equals(granted.id())) {
      throw new InvalidDelegationException(
          DelegationDefect.MALFORMED,
          "expected id " + granted.id() + ", found " + chain.effective().id());
    }
    return chain;
  }

  /**
   * Whether the very token of {@code granted} is known. Another one under its id is refused:
   * whoever relied on the first would be given what it did not say.
   *
   * @throws InvalidDelegationException when {@code granted} contradicts the book
   */
  public boolean knows(Body.DelegationGranted granted) throws InvalidDelegationException {
    RecordedDelegation known = byId.get(granted.id());
    if (known != null && !known.granted().token().equals(granted.token())) {
      throw new InvalidDelegationException(
          DelegationDefect.CONTRADICTION,
          "another token was recorded under id %s at %s; try: grant it under a fresh id"
              .formatted(granted.id(), known.recordedAt()));
    }
    return known != null;
  }

  /**
   * Whether {@code revocation} is known to have ended its delegation. Its id under which another
   * delegation was revoked is refused: the record would be taken for a repeat.
   *
   * @throws InvalidDelegationException when {@code revocation} contradicts the book
   */
  public boolean knows(Delegation.Revocation revocation) throws InvalidDelegationException {
    String key = key(revocation.delegation(), revocation.grantor());
    for (Map.Entry<String, Revoked> noted : revoked.entrySet()) {
      if (revocation.id().equals(noted.getValue().id()) && !noted.getKey().equals(key)) {
        throw new InvalidDelegationException(
            DelegationDefect.CONTRADICTION,
            "another revocation was recorded under id %s at %s; try: a fresh id"
                .formatted(revocation.id(), noted.getValue().at()));
      }
    }
    Revoked known = revoked.get(key);
    return known != null && revocation.id().equals(known.id());
  }

  /**
   * Takes in what {@code event}, which is durable by now, grants or revokes; anything else is none
   * of its concern. A repeat changes nothing.
   *
   * @throws CaptureException when it could not be noted: until the next start it is known all the
   *     same
   */
  public void recorded(Event event) throws CaptureException {
    if (event.body() instanceof Body.DelegationGranted granted) {
      granted(granted, event.observedAt());
    } else if (event.body() instanceof Body.DelegationRevoked ended) {
      revoked(ended, event.observedAt());
    } else if (event.body() instanceof Body.SessionEnded) {
      sessionEnded(event.session(), event.observedAt());
    }
  }

  private synchronized void granted(Body.DelegationGranted granted, Instant at)
      throws CaptureException {
    if (byId.containsKey(granted.id())) {
      return;
    }
    try {
      DelegationChain chain = verify(granted);
      add(chain, granted, at);
      refreshListOf(chain.effective().grantor());
    } catch (InvalidDelegationException e) {
      LOG.warn("delegation {} is not used: {}", granted.id(), e.getMessage());
      return;
    }
    notes.put(GRANTS + granted.id(), new GrantNote(granted, at).toBytes());
    forgetEnded();
  }

  // Only who granted revokes: what another human signs stands under another key, and ends nothing.
  private static String key(String id, String human) {
    return id + "/" + human;
  }

  private synchronized void revoked(Body.DelegationRevoked ended, Instant at)
      throws CaptureException {
    try {
      Delegation.Revocation revocation =
          DelegationChain.verifyRevocation(ended.token(), ended.certificate(), roots);
      if (!revocation.delegation().equals(ended.id())) {
        throw new InvalidDelegationException(
            DelegationDefect.MALFORMED,
            "expected a revocation of " + ended.id() + ", found one of " + revocation.delegation());
      }
      String key = key(ended.id(), revocation.grantor());
      Revoked noted = new Revoked(revocation.id(), revocation.grantor(), at);
      if (revoked.putIfAbsent(key, noted) == null) {
        refresh(held -> held.id().equals(ended.id()) || isHandedOnFrom(held, ended.id()));
        notes.put(REVOCATIONS + key, GrantNote.writeRevoked(noted));
        forgetRevocationsOfNothing();
      }
    } catch (InvalidDelegationException e) {
      LOG.warn("a revocation of {} is not used: {}", ended.id(), e.getMessage());
    }
  }

  private synchronized void sessionEnded(@Nullable String session, Instant at)
      throws CaptureException {
    boolean bound =
        session != null
            && byId.values().stream().anyMatch(d -> session.equals(d.delegation().session()));
    if (session != null && bound && endedSessions.putIfAbsent(session, at) == null) {
      refresh(held -> session.equals(held.delegation().session()));
      notes.put(SESSIONS + session, GrantNote.writeTime(at));
    }
  }

  private void refresh(Predicate<RecordedDelegation> which) {
    for (RecordedDelegation held : List.copyOf(byId.values())) {
      if (which.test(held)) {
        add(held.chain(), held.granted(), held.recordedAt());
        refreshListOf(held.delegation().grantor());
      }
    }
  }

  private static boolean isHandedOnFrom(RecordedDelegation held, String id) {
    return held.chain().ancestors().contains(id);
  }

  private void add(DelegationChain chain, Body.DelegationGranted granted, Instant at) {
    String session = chain.effective().session();
    byId.put(
        chain.effective().id(),
        new RecordedDelegation(
            chain,
            granted,
            at,
            revokedAt(chain),
            session == null ? null : endedSessions.get(session)));
  }

  // What was handed on ends with what it was handed on from.
  private @Nullable Instant revokedAt(DelegationChain chain) {
    return chain.hops().stream()
        .map(hop -> revoked.get(key(hop.id(), hop.grantor())))
        .filter(Objects::nonNull)
        .map(Revoked::at)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private void refreshListOf(String human) {
    List<RecordedDelegation> held =
        byId.values().stream()
            .filter(d -> d.delegation().grantor().equals(human))
            .sorted(NEWEST_FIRST)
            .toList();
    if (held.isEmpty()) {
      byHuman.remove(human);
    } else {
      byHuman.put(human, held);
    }
  }

  private synchronized void forgetEnded() throws CaptureException {
    Instant limit = clock.instant().minus(KEPT);
    List<RecordedDelegation> ending =
        byId.values().stream()
            .sorted(
                Comparator.comparing((RecordedDelegation d) -> d.delegation().expiresAt())
                    .thenComparing(RecordedDelegation::id))
            .toList();
    int tooMany = ending.size() - MOST;
    for (int i = 0; i < ending.size(); i++) {
      RecordedDelegation one = ending.get(i);
      if (i >= tooMany && !one.delegation().expiresAt().isBefore(limit)) {
        break;
      }
      forget(one);
    }
    forgetRevocationsOfNothing();
  }

  private void forget(RecordedDelegation one) throws CaptureException {
    byId.remove(one.id());
    refreshListOf(one.delegation().grantor());
    notes.remove(GRANTS + one.id());
    String key = key(one.id(), one.delegation().grantor());
    if (revoked.remove(key) != null) {
      notes.remove(REVOCATIONS + key);
    }
    String session = one.delegation().session();
    if (session != null
        && byId.values().stream().noneMatch(d -> session.equals(d.delegation().session()))
        && endedSessions.remove(session) != null) {
      notes.remove(SESSIONS + session);
    }
  }

  // The revocation of what was granted elsewhere is kept, in case the grant is brought here as
  // well; the oldest go first.
  private void forgetRevocationsOfNothing() throws CaptureException {
    int tooMany = revoked.size() - MOST;
    if (tooMany > 0) {
      Map<String, Revoked> ended = new HashMap<>(revoked);
      byId.values().stream().map(d -> key(d.id(), d.delegation().grantor())).forEach(ended::remove);
      for (String id :
          ended.entrySet().stream()
              .sorted(Map.Entry.comparingByValue(Comparator.comparing(Revoked::at)))
              .limit(tooMany)
              .map(Map.Entry::getKey)
              .toList()) {
        revoked.remove(id);
        notes.remove(REVOCATIONS + id);
      }
    }
  }

  /** The delegation {@code id}, whether in force or not; null when none was recorded here. */
  public @Nullable RecordedDelegation find(String id) {
    return byId.get(id);
  }

  /**
   * What {@code human} granted to {@code agent}, or to an id above it, for {@code session} or any;
   * the newest first.
   */
  public List<RecordedDelegation> grants(String human, SpiffeId agent, String session) {
    return byHuman.getOrDefault(human, List.of()).stream()
        .filter(d -> d.delegation().delegate().covers(agent) && d.isFor(session))
        .toList();
  }

  /** The hop that was signed for {@code subAgent} in {@code session} and is in force; or null. */
  public @Nullable RecordedDelegation hop(
      String human, SpiffeId subAgent, String session, Instant moment) {
    for (RecordedDelegation held : byHuman.getOrDefault(human, List.of())) {
      if (held.delegation().isHop()
          && held.delegation().delegate().equals(subAgent)
          && session.equals(held.delegation().session())
          && held.inForceAt(moment)) {
        return held;
      }
    }
    return null;
  }

  /** The newest of those that is in force at {@code moment}; null when none is. */
  public @Nullable RecordedDelegation newestInForce(
      String human, SpiffeId agent, String session, Instant moment) {
    for (RecordedDelegation held : byHuman.getOrDefault(human, List.of())) {
      if (held.inForceAt(moment)
          && held.delegation().delegate().covers(agent)
          && held.isFor(session)) {
        return held;
      }
    }
    return null;
  }

  /** How many delegations are known. */
  public int size() {
    return byId.size();
  }
}
