package dev.custody.correlate;

import dev.custody.attribute.Claim;
import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribute.Token;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.Human;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.wire.RecordFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Follows one session: which identifiers it has come to know, and which tool calls ran when. From
 * both it makes the claims that events of the world are attributed by.
 *
 * <ul>
 *   <li>An identifier shown to the session, and a call that ran after: {@code CORROBORATED} within
 *       the call's span.
 *   <li>The same identifier while no call ran: {@code INFERRED}, until the session ends.
 *   <li>The human's own names, while a call ran that can reach beyond the machine: {@code
 *       INFERRED}.
 *   <li>A commit that a tool reported: {@code CORROBORATED}, whenever it was made; its id cannot be
 *       another's.
 * </ul>
 */
public final class SessionProcessor implements Processor<String, Attribution, String, Claim> {
  /** State store of the sessions. */
  public static final String STORE = "sessions";

  /** Format of the store. */
  public static final RecordFormat<SessionState> STATE =
      RecordFormat.of(SessionState.class, SessionProcessor.class, "session-state.avsc");

  /** Clouds tell whole seconds, and clocks differ by about this much. */
  static final Duration SKEW = Duration.ofSeconds(1);

  private static final Duration WHOLE_SECOND = Duration.ofSeconds(1);
  private static final Duration LONGEST_RUNNING = Duration.ofHours(1);
  private static final int MAX_SHOWN = 16;
  private static final int MAX_CALLS = 512;
  private static final Instant FOR_EVER = Instant.parse("9999-12-31T23:59:59.999Z");
  private static final Set<String> LOCAL_TOOLS =
      Set.of(
          "Read",
          "Write",
          "Edit",
          "MultiEdit",
          "NotebookEdit",
          "Glob",
          "Grep",
          "LS",
          "TodoWrite",
          "TaskCreate",
          "TaskUpdate");

  private @Nullable ProcessorContext<String, Claim> context;
  private @Nullable KeyValueStore<String, SessionState> store;

  @Override
  public void init(ProcessorContext<String, Claim> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, Attribution> record) {
    Attribution event = record.value();
    SessionState before =
        Objects.requireNonNullElseGet(sessions().get(record.key()), SessionState::empty);
    SessionState after = advance(before, event);
    if (!after.equals(before)) {
      sessions().put(record.key(), after);
      Set<Claim> now = new LinkedHashSet<>(claims(record.key(), after));
      List<Claim> then = claims(record.key(), before);
      withdrawMoved(then, now, record.timestamp());
      then.forEach(now::remove);
      now.forEach(claim -> forward(claim, record.timestamp()));
    }
    commits(event).forEach(claim -> forward(claim, record.timestamp()));
  }

  // A claim's start is part of its place in the store: one that moved leaves its old place first.
  private void withdrawMoved(List<Claim> then, Set<Claim> now, long timestamp) {
    for (Claim old : then) {
      boolean stays =
          now.stream().anyMatch(c -> c.id().equals(old.id()) && c.start().equals(old.start()));
      boolean known = now.stream().anyMatch(c -> c.id().equals(old.id()));
      if (known && !stays) {
        forward(
            new Claim(
                old.id(),
                old.token(),
                old.start(),
                old.end(),
                old.observedAt(),
                old.candidate(),
                old.mentions(),
                null,
                true),
            timestamp);
      }
    }
  }

  static SessionState advance(SessionState state, Attribution event) {
    return switch (event.kind()) {
      case "ToolCallRequested" ->
          show(call(state, event, event.occurredAt(), null), event, event.occurredAt());
      case "ToolCallCompleted" -> {
        SessionState called = call(state, event, event.occurredAt(), event.occurredAt());
        yield show(called, event, startOf(called, event));
      }
      case "SessionEnded" -> new SessionState(state.shown(), state.calls(), event.occurredAt());
      case "SessionStarted" -> new SessionState(state.shown(), state.calls(), null);
      default -> state;
    };
  }

  private static SessionState call(
      SessionState state, Attribution event, Instant start, @Nullable Instant end) {
    String id = event.best().toolCall();
    if (id == null) {
      return state;
    }
    List<Call> calls = new ArrayList<>(state.calls());
    Call known = calls.stream().filter(c -> c.id().equals(id)).findFirst().orElse(null);
    Call call;
    if (known == null) {
      boolean reaches =
          event.action() == null
              || !LOCAL_TOOLS.contains(event.action().substring(event.action().indexOf(':') + 1));
      call =
          new Call(id, start, end, event.best(), event.extract().toLowerCase(Locale.ROOT), reaches);
    } else {
      calls.remove(known);
      Instant first = known.start().isBefore(start) ? known.start() : start;
      Instant last = end == null ? known.end() : end;
      // The request tells the command; the result adds nothing that ranks better.
      call = new Call(id, first, last, known.candidate(), known.mentions(), known.reaches());
    }
    calls.add(call);
    if (calls.size() > MAX_CALLS) {
      calls.removeFirst();
    }
    return new SessionState(state.shown(), calls, state.endedAt());
  }

  private static Instant startOf(SessionState state, Attribution event) {
    return state.calls().stream()
        .filter(c -> c.id().equals(event.best().toolCall()))
        .map(Call::start)
        .findFirst()
        .orElse(event.occurredAt());
  }

  private static SessionState show(SessionState state, Attribution event, Instant since) {
    List<Shown> shown = new ArrayList<>(state.shown());
    for (Identifier identifier : event.identifiers()) {
      boolean known = shown.stream().anyMatch(s -> s.identifier().equals(identifier));
      if (!known && isCredential(identifier.kind()) && shown.size() < MAX_SHOWN) {
        shown.add(new Shown(identifier, since, event.best().toolCall(), event.event()));
      }
    }
    return new SessionState(shown, state.calls(), state.endedAt());
  }

