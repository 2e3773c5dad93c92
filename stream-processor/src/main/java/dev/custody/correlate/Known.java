package dev.custody.correlate;

import dev.custody.attribute.Basis;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a session has to show for an identifier.
 *
 * @param identifier the identifier
 * @param basis how it came to know it
 * @param since from when on
 * @param until when the credential ends, where that is known
 * @param revokedAt when it was revoked
 * @param toolCall the call that showed or named it
 * @param events the events that tell it
 * @param most the best grade that a claim on it may give
 * @param because in words
 * @param delegation the delegation that it was issued for
 * @param address where it was asked for, as the provider saw it
 * @param who the session, where it is known without a call
 */
record Known(
    Identifier identifier,
    Basis basis,
    Instant since,
    @Nullable Instant until,
    @Nullable Instant revokedAt,
    @Nullable String toolCall,
    List<EventId> events,
    Grade most,
    String because,
    @Nullable String delegation,
    @Nullable String address,
    @Nullable Candidate who) {
  private static final Comparator<Issued> FIRST =
      Comparator.comparing(Issued::grade)
          .thenComparing(Issued::since)
          .thenComparing(i -> i.event().value());

  static Known of(Shown shown) {
    String how = shown.inResult() ? " was shown to the session by" : " was named in the command of";
    return new Known(
        shown.identifier(),
        shown.inResult() ? Basis.SHOWN : Basis.NAMED,
        shown.since(),
        null,
        null,
        shown.toolCall(),
        List.of(shown.event()),
        shown.inResult() ? Grade.CORROBORATED : Grade.INFERRED,
        shown.identifier().value() + how + " tool call " + shown.toolCall(),
        null,
        null,
        null);
  }

  static Known of(Tagged tagged, Identifier identifier) {
    return new Known(
        identifier,
        Basis.TAGGED,
        tagged.since(),
        null,
        null,
        null,
        List.of(tagged.event()),
        Grade.CORROBORATED,
        "the record carries the tag of the session, " + tagged.tag(),
        null,
        null,
        tagged.candidate());
  }

  /**
   * What all records of one credential say together. Our broker's alone is corroborated; the
   * provider's own record of the same issue proves it.
   */
  static Known of(List<Issued> records) {
    List<Issued> sorted = records.stream().sorted(FIRST).toList();
    Issued broker = sorted.stream().filter(Issued::byBroker).findFirst().orElse(null);
    Issued provider = sorted.stream().filter(i -> !i.byBroker()).findFirst().orElse(null);
    Issued told = broker != null ? broker : sorted.getFirst();
    String key = told.identifier().value();
    boolean both = broker != null && provider != null;
    return new Known(
        told.identifier(),
        Basis.ISSUED,
        told.since(),
        sorted.stream().map(Issued::until).filter(Objects::nonNull).findFirst().orElse(null),
        sorted.stream()
            .map(Issued::revokedAt)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null),
        null,
        // The provider's record is attributed by the broker's: it may not support itself.
        broker != null
            ? List.of(broker.event())
            : sorted.stream().map(Issued::event).distinct().toList(),
        both ? Grade.PROVEN : told.grade(),
        broker != null
            ? key
                + " was issued to the session by the broker"
                + (both ? ", and the provider's own record says so" : "")
            : key + handedOut(told) + parent(told),
        told.delegation(),
        provider == null ? null : provider.address(),
        told.candidate());
  }

  private static String handedOut(Issued issued) {
    return issued.grade() == Grade.UNATTRIBUTED
        ? " may have been handed out to it: the session knew "
        : " was handed out to the session's ";
  }

  private static String parent(Issued issued) {
    Identifier parent = issued.parent();
    return parent == null ? "call" : parent.value();
  }
}
