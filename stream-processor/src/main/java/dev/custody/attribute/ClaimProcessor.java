package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
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
public final class ClaimProcessor implements Processor<String, TokenMessage, String, EventMessage> {
  /** State store of the claims: token and length of the span, start, claim id. */
  public static final String CLAIMS = "claims";

  /**
   * State store of the lengths of span that a token's claims have, a bit each: most tokens were
   * never claimed, and to find that out by ranges costs far more than one row.
   */
  public static final String LENGTHS = "lengths";

  /** State store of the asks: token, time, event id. */
  public static final String ASKS = "asks";

  /** How long a claim on an identifier lasts of which no end is known. */
  public static final Duration HORIZON = Duration.ofDays(7);

  /**
   * How long claims, asks and what they are made from are kept. Far longer than the horizon: on a
   * rebuild partitions are read at their own pace, and time, which is shared, must not run ahead of
   * what has yet to be read.
   */
  public static final Duration KEPT = Duration.ofDays(90);

  /** Claims of one length that are looked at for one ask, the newest first. */
  static final int MOST_CLAIMS = 4096;

  /** Neighbours that an event is compared with, on either side. */
  private static final int MOST_BESIDE = 8;

  private static final Duration SWEEP_EVERY = Duration.ofHours(1);

  private @Nullable ProcessorContext<String, EventMessage> context;
  private @Nullable KeyValueStore<Bytes, Claim> claims;
  private @Nullable KeyValueStore<String, Integer> lengths;
  private @Nullable KeyValueStore<Bytes, Ask> asks;

