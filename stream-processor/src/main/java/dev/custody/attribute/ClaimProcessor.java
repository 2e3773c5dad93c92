package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.event.EventId;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Joins claims (spans) with asks (moments) of one token. Both are kept for the horizon, so
 * whichever comes later finds the other, and the answer does not depend on which that was.
 */
public final class ClaimProcessor implements Processor<String, TokenMessage, String, Reply> {
  /** State store of the claims: token and length of the span, start, claim id. */
  public static final String CLAIMS = "claims";

  /**
   * State store of the lengths of span that a token's claims have, a bit each: most tokens were
   * never claimed, and to find that out by ranges costs far more than one row.
   */
  public static final String LENGTHS = "lengths";

  /** State store of the asks: token, time, event id. */
  public static final String ASKS = "asks";

  /** State store of what claims explain: claim's place, trait. */
  public static final String USES = Uses.STORE;

  /** How long a claim on an identifier lasts of which no end is known. */
  public static final Duration HORIZON = Duration.ofDays(7);

  /**
   * How long claims, asks and what they are made from are kept. Far longer than the horizon: on a
   * rebuild partitions are read at their own pace, and time, which is shared, must not run ahead of
   * what has yet to be read.
   */
  public static final Duration KEPT = Duration.ofDays(90);

  private static final Duration SWEEP_EVERY = Duration.ofHours(1);

  private @Nullable ProcessorContext<String, Reply> context;
  private @Nullable Spans spans;
  private @Nullable Uses uses;

  @Override
  public void init(ProcessorContext<String, Reply> context) {
    this.context = context;
    this.spans =
        new Spans(
            context.getStateStore(CLAIMS),
            context.getStateStore(LENGTHS),
            context.getStateStore(ASKS));
    this.uses = new Uses(context.getStateStore(USES));
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
    Claim before = spans().before(claim);
    if (claim.equals(before)) {
      return;
    }
    if (before != null) {
      uses().forget(before);
    }
    Instant end = before != null && before.end().isAfter(claim.end()) ? before.end() : claim.end();
    List<Ask> concerned = spans().asked(claim.token(), claim.start(), end);
    if (claim.withdrawn()) {
      spans().remove(claim);
    } else {
      spans().put(claim);
      concerned.forEach(ask -> usesOf(claim, ask).forEach(use -> uses().add(claim, use)));
    }
    concerned.forEach(ask -> answer(ask, weighed(ask), null, timestamp));
  }

  private void take(Ask ask, @Nullable Attribution draft, long timestamp) {
    spans().put(ask);
    if (Token.is(ask.token(), IdentifierKind.GIT_COMMIT)) {
      // A reference that moves to a commit says something about the commit as well.
      for (Ask other : spans().asked(ask.token(), SpanKey.FIRST, SpanKey.LAST)) {
        answer(other, weighed(other), other.equals(ask) ? draft : null, timestamp);
      }
    } else {
      List<Weighed> weighed = weighed(ask);
      Set<Ask> doubted = new LinkedHashSet<>();
      weighed.forEach(one -> doubted.addAll(doubtedBy(ask, one)));
      doubted.remove(ask);
      answer(ask, weighed, draft, timestamp);
      doubted.forEach(other -> answer(other, weighed(other), null, timestamp));
    }
  }

  /** A claim, and what it says of one event by itself. */
  private record Weighed(Claim claim, Scored scored) {
    List<Uses.Use> uses(Ask ask) {
      return Uses.of(scored, ask);
    }
  }

  /** The events that come into doubt because a claim explains {@code ask} as well. */
  private List<Ask> doubtedBy(Ask ask, Weighed by) {
    List<Ask> found = new ArrayList<>();
    for (Uses.Use use : by.uses(ask)) {
      Bytes first = uses().add(by.claim(), use);
      if (first != null && use.isOneEvent()) {
        found.addAll(Stream.ofNullable(spans().ask(first)).toList());
      } else if (first != null) {
        found.addAll(explained(by.claim(), use.trait()));
      }
    }
    return found;
  }

  private List<Ask> explained(Claim claim, String trait) {
    return spans().asked(claim.token(), claim.start(), claim.end()).stream()
        .filter(ask -> usesOf(claim, ask).stream().anyMatch(use -> use.trait().equals(trait)))
        .toList();
  }

  private static List<Uses.Use> usesOf(Claim claim, Ask ask) {
    Scored scored = Scoring.score(claim, ask.question(), List.of());
    return scored == null ? List.of() : Uses.of(scored, ask);
  }

  private void answer(Ask ask, List<Weighed> weighed, @Nullable Attribution draft, long timestamp) {
    List<Scored> scored = weighed.stream().map(one -> besideOthers(one, ask)).toList();
    Ranking.Ranked ranked = Ranking.best(Ranking.withHolders(scored));
    EventId event = ask.question().event();
    Answer answer =
        new Answer(event, ask.token(), ask.tokens(), ranked.candidates(), ranked.more());
    forward(event.toString(), new EventMessage(draft, answer), timestamp);
    usersOf(weighed)
        .forEach(user -> forward(user, new Ask(user, ask.tokens(), ask.question()), timestamp));
  }

  // Whose a credential is, is known: what else ran as its holder's user tells how well that the
  // holder used it.
  private static Set<String> usersOf(List<Weighed> weighed) {
    Set<String> users = new LinkedHashSet<>();
    for (Weighed one : weighed) {
      Grade grade = one.scored().candidate().grade();
      if (one.claim().user() != null && grade != Grade.PROVEN && grade != Grade.UNATTRIBUTED) {
        users.add(one.claim().user());
      }
    }
    return users;
  }

  private void forward(String key, Reply reply, long timestamp) {
    Objects.requireNonNull(context).forward(new Record<>(key, reply, timestamp));
  }

  private Scored besideOthers(Weighed one, Ask ask) {
    return uses().areTooMany(one.claim(), one.uses(ask))
        ? Uses.doubted(one.scored())
        : one.scored();
  }

  private List<Weighed> weighed(Ask ask) {
    List<Instant> moved = moves(ask);
    List<Weighed> weighed = new ArrayList<>();
    for (Claim claim : spans().covering(ask)) {
      Scored scored = Scoring.score(claim, ask.question(), moved);
      if (scored != null) {
        weighed.add(new Weighed(claim, scored));
      }
    }
    return weighed;
  }

  /** When references were seen to move to the commit that is asked about. */
  private List<Instant> moves(Ask ask) {
    return Token.is(ask.token(), IdentifierKind.GIT_COMMIT)
        ? spans().asked(ask.token(), SpanKey.FIRST, SpanKey.LAST).stream()
            .map(Ask::question)
            .filter(q -> q.kind().equals("ReferenceUpdated"))
            // A push, or a tag, says nothing of who made the commit.
            .filter(q -> !"git:push".equals(q.action()) && !"git:tag".equals(q.action()))
            .map(Question::occurredAt)
            .toList()
        : List.of();
  }

  private void sweep(long streamTime) {
    spans().sweep(Instant.ofEpochMilli(streamTime).minus(KEPT)).forEach(uses()::forget);
  }

  private Spans spans() {
    return Objects.requireNonNull(spans);
  }

  private Uses uses() {
    return Objects.requireNonNull(uses);
  }
}
