package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.coverage.Channel;
import dev.custody.coverage.Numbers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which channels told what of one session, and what is missing; docs/completeness.md. */
final class HeardSession {
  /**
   * What a channel told.
   *
   * @param first time of the first event
   * @param last time of the last
   * @param events how many
   */
  record Told(Instant first, Instant last, long events) {
    private Told with(Instant at) {
      return new Told(at.isBefore(first) ? at : first, at.isAfter(last) ? at : last, events + 1);
    }
  }

  /** What is known of a tool call. */
  private static final class Call {
    private final Set<Channel> channels = EnumSet.noneOf(Channel.class);
    private Instant first = Instant.MAX;
    private boolean requested;
    private boolean completed;
    private boolean refused;
  }

  private final String session;
  private final Map<Channel, Told> channels = new EnumMap<>(Channel.class);
  private final Map<String, Call> calls = new LinkedHashMap<>();
  private final Map<String, Numbers> numbers = new TreeMap<>();
  private final Set<String> prompts = new TreeSet<>();
  private final Set<String> submitted = new TreeSet<>();
  private long missedHooks;
  private @Nullable Instant ended;
  private Attribution newest;

  /** Of the session of {@code events}, which are not none, in any order. */
  HeardSession(String session, List<Attribution> events) {
    this.session = session;
    this.newest = events.getFirst();
    events.forEach(this::take);
  }

  private void take(Attribution event) {
    Channel channel = Channel.of(event.source().kind());
    if (channel == null) {
      return;
    }
    if (event.occurredAt().isAfter(newest.occurredAt())) {
      newest = event;
    }
    Instant at = event.occurredAt();
    channels.merge(channel, new Told(at, at, 1), (known, one) -> known.with(at));
    Long number = event.source().sequence();
    if (number != null) {
      numbers.put(
          event.source().kind(),
          numbers.getOrDefault(event.source().kind(), Numbers.NONE).with(number));
    }
    switch (event.kind()) {
      case "PromptSubmitted" -> note(submitted, event.best().prompt());
      case "SessionEnded" -> ended = ended == null || at.isAfter(ended) ? at : ended;
      case "HookMissed" -> missedHooks++;
      case "ToolCallRequested", "ToolCallDecided", "ToolCallCompleted", "ToolCallRefused" ->
          call(event, channel);
      default -> {}
    }
  }

  private static void note(Set<String> set, @Nullable String id) {
    if (id != null) {
      set.add(id);
    }
  }

  private void call(Attribution event, Channel channel) {
    String id = event.best().toolCall();
    if (id == null) {
      return;
    }
    Call call = calls.computeIfAbsent(id, x -> new Call());
    call.channels.add(channel);
    call.first = event.occurredAt().isBefore(call.first) ? event.occurredAt() : call.first;
    call.completed |= event.kind().equals("ToolCallCompleted");
    call.refused |= event.kind().equals("ToolCallRefused");
    if (event.kind().equals("ToolCallRequested")) {
      call.requested = true;
      note(prompts, event.best().prompt());
    }
  }

  String session() {
    return session;
  }

  /** The newest event, which says who and where. */
  Attribution newest() {
    return newest;
  }

  Map<Channel, Told> channels() {
    return channels;
  }

  @Nullable Instant ended() {
    return ended;
  }

  int calls() {
    return calls.size();
  }

  /** How many of the calls {@code channel} told of. */
  long calls(Channel channel) {
    return calls.values().stream().filter(c -> c.channels.contains(channel)).count();
  }

  int prompts() {
    return submitted.size();
  }

  long missedHooks() {
    return missedHooks;
  }

  /** Calls that began and of which no end is known. */
  List<String> open() {
    return where(c -> c.requested && !c.completed && !c.refused);
  }

  /** Calls that ran, of which {@code told} alone told, though {@code silent} had told before. */
  List<String> only(Channel told, Channel silent) {
    Told other = channels.get(silent);
    return where(c ->
        c.completed
            && !c.refused
            && c.channels.contains(told)
            && !c.channels.contains(silent)
            && other != null
            && other.first().isBefore(c.first));
  }

  /** Prompts that calls name and that nothing told of. */
  List<String> unknownPrompts() {
    return prompts.stream().filter(p -> !submitted.contains(p)).toList();
  }

  /** By kind of source, the numbers that it counted and that are not all there. */
  Map<String, Numbers> missingNumbers() {
    Map<String, Numbers> missing = new TreeMap<>(numbers);
    missing.values().removeIf(n -> n.missing() == 0);
    return missing;
  }

  /** Whether nothing is known to be missing. */
  boolean isWhole() {
    return open().isEmpty()
        && only(Channel.HOOKS, Channel.TELEMETRY).isEmpty()
        && only(Channel.TELEMETRY, Channel.HOOKS).isEmpty()
        && unknownPrompts().isEmpty()
        && missingNumbers().isEmpty()
        && missedHooks == 0;
  }

  private List<String> where(java.util.function.Predicate<Call> wanted) {
    List<String> found = new ArrayList<>();
    calls.forEach((id, call) -> {
      if (wanted.test(call)) {
        found.add(id);
      }
    });
    return found;
  }
}
