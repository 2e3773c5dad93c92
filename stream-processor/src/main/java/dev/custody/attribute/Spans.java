package dev.custody.attribute;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The claims on tokens, and the asks of them, of one partition: spans that are found by a moment,
 * and moments that are found by a span.
 */
final class Spans {
  /** Claims of one length that are looked at for one ask, the newest first. */
  static final int MOST_CLAIMS = 4096;

  private final KeyValueStore<Bytes, Claim> claims;
  private final KeyValueStore<String, Integer> lengths;
  private final KeyValueStore<Bytes, Ask> asks;

  /**
   * Over its stores.
   *
   * @param claims token and length of the span, start, claim id
   * @param lengths the lengths of span that a token's claims have, a bit each: most tokens were
   *     never claimed, and to find that out by ranges costs far more than one row
   * @param asks token, time, event id
   */
  Spans(
      KeyValueStore<Bytes, Claim> claims,
      KeyValueStore<String, Integer> lengths,
      KeyValueStore<Bytes, Ask> asks) {
    this.claims = claims;
    this.lengths = lengths;
    this.asks = asks;
  }

  /** The claim in whose place {@code claim} comes, or null. */
  @Nullable Claim before(Claim claim) {
    return claims.get(claim.place());
  }

  void remove(Claim claim) {
    claims.delete(claim.place());
  }

  void put(Claim claim) {
    claims.put(claim.place(), claim);
    note(claim);
  }

  void put(Ask ask) {
    asks.put(ask.place(), ask);
  }

  /** The ask that lies at {@code place}, or null. */
  @Nullable Ask ask(Bytes place) {
    return asks.get(place);
  }

  private void note(Claim claim) {
    int known = lengthsOf(claim.token());
    int with = known | Claim.Length.of(claim).bit();
    if (with != known) {
      lengths.put(claim.token(), with);
    }
  }

  private int lengthsOf(String token) {
    Integer known = lengths.get(token);
    return known == null ? 0 : known;
  }

  /** The asks of {@code token} between two moments, both inclusive. */
  List<Ask> asked(String token, Instant from, Instant through) {
    List<Ask> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, Ask> range =
        asks.range(SpanKey.from(token, from), SpanKey.through(token, through))) {
      range.forEachRemaining(entry -> found.add(entry.value));
    }
    return found;
  }

  /** The claims that cover the moment of {@code ask}. */
  List<Claim> covering(Ask ask) {
    int claimed = lengthsOf(ask.token());
    List<Claim> found = new ArrayList<>();
    for (Claim.Length length : Claim.Length.values()) {
      if ((claimed & length.bit()) != 0) {
        found.addAll(covering(ask, length));
      }
    }
    return found;
  }

  private List<Claim> covering(Ask ask, Claim.Length length) {
    Instant moment = ask.question().occurredAt();
    String name = length.of(ask.token());
    List<Claim> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, Claim> range =
        claims.reverseRange(
            SpanKey.from(name, length.from(moment)),
            SpanKey.through(name, length == Claim.Length.EVER ? SpanKey.LAST : moment))) {
      for (int seen = 0; range.hasNext() && seen < MOST_CLAIMS; seen++) {
        Claim claim = range.next().value;
        boolean covers =
            claim.basis() == Basis.COMMIT
                || (!claim.start().isAfter(moment) && !claim.end().isBefore(moment));
        if (covers) {
          found.add(claim);
        }
      }
    }
    return found;
  }

  /** Deletes what was observed before {@code limit}; the claims that went. */
  List<Claim> sweep(Instant limit) {
    List<Claim> old =
        delete(claims, c -> c.observedAt().isBefore(limit) && c.end().isBefore(limit));
    Set<String> tokens = new HashSet<>();
    old.forEach(claim -> tokens.add(claim.token()));
    tokens.forEach(this::countAgain);
    delete(asks, ask -> ask.question().observedAt().isBefore(limit));
    return old;
  }

  private static <V> List<V> delete(KeyValueStore<Bytes, V> store, Predicate<V> expired) {
    List<KeyValue<Bytes, V>> old = new ArrayList<>();
    try (KeyValueIterator<Bytes, V> all = store.all()) {
      all.forEachRemaining(entry -> {
        if (expired.test(entry.value)) {
          old.add(entry);
        }
      });
    }
    old.forEach(entry -> store.delete(entry.key));
    return old.stream().map(entry -> entry.value).toList();
  }

  private void countAgain(String token) {
    int left = 0;
    for (Claim.Length length : Claim.Length.values()) {
      String name = length.of(token);
      try (KeyValueIterator<Bytes, Claim> any =
          claims.range(SpanKey.from(name, SpanKey.FIRST), SpanKey.through(name, SpanKey.LAST))) {
        left |= any.hasNext() ? length.bit() : 0;
      }
    }
    if (left == 0) {
      lengths.delete(token);
    } else {
      lengths.put(token, left);
    }
  }
}
