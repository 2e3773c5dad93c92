package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.coverage.Channel;
import dev.custody.coverage.Counter;
import dev.custody.coverage.Numbers;
import dev.custody.coverage.TwoWitnesses;
import dev.custody.event.Agent;
import java.time.Duration;
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
import java.util.function.Function;
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
    private boolean bothExpected = true;
  }

  /** A session of which nothing was heard for so long has ended, one way or another. */
  static final Duration LONGEST_PAUSE = Duration.ofHours(24);

  /** Agents that have a hook for the start of each session, and one for its end. */
  private static final Set<String> TELL_ENDS = Set.of("claude-code", "codex", "gemini-cli");

  private final String session;
  private final Map<Channel, Told> channels = new EnumMap<>(Channel.class);
  private final Map<String, Call> calls = new LinkedHashMap<>();
  private final Map<String, Numbers> numbers = new TreeMap<>();
  private final Set<String> prompts = new TreeSet<>();
  private final Set<String> submitted = new TreeSet<>();
  private final Set<Instant> settings = new TreeSet<>();
  private final Set<String> runs = new TreeSet<>();
  private long missedHooks;
  private boolean startTold;
  private boolean startMissed;
  private @Nullable Instant ended;
  private Attribution newest;
  private final Instant now;

  /**
   * Of the session of {@code events}, which are not none, in any order.
   *
   * @param numbersOf the numbers of a run of the MCP wrapper, in whatever sessions
   * @param now what time it is
   */
  HeardSession(
      String session, List<Attribution> events, Function<String, Numbers> numbersOf, Instant now) {
    this.session = session;
    this.newest = events.getFirst();
    this.now = now;
    events.forEach(this::take);
    runs.forEach(run -> numbers.put(run, numbersOf.apply(run)));
  }

  private void take(Attribution event) {
    Channel channel = Channel.of(event.source().kind());
    if (channel == null) {
      return;
    }
    if (event.occurredAt().isAfter(newest.occurredAt())) {
      newest = event;
    }
    if (event.kind().equals("HookMissed")) {
      // That a hook was missed is no word of the hook itself.
      missedHooks++;
      startMissed |= "SessionStart".equals(event.source().event());
      return;
    }
    Instant at = event.occurredAt();
    channels.merge(channel, new Told(at, at, 1), (known, one) -> known.with(at));
    count(event);
    switch (event.kind()) {
      case "PromptSubmitted" -> note(submitted, event.best().prompt());
      case "SessionStarted" -> startTold |= channel == Channel.HOOKS;
      case "SessionEnded" -> ended = ended == null || at.isAfter(ended) ? at : ended;
      case "ConfigurationChanged" -> settings.add(at);
      case "ToolCallRequested", "ToolCallDecided", "ToolCallCompleted", "ToolCallRefused" ->
          call(event, channel);
      default -> {}
    }
  }

  private void count(Attribution event) {
    Counter counter = Counter.of(event.source());
    Long number = event.source().sequence();
    if (counter == null || number == null) {
      return;
    }
    if (counter.ofRun()) {
      runs.add(counter.name());
    } else {
      numbers.put(counter.name(), numbers.getOrDefault(counter.name(), Numbers.NONE).with(number));
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
    call.bothExpected &= TwoWitnesses.areExpected(event.best().agent(), event.action());
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
            && c.bothExpected
            && c.channels.contains(told)
            && !c.channels.contains(silent)
            && other != null
            && other.first().isBefore(c.first));
  }

  /** Prompts that calls name and that nothing told of. */
  List<String> unknownPrompts() {
    return prompts.stream().filter(p -> !submitted.contains(p)).toList();
  }

  /** Whether hooks told of it, and none of its start, though its agent has one for that. */
  boolean hasNoStart() {
    return tellsEnds() && !startTold && !startMissed;
  }

  /** Whether hooks told of it, none of its end, and nothing was heard of it for a day. */
  boolean hasNoEnd() {
    return tellsEnds() && ended == null && newest.occurredAt().plus(LONGEST_PAUSE).isBefore(now);
  }

  private boolean tellsEnds() {
    Agent agent = newest.best().agent();
    return agent != null
        && TELL_ENDS.contains(agent.product())
        && channels.containsKey(Channel.HOOKS);
  }

  /** When the agent's settings changed, as it said. */
  List<Instant> settings() {
    return List.copyOf(settings);
  }

  /** By counter, the numbers that it counted and that are not all there. */
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
        && !hasNoStart()
        && !hasNoEnd()
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
