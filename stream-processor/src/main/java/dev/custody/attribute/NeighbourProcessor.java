package dev.custody.attribute;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Joins the tool calls that ran as a machine's user with what was done with a credential of one of
 * that user's sessions: another one may have taken it. Calls and asks are kept for the horizon,
 * like {@link ClaimProcessor}'s.
 */
public final class NeighbourProcessor
    implements Processor<String, TokenMessage, String, EventMessage> {
  /** State store of the calls: user and length of the span, start, claim id. */
  public static final String CALLS = "neighbours";

  /** State store of the lengths of span that a user's calls have, a bit each. */
  public static final String LENGTHS = "neighbour-lengths";

  /** State store of the asks: user, time, event id. */
  public static final String ASKS = "neighbour-asks";

  private static final Duration SWEEP_EVERY = Duration.ofHours(1);

  private @Nullable ProcessorContext<String, EventMessage> context;
  private @Nullable Spans spans;

  @Override
  public void init(ProcessorContext<String, EventMessage> context) {
    this.context = context;
    this.spans =
        new Spans(
            context.getStateStore(CALLS),
            context.getStateStore(LENGTHS),
            context.getStateStore(ASKS));
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
      spans().put(ask);
      answer(ask, record.timestamp());
    }
  }

  private void take(Claim call, long timestamp) {
    Claim before = spans().before(call);
    if (call.equals(before)) {
      return;
    }
    if (call.withdrawn()) {
      spans().remove(call);
    } else {
      spans().put(call);
    }
    Instant end = before != null && before.end().isAfter(call.end()) ? before.end() : call.end();
    spans().asked(call.token(), call.start(), end).forEach(ask -> answer(ask, timestamp));
  }

  private void answer(Ask ask, long timestamp) {
    List<Scored> beside =
        spans().covering(ask).stream()
            .flatMap(call -> Stream.ofNullable(Scoring.score(call, ask.question(), List.of())))
            .toList();
    Ranking.Ranked ranked = Ranking.best(beside);
    String event = ask.question().event().toString();
    Answer answer =
        new Answer(
            ask.question().event(), ask.token(), ask.tokens(), ranked.candidates(), ranked.more());
    Objects.requireNonNull(context)
        .forward(new Record<>(event, new EventMessage(null, answer), timestamp));
  }

  private void sweep(long streamTime) {
    spans().sweep(Instant.ofEpochMilli(streamTime).minus(ClaimProcessor.KEPT));
  }

  private Spans spans() {
    return Objects.requireNonNull(spans);
  }
}