  private static boolean isCredential(IdentifierKind kind) {
    return kind == IdentifierKind.AWS_ACCESS_KEY_ID
        || kind == IdentifierKind.AWS_ROLE_SESSION
        || kind == IdentifierKind.AWS_SOURCE_IDENTITY;
  }

  static List<Claim> claims(String session, SessionState state) {
    List<Claim> claims = new ArrayList<>();
    for (Shown shown : state.shown()) {
      Candidate shower = shower(state, shown);
      if (shower != null) {
        claims.add(idle(session, state, shown, shower));
      }
      for (Call call : state.calls()) {
        if (call.end() == null || !call.end().isBefore(shown.since())) {
          claims.add(during(session, shown, call));
        }
      }
    }
    for (Call call : state.calls()) {
      if (call.reaches()) {
        names(call.candidate().human()).forEach(name -> claims.add(asHuman(session, name, call)));
      }
    }
    return claims;
  }

  private static @Nullable Candidate shower(SessionState state, Shown shown) {
    return state.calls().stream()
        .filter(c -> c.id().equals(shown.toolCall()))
        .map(Call::candidate)
        .findFirst()
        .orElse(null);
  }

  private static Claim during(String session, Shown shown, Call call) {
    String token = Token.of(shown.identifier());
    boolean itself = call.id().equals(shown.toolCall());
    List<String> reasons =
        List.of(
            shown.identifier().value()
                + " was shown to the session by tool call "
                + shown.toolCall(),
            itself
                ? "the time lies within that call"
                : "the time lies within tool call " + call.id());
    Candidate c = graded(call.candidate(), call.id(), Grade.CORROBORATED, reasons, shown);
    return new Claim(
        session + "|" + call.id() + "|" + token,
        token,
        startOf(call),
        endOf(call),
        call.start(),
        c,
        call.mentions(),
        null,
        false);
  }

  private static Claim idle(String session, SessionState state, Shown shown, Candidate shower) {
    String token = Token.of(shown.identifier());
    Instant end =
        state.endedAt() == null ? shown.since().plus(ClaimProcessor.HORIZON) : state.endedAt();
    List<String> reasons =
        List.of(
            shown.identifier().value()
                + " was shown to the session by tool call "
                + shown.toolCall(),
            "no tool call of the session ran at that time");
    Candidate c = graded(shower, null, Grade.INFERRED, reasons, shown);
    return new Claim(
        session + "||" + token,
        token,
        shown.since().minus(WHOLE_SECOND),
        end.plus(SKEW),
        shown.since(),
        c,
        "",
        null,
        false);
  }

  private static Claim asHuman(String session, String name, Call call) {
    String token = Token.of(new Identifier(IdentifierKind.PRINCIPAL, name));
    List<String> reasons =
        List.of(
            "the principal is named like the human", "the time lies within tool call " + call.id());
    Candidate c = graded(call.candidate(), call.id(), Grade.INFERRED, reasons, null);
    return new Claim(
        session + "|" + call.id() + "|" + token,
        token,
        startOf(call),
        endOf(call),
        call.start(),
        c,
        call.mentions(),
        null,
        false);
  }

  private static Instant startOf(Call call) {
    return call.start().minus(SKEW).minus(WHOLE_SECOND);
  }

  private static Instant endOf(Call call) {
    return (call.end() == null ? call.start().plus(LONGEST_RUNNING) : call.end()).plus(SKEW);
  }

  private static List<String> names(@Nullable Human human) {
    Set<String> names = new LinkedHashSet<>();
    if (human != null) {
      for (String name : new String[] {human.gitEmail(), human.osUser()}) {
        if (name != null && !name.isBlank() && !name.equals("root")) {
          names.add(name);
          names.add(name.substring(0, name.indexOf('@') < 0 ? name.length() : name.indexOf('@')));
        }
      }
    }
    return names.stream().filter(n -> n.length() > 1).toList();
  }

  private static List<Claim> commits(Attribution event) {
    if (!event.kind().equals("ToolCallCompleted")) {
      return List.of();
    }
    return event.identifiers().stream()
        .filter(i -> i.kind() == IdentifierKind.GIT_COMMIT && i.value().length() >= 7)
        .map(i -> commit(event, i))
        .toList();
  }

  private static Claim commit(Attribution event, Identifier commit) {
    String token = Token.of(commit);
    List<String> reasons =
        List.of(
            "tool call " + event.best().toolCall() + " reported commit " + commit.value(),
            "the repository holds it under that id");
    Candidate c = graded(event.best(), event.best().toolCall(), Grade.CORROBORATED, reasons, null);
    return new Claim(
        event.best().session() + "|" + event.best().toolCall() + "|" + token,
        token,
        Instant.EPOCH,
        FOR_EVER,
        event.observedAt(),
        c,
        event.extract().toLowerCase(Locale.ROOT),
        commit.value(),
        false);
  }

  private static Candidate graded(
      Candidate who,
      @Nullable String toolCall,
      Grade grade,
      List<String> reasons,
      @Nullable Shown shown) {
    List<dev.custody.event.EventId> evidence = new ArrayList<>(who.evidence());
    if (shown != null && !evidence.contains(shown.event())) {
      evidence.add(shown.event());
    }
    return new Candidate(
        who.agent(),
        who.human(),
        who.session(),
        who.prompt(),
        toolCall,
        who.delegation(),
        grade,
        reasons,
        evidence,
        who.project());
  }

  private void forward(Claim claim, long timestamp) {
    Objects.requireNonNull(context).forward(new Record<>(claim.token(), claim, timestamp));
  }

  private KeyValueStore<String, SessionState> sessions() {
    return Objects.requireNonNull(store);
  }
}
