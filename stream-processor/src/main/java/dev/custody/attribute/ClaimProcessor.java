package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Joins claims (spans) with asks (moments) of one token. Both are kept for the horizon, so
 * whichever comes later finds the other, and the answer does not depend on which that was.
 */
public final class ClaimProcessor implements Processor<String, TokenMessage, String, Answer> {
  /** State store of the claims: token, start, claim id. */
  public static final String CLAIMS = "claims";

  /** State store of the asks: token, time, event id. */
  public static final String ASKS = "asks";

  /**
   * How long claims and asks wait for each other, and the longest span of a claim that is not for
   * ever.
   */
  public static final Duration HORIZON = Duration.ofDays(7);

  /**
   * How long claims, asks and what they are made from are kept. Far longer than the horizon: on a
   * rebuild partitions are read at their own pace, and time, which is shared, must not run ahead of
   * what has yet to be read.
   */
  public static final Duration KEPT = Duration.ofDays(90);

  private static final Duration SWEEP_EVERY = Duration.ofHours(1);

  private @Nullable ProcessorContext<String, Answer> context;
  private @Nullable KeyValueStore<Bytes, Claim> claims;
  private @Nullable KeyValueStore<Bytes, Ask> asks;

  @Override
  public void init(ProcessorContext<String, Answer> context) {
    this.context = context;
    this.claims = context.getStateStore(CLAIMS);
    this.asks = context.getStateStore(ASKS);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, TokenMessage> record) {
    Claim claim = record.value().claim();
    if (claim != null) {
      take(claim, record.timestamp());
    }
    Ask ask = record.value().ask();
    if (ask != null) {
      asks()
          .put(
              SpanKey.of(ask.token(), ask.event().occurredAt(), ask.event().event().toString()),
              ask);
      answer(ask, record.timestamp());
    }
  }

  private void take(Claim claim, long timestamp) {
    Bytes key = SpanKey.of(claim.token(), claim.start(), claim.id());
    Claim before = claims().get(key);
    if (claim.equals(before)) {
      return;
    }
    if (claim.withdrawn()) {
      claims().delete(key);
    } else {
      claims().put(key, claim);
    }
    Instant end = before != null && before.end().isAfter(claim.end()) ? before.end() : claim.end();
    List<Ask> waiting = new ArrayList<>();
    try (KeyValueIterator<Bytes, Ask> found =
        asks()
            .range(
                SpanKey.from(claim.token(), claim.start()), SpanKey.through(claim.token(), end))) {
      found.forEachRemaining(entry -> waiting.add(entry.value));
    }
    waiting.forEach(ask -> answer(ask, timestamp));
  }

  private void answer(Ask ask, long timestamp) {
    Attribution event = ask.event();
    List<Claim> covering = new ArrayList<>();
    // Commits are claimed for all times; every other span is at most the horizon long.
    Instant from =
        Token.is(ask.token(), IdentifierKind.GIT_COMMIT)
            ? SpanKey.FIRST
            : event.occurredAt().minus(HORIZON.plusDays(1));
    try (KeyValueIterator<Bytes, Claim> found =
        claims()
            .range(
                SpanKey.from(ask.token(), from),
                SpanKey.through(ask.token(), event.occurredAt()))) {
      found.forEachRemaining(entry -> {
        if (!entry.value.end().isBefore(event.occurredAt()) && Ranking.fits(entry.value, event)) {
          covering.add(entry.value);
        }
      });
    }
    Ranking.Ranked ranked = Ranking.rank(covering, event);
    Answer answer =
        new Answer(ask.token(), ask.tokens(), event, ranked.candidates(), ranked.more());
    Objects.requireNonNull(context)
        .forward(new Record<>(event.event().toString(), answer, timestamp));
  }

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(KEPT);
    delete(
        claims(),
        entry -> entry.value.observedAt().isBefore(limit) && entry.value.end().isBefore(limit));
    delete(asks(), entry -> entry.value.event().observedAt().isBefore(limit));
  }

  private static <V> void delete(
      KeyValueStore<Bytes, V> store, java.util.function.Predicate<KeyValue<Bytes, V>> expired) {
    List<Bytes> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, V> all = store.all()) {
      all.forEachRemaining(entry -> {
        if (expired.test(entry)) {
          keys.add(entry.key);
        }
      });
    }
    keys.forEach(store::delete);
  }

  private KeyValueStore<Bytes, Claim> claims() {
    return Objects.requireNonNull(claims);
  }

  private KeyValueStore<Bytes, Ask> asks() {
    return Objects.requireNonNull(asks);
  }
}