  @Override
  public void init(ProcessorContext<String, EventMessage> context) {
    this.context = context;
    this.claims = context.getStateStore(CLAIMS);
    this.lengths = context.getStateStore(LENGTHS);
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
      take(ask, record.value().draft(), record.timestamp());
    }
  }

  private void take(Claim claim, long timestamp) {
    Bytes place = claim.place();
    Claim before = claims().get(place);
    if (claim.equals(before)) {
      return;
    }
    if (claim.withdrawn()) {
      claims().delete(place);
    } else {
      claims().put(place, claim);
      note(claim);
    }
    Instant end = before != null && before.end().isAfter(claim.end()) ? before.end() : claim.end();
    for (Ask ask : asked(claim.token(), claim.start(), end)) {
      answer(ask, null, timestamp);
    }
  }

  private void note(Claim claim) {
    int known = lengthsOf(claim.token());
    int with = known | Claim.Length.of(claim).bit();
    if (with != known) {
      lengths().put(claim.token(), with);
    }
  }

  private int lengthsOf(String token) {
    Integer known = lengths().get(token);
    return known == null ? 0 : known;
  }

  private void take(Ask ask, @Nullable Attribution draft, long timestamp) {
    Question question = ask.question();
    asks().put(SpanKey.of(ask.token(), question.occurredAt(), question.event().toString()), ask);
    if (Token.is(ask.token(), IdentifierKind.GIT_COMMIT)) {
      // A reference that moves to a commit says something about the commit as well.
      asked(ask.token(), SpanKey.FIRST, SpanKey.LAST)
          .forEach(other -> answer(other, other.equals(ask) ? draft : null, timestamp));
    } else {
      List<Claim> doubtful = answer(ask, draft, timestamp);
      List<Ask> beside = doubtful.isEmpty() ? List.of() : beside(ask);
      for (Ask other : beside) {
        if (doubtful.stream().anyMatch(claim -> isNewlyDoubted(claim, other, ask, beside))) {
          answer(other, null, timestamp);
        }
      }
    }
  }

  /** Whether {@code ask} speaks against {@code claim} on {@code other}, and none before it did. */
  private static boolean isNewlyDoubted(Claim claim, Ask other, Ask ask, List<Ask> beside) {
    return Neighbours.areTooMany(claim, other.question(), ask.question())
        && beside.stream()
            .filter(third -> !third.equals(other))
            .noneMatch(third -> Neighbours.areTooMany(claim, other.question(), third.question()));
  }

  /** The nearest that ask the same token, at most {@link #MOST_BESIDE} on either side. */
  private List<Ask> beside(Ask ask) {
    Instant moment = ask.question().occurredAt();
    Bytes own = SpanKey.of(ask.token(), moment, ask.question().event().toString());
    List<Ask> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, Ask> before =
        asks().reverseRange(SpanKey.from(ask.token(), moment.minus(Neighbours.REACH)), own)) {
      takeNearest(before, own, found);
    }
    try (KeyValueIterator<Bytes, Ask> after =
        asks().range(own, SpanKey.through(ask.token(), moment.plus(Neighbours.REACH)))) {
      takeNearest(after, own, found);
    }
    return found;
  }

  private static void takeNearest(KeyValueIterator<Bytes, Ask> range, Bytes own, List<Ask> into) {
    int taken = 0;
    while (range.hasNext() && taken < MOST_BESIDE) {
      KeyValue<Bytes, Ask> next = range.next();
      if (!next.key.equals(own)) {
        into.add(next.value);
        taken++;
      }
    }
  }

  private List<Ask> asked(String token, Instant from, Instant through) {
    List<Ask> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, Ask> range =
        asks().range(SpanKey.from(token, from), SpanKey.through(token, through))) {
      range.forEachRemaining(entry -> found.add(entry.value));
    }
    return found;
  }

  /** Answers, and returns the claims against which neighbours of the event may speak. */
  private List<Claim> answer(Ask ask, @Nullable Attribution draft, long timestamp) {
    Question question = ask.question();
    List<Instant> moved = moves(ask);
    List<Scored> scored = new ArrayList<>();
    List<Claim> doubtful = new ArrayList<>();
    for (Claim claim : covering(ask)) {
      Scored one = Scoring.score(claim, question, moved);
      if (one != null && Neighbours.mayDoubt(one)) {
        doubtful.add(claim);
      } else if (one != null) {
        scored.add(one);
      }
    }
    scored.addAll(
        Neighbours.doubted(doubtful, question, doubtful.isEmpty() ? List.of() : beside(ask)));
    Ranking.Ranked ranked = Ranking.best(Ranking.withHolders(scored));
    Answer answer =
        new Answer(question.event(), ask.token(), ask.tokens(), ranked.candidates(), ranked.more());
    Objects.requireNonNull(context)
        .forward(
            new Record<>(question.event().toString(), new EventMessage(draft, answer), timestamp));
    return doubtful;
  }

  /** When references were seen to move to the commit that is asked about. */
  private List<Instant> moves(Ask ask) {
    return Token.is(ask.token(), IdentifierKind.GIT_COMMIT)
        ? asked(ask.token(), SpanKey.FIRST, SpanKey.LAST).stream()
            .map(Ask::question)
            .filter(q -> q.kind().equals("ReferenceUpdated"))
            // A push, or a tag, says nothing of who made the commit.
            .filter(q -> !"git:push".equals(q.action()) && !"git:tag".equals(q.action()))
            .map(Question::occurredAt)
            .toList()
        : List.of();
  }

  private List<Claim> covering(Ask ask) {
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
        claims()
            .reverseRange(
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

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(KEPT);
    Set<String> tokens = new HashSet<>();
    for (Claim old :
        delete(claims(), c -> c.observedAt().isBefore(limit) && c.end().isBefore(limit))) {
      tokens.add(old.token());
    }
    tokens.forEach(this::countAgain);
    delete(asks(), ask -> ask.question().observedAt().isBefore(limit));
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
          claims().range(SpanKey.from(name, SpanKey.FIRST), SpanKey.through(name, SpanKey.LAST))) {
        left |= any.hasNext() ? length.bit() : 0;
      }
    }
    if (left == 0) {
      lengths().delete(token);
    } else {
      lengths().put(token, left);
    }
  }

  private KeyValueStore<Bytes, Claim> claims() {
    return Objects.requireNonNull(claims);
  }

  private KeyValueStore<String, Integer> lengths() {
    return Objects.requireNonNull(lengths);
  }

  private KeyValueStore<Bytes, Ask> asks() {
    return Objects.requireNonNull(asks);
  }
}
