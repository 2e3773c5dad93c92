package dev.custody.complete;

import dev.custody.attribution.Attribution;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import dev.custody.due.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Notices that a collector falls silent. */
public final class PulseProcessor implements Processor<String, Attribution, String, Sighting> {
  /** State store of the chains. */
  public static final String STORE = "pulses";

  /** State store of the deadlines. */
  public static final String DEADLINES = "pulse-deadlines";

  private static final Duration CHECK_EVERY = Duration.ofMinutes(1);

  private final Saying saying;
  private @Nullable ProcessorContext<String, Sighting> context;
  private @Nullable KeyValueStore<String, ChainPulse> pulses;
  private @Nullable Deadlines deadlines;

  /** With the rules of {@code sightings}. */
  public PulseProcessor(Sightings sightings) {
    this.saying = new Saying(sightings);
  }

  @Override
  public void init(ProcessorContext<String, Sighting> context) {
    this.context = context;
    this.pulses = context.getStateStore(STORE);
    this.deadlines = new Deadlines(context.getStateStore(DEADLINES));
    context.schedule(CHECK_EVERY, PunctuationType.STREAM_TIME, this::fire);
    context.schedule(CHECK_EVERY, PunctuationType.WALL_CLOCK_TIME, this::fire);
  }

  @Override
  public void process(Record<String, Attribution> record) {
    String chain = record.value().position().chain().hex();
    ChainPulse before = pulses().get(chain);
    ChainPulse now = ChainPulse.of(record.value());
    if (before != null && before.sequence() >= now.sequence()) {
      return;
    }
    if (before != null) {
      List<Sighting> since =
          before.isFarFrom(now) ? saying.of(List.of(before.until(now))) : List.of();
      Saying.differ(before.told(), since, this::forward);
    }
    boolean awaited = before != null && before.awaited();
    if (!awaited && !now.stopped()) {
      await(chain, now);
    }
    pulses().put(chain, now.awaited(awaited || !now.stopped()));
  }

  // One deadline a chain: it moves when it is due and something was heard meanwhile.
  private void await(String chain, ChainPulse pulse) {
    due().set(pulse.last().plus(SessionCoverage.GRACE), chain);
  }

  private void fire(long now) {
    List<Deadlines.Due> all = due().take(now);
    while (!all.isEmpty()) {
      all.forEach(this::fire);
      all = due().take(now);
    }
  }

  private void fire(Deadlines.Due due) {
    ChainPulse pulse = pulses().get(due.what());
    if (pulse == null) {
      return;
    }
    if (pulse.stopped()) {
      pulses().put(due.what(), pulse.awaited(false));
    } else if (due.at().isBefore(pulse.last().plus(SessionCoverage.GRACE))) {
      await(due.what(), pulse);
    } else {
      List<Sighting> told = saying.of(List.of(pulse.untilNow()));
      told.forEach(this::forward);
      pulses().put(due.what(), pulse.awaited(false).telling(told));
    }
  }

  private void forward(Sighting sighting) {
    ProcessorContext<String, Sighting> to = Objects.requireNonNull(context);
    to.forward(new Record<>(sighting.finding(), sighting, Math.max(0, to.currentStreamTimeMs())));
  }

  private KeyValueStore<String, ChainPulse> pulses() {
    return Objects.requireNonNull(pulses);
  }

  private Deadlines due() {
    return Objects.requireNonNull(deadlines);
  }
}
