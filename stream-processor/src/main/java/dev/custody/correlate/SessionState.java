package dev.custody.correlate;

import dev.custody.attribute.Token;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.attribution.IssuedCredential;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows.
 *
 * @param shown at most 256 identifiers
 * @param issued at most 1,024 records of credentials
 * @param tagged the session's tag
 * @param startedAt newest start or resumption
 * @param endedAt newest end
 * @param revoked at most 1,024 credentials that were revoked: their issue may be told later
 * @param user token of the machine's user as whom it runs: of several the least
 * @param heardOn the day on which its newest event was observed; no nearer, for a state that
 *     changes with each event costs much
 */
public record SessionState(
    List<Shown> shown,
    List<Issued> issued,
    @Nullable Tagged tagged,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    List<Revoked> revoked,
    @Nullable String user,
    Instant heardOn) {
  private static final int MAX_SHOWN = 256;
  private static final int MAX_ISSUED = 1024;
  private static final int MAX_REVOKED = 1024;
  private static final Set<String> OF_PROVIDERS = Set.of("CloudCall", "CredentialRevoked");
  private static final Comparator<Revoked> EARLIEST =
      Comparator.comparing(Revoked::at)
          .thenComparing(r -> r.identifier().kind())
          .thenComparing(r -> r.identifier().value());

  /** Copies. */
  public SessionState {
    shown = List.copyOf(shown);
    issued = List.copyOf(issued);
    revoked = List.copyOf(revoked);
  }

  /** A session of which nothing is known. */
  static SessionState empty() {
    return new SessionState(List.of(), List.of(), null, null, null, List.of(), null, Instant.EPOCH);
  }

  /**
   * The session after {@code event}; the newest start and the newest end count, however they
   * arrive.
   *
   * @param own false when the event was this session's and is another's now
   */
  SessionState after(Attribution event, boolean own) {
    SessionState heard = heard(event.observedAt().truncatedTo(ChronoUnit.DAYS));
    SessionState tagged = own ? heard.tagged(event).as(event) : heard;
    return switch (event.kind()) {
      case "SessionStarted" -> tagged.times(later(startedAt, event.occurredAt()), endedAt);
      case "SessionEnded" -> tagged.times(startedAt, later(endedAt, event.occurredAt()));
      case "CredentialIssued" -> tagged.given(event, own, true);
      case "CloudCall" -> tagged.given(event, own, false);
      case "CredentialRevoked" -> tagged.revoked(event);
      default -> tagged;
    };
  }

  private SessionState heard(Instant day) {
    return day.isAfter(heardOn)
        ? new SessionState(shown, issued, tagged, startedAt, endedAt, revoked, user, day)
        : this;
  }

  private SessionState times(@Nullable Instant started, @Nullable Instant ended) {
    return new SessionState(shown, issued, tagged, started, ended, revoked, user, heardOn);
  }

  private SessionState with(List<Issued> records) {
    return new SessionState(shown, records, tagged, startedAt, endedAt, revoked, user, heardOn);
  }

  // What a provider tells was observed wherever it was imported.
  private SessionState as(Attribution event) {
    String told = Token.ofUser(event.host(), event.best().human());
    return OF_PROVIDERS.contains(event.kind()) || (user != null && user.compareTo(told) <= 0)
        ? this
        : new SessionState(shown, issued, tagged, startedAt, endedAt, revoked, told, heardOn);
  }

  private SessionState tagged(Attribution event) {
    if (event.kind().equals("CloudCall")) {
      return this;
    }
    return event.identifiers().stream()
        .filter(i -> i.kind() == IdentifierKind.SESSION_TAG)
        .findFirst()
        .map(i -> new Tagged(i.value(), event.occurredAt(), event.event(), event.best()))
        .map(now ->
            new SessionState(
                shown,
                issued,
                tagged == null ? now : tagged.or(now),
                startedAt,
                endedAt,
                revoked,
                user,
                heardOn))
        .orElse(this);
  }

  private SessionState given(Attribution event, boolean own, boolean byBroker) {
    IssuedCredential credential = event.issued();
    List<Issued> records = new ArrayList<>(issued);
    records.removeIf(i -> i.event().equals(event.event()));
    if (own && credential != null && records.size() < MAX_ISSUED) {
      records.add(
          new Issued(
              credential.credential(),
              event.event(),
              event.occurredAt(),
              credential.expiresAt(),
              byBroker,
              byBroker ? Grade.CORROBORATED : event.best().grade(),
              event.best().delegation(),
              credential.parent(),
              address(event),
              revokedAt(credential.credential()),
              event.best()));
    }
    return with(records);
  }

  private @Nullable Instant revokedAt(Identifier credential) {
    return revoked.stream()
        .filter(r -> r.identifier().equals(credential))
        .map(Revoked::at)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String address(Attribution event) {
    return event.identifiers().stream()
        .filter(i -> i.kind() == IdentifierKind.SOURCE_ADDRESS)
        .map(Identifier::value)
        .findFirst()
        .orElse(null);
  }

  // A revocation that the provider does not know of ends nothing. It is kept: the record of the
  // issue may come later.
  private SessionState revoked(Attribution event) {
    if (event.outcome() != Outcome.SUCCESS) {
      return this;
    }
    Map<Identifier, Revoked> all = new LinkedHashMap<>();
    revoked.forEach(r -> all.put(r.identifier(), r));
    for (Identifier one : event.identifiers()) {
      all.merge(one, new Revoked(one, event.occurredAt()), Revoked::earlier);
    }
    List<Revoked> kept = all.values().stream().sorted(EARLIEST).limit(MAX_REVOKED).toList();
    SessionState now =
        new SessionState(shown, issued, tagged, startedAt, endedAt, kept, user, heardOn);
    return now.with(issued.stream().map(i -> i.revoked(now.revokedAt(i.identifier()))).toList());
  }

  private static Instant later(@Nullable Instant known, Instant other) {
    return known != null && known.isAfter(other) ? known : other;
  }

  /** When it ended for good, or null while it lasts. */
  @Nullable Instant over() {
    return endedAt != null && (startedAt == null || startedAt.isBefore(endedAt)) ? endedAt : null;
  }

  /** The session's tag, or null. */
  @Nullable String tag() {
    return tagged == null ? null : tagged.tag();
  }

  /** With {@code now} as all that was shown of {@code identifier}, as long as there is room. */
  SessionState with(Identifier identifier, @Nullable Shown now) {
    List<Shown> all = new ArrayList<>(shown);
    boolean known = all.removeIf(s -> s.identifier().equals(identifier));
    if (now != null && (known || all.size() < MAX_SHOWN)) {
      all.add(now);
    }
    return new SessionState(all, issued, tagged, startedAt, endedAt, revoked, user, heardOn);
  }

  /**
   * All that it has to show for identifiers; what our broker issued to it need not have been shown.
   * That a credential was shown stays beside what the provider tells of its issue: it may be the
   * reason why that record is this session's, and must not go because of it.
   */
  List<Known> known() {
    Map<Identifier, List<Issued>> credentials = new LinkedHashMap<>();
    issued.forEach(i -> credentials.computeIfAbsent(i.identifier(), x -> new ArrayList<>()).add(i));
    List<Known> known = new ArrayList<>();
    credentials.values().forEach(records -> known.add(Known.of(records)));
    shown.stream()
        .filter(s ->
            credentials.getOrDefault(s.identifier(), List.of()).stream()
                .noneMatch(Issued::byBroker))
        .forEach(s -> known.add(Known.of(s)));
    if (tagged != null) {
      known.add(Known.of(tagged, new Identifier(IdentifierKind.SESSION_TAG, tagged.tag())));
    }
    return known;
  }
}
