package dev.custody.correlate;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.attribution.IssuedCredential;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows.
 *
 * @param shown at most 256 identifiers
 * @param issued at most 1,024 records of credentials
 * @param tagged the session's tag
 * @param startedAt newest start or resumption
 * @param endedAt newest end
 */
public record SessionState(
    List<Shown> shown,
    List<Issued> issued,
    @Nullable Tagged tagged,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt) {
  private static final int MAX_SHOWN = 256;
  private static final int MAX_ISSUED = 1024;

  /** Copies. */
  public SessionState {
    shown = List.copyOf(shown);
    issued = List.copyOf(issued);
  }

  /** A session of which nothing is known. */
  static SessionState empty() {
    return new SessionState(List.of(), List.of(), null, null, null);
  }

  /**
   * The session after {@code event}; the newest start and the newest end count, however they
   * arrive.
   *
   * @param own false when the event was this session's and is another's now
   */
  SessionState after(Attribution event, boolean own) {
    SessionState tagged = own ? tagged(event) : this;
    return switch (event.kind()) {
      case "SessionStarted" -> tagged.times(later(startedAt, event.occurredAt()), endedAt);
      case "SessionEnded" -> tagged.times(startedAt, later(endedAt, event.occurredAt()));
      case "CredentialIssued" -> tagged.given(event, own, true);
      case "CloudCall" -> tagged.given(event, own, false);
      case "CredentialRevoked" -> tagged.revoked(event);
      default -> tagged;
    };
  }

  private SessionState times(@Nullable Instant started, @Nullable Instant ended) {
    return new SessionState(shown, issued, tagged, started, ended);
  }

  private SessionState with(List<Issued> records) {
    return new SessionState(shown, records, tagged, startedAt, endedAt);
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
                shown, issued, tagged == null ? now : tagged.or(now), startedAt, endedAt))
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
    return issued.stream()
        .filter(i -> i.identifier().equals(credential))
        .map(Issued::revokedAt)
        .filter(Objects::nonNull)
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

  // A revocation that the provider does not know of ends nothing.
  private SessionState revoked(Attribution event) {
    if (event.outcome() != Outcome.SUCCESS) {
      return this;
    }
    Predicate<Issued> concerned = i -> event.identifiers().contains(i.identifier());
    return with(
        issued.stream()
            .map(i -> concerned.test(i) ? i.revoked(earlier(i.revokedAt(), event.occurredAt())) : i)
            .toList());
  }

  private static Instant earlier(@Nullable Instant known, Instant other) {
    return known != null && known.isBefore(other) ? known : other;
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
    return new SessionState(all, issued, tagged, startedAt, endedAt);
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
