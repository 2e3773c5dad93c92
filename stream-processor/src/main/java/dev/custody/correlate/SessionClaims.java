package dev.custody.correlate;

import dev.custody.attribute.Claim;
import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribute.Token;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.EventId;
import dev.custody.event.Human;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims that a session makes on what happens away from it.
 *
 * <ul>
 *   <li>An identifier shown to the session, and a call that ran after: {@code CORROBORATED} within
 *       the call's span.
 *   <li>An identifier that only a command named: {@code INFERRED}; whoever can type can name it.
 *   <li>A shown identifier while no call ran: {@code INFERRED}, until the session ends.
 *   <li>The human's own names, while a call ran that can reach beyond the machine: {@code
 *       INFERRED}.
 *   <li>A commit that a tool reported: {@code CORROBORATED}, whenever it was made; its id cannot be
 *       another's.
 * </ul>
 */
final class SessionClaims {
  /** Clouds tell whole seconds, rounded down. */
  private static final Duration WHOLE_SECOND = Duration.ofSeconds(1);

  /** Clocks differ by about this much. */
  private static final Duration SKEW = Duration.ofSeconds(1);

  /** A call of which no end is known is believed to run for this long. */
  private static final Duration LONGEST_RUNNING = Duration.ofHours(1);

  private static final Instant FOR_EVER = Instant.parse("9999-12-31T23:59:59.999Z");

  private final String session;

  SessionClaims(String session) {
    this.session = session;
  }

  /**
   * What is claimed once one call, or the end of the session, has changed, and what is claimed no
   * longer.
   *
   * @param calls all calls after the change; none are needed when the session's state is the same
   * @param changed the call that changed as it was before, null when there was none
   * @param now the same call after the change, null when no call changed
   */
  List<Claim> between(
      SessionState before,
      SessionState after,
      List<Call> calls,
      @Nullable Call changed,
      @Nullable Call now) {
    Map<String, Claim> then = new LinkedHashMap<>();
    Map<String, Claim> claims = new LinkedHashMap<>();
    boolean over = !Objects.equals(before.over(), after.over());
    List<Call> callsBefore = new ArrayList<>(calls);
    callsBefore.remove(now);
    callsBefore.addAll(listOf(changed));
    for (Shown shown : before.shown()) {
      if (!over && after.shown().contains(shown)) {
        // Nothing but the one call can make a difference.
        during(shown, listOf(changed), then);
        during(shown, listOf(now), claims);
      } else {
        during(shown, callsBefore, then);
        idle(before, shown, callsBefore, then);
      }
    }
    for (Shown shown : after.shown()) {
      if (over || !before.shown().contains(shown)) {
        during(shown, calls, claims);
        idle(after, shown, calls, claims);
      }
    }
    listOf(changed).forEach(call -> names(call).forEach(name -> put(then, asHuman(name, call))));
    listOf(now).forEach(call -> names(call).forEach(name -> put(claims, asHuman(name, call))));
    return difference(then, claims);
  }

  private static List<Call> listOf(@Nullable Call call) {
    return call == null ? List.of() : List.of(call);
  }

  private void during(Shown shown, List<Call> calls, Map<String, Claim> to) {
    calls.stream()
        .filter(call -> call.end() == null || !call.end().isBefore(shown.since()))
        .forEach(call -> put(to, during(shown, call)));
  }

  private void idle(SessionState state, Shown shown, List<Call> calls, Map<String, Claim> to) {
    if (shown.inResult()) {
      calls.stream()
          .filter(call -> call.id().equals(shown.toolCall()))
          .forEach(shower -> put(to, idle(state, shown, shower)));
    }
  }

  private static void put(Map<String, Claim> to, Claim claim) {
    to.put(claim.id() + " " + claim.start(), claim);
  }

  // A claim's start is part of its place in the store: one that moved leaves its old place first.
  private static List<Claim> difference(Map<String, Claim> then, Map<String, Claim> now) {
    List<Claim> told = new ArrayList<>();
    then.forEach((place, claim) -> {
      if (!now.containsKey(place)) {
        told.add(withdrawn(claim));
      }
    });
    now.forEach((place, claim) -> {
      if (!claim.equals(then.get(place))) {
        told.add(claim);
      }
    });
    return told;
  }

  private static Claim withdrawn(Claim c) {
    return new Claim(
        c.id(),
        c.token(),
        c.start(),
        c.end(),
        c.observedAt(),
        c.candidate(),
        c.mentions(),
        c.reported(),
        true);
  }

  private Claim during(Shown shown, Call call) {
    boolean itself = call.id().equals(shown.toolCall());
    List<String> reasons =
        List.of(
            wasShown(shown),
            itself
                ? "the time lies within that call"
                : "the time lies within tool call " + call.id());
    Grade grade = shown.inResult() ? Grade.CORROBORATED : Grade.INFERRED;
    Candidate who = graded(call.candidate(), call.id(), grade, reasons, shown);
    return within(call, Token.of(shown.identifier()), who, shown.identifier().value());
  }

  private Claim asHuman(String name, Call call) {
    List<String> reasons =
        List.of(
            "the principal is named like the human", "the time lies within tool call " + call.id());
    Candidate who = graded(call.candidate(), call.id(), Grade.INFERRED, reasons, null);
    return within(call, Token.of(new Identifier(IdentifierKind.PRINCIPAL, name)), who, null);
  }

  private Claim within(Call call, String token, Candidate who, @Nullable String reported) {
    Instant end = call.end() == null ? call.start().plus(LONGEST_RUNNING) : call.end();
    return new Claim(
        id(call.id(), token),
        token,
        call.start().minus(SKEW).minus(WHOLE_SECOND),
        end.plus(SKEW),
        call.start(),
        who,
        call.mentions(),
        reported,
        false);
  }

  private Claim idle(SessionState state, Shown shown, Call shower) {
    String token = Token.of(shown.identifier());
    Instant over = state.over();
    Instant end = over == null ? shown.since().plus(ClaimProcessor.HORIZON) : over.plus(SKEW);
    List<String> reasons = List.of(wasShown(shown), "no tool call of the session ran at that time");
    Candidate who = graded(shower.candidate(), null, Grade.INFERRED, reasons, shown);
    return new Claim(
        id("", token),
        token,
        shown.since().minus(WHOLE_SECOND),
        end,
        shown.since(),
        who,
        "",
        shown.identifier().value(),
        false);
  }

  /** The claims on the commits that a finished tool call reported. */
  static List<Claim> commits(Attribution event) {
    if (!event.kind().equals("ToolCallCompleted") || event.best().session() == null) {
      return List.of();
    }
    SessionClaims claims = new SessionClaims(event.best().session());
    return event.identifiers().stream()
        .filter(
            i -> i.kind() == IdentifierKind.GIT_COMMIT && i.value().length() >= Token.COMMIT_PREFIX)
        .map(commit -> claims.commit(event, commit))
        .toList();
  }

  private Claim commit(Attribution event, Identifier commit) {
    String token = Token.of(commit);
    String call = event.best().toolCall();
    List<String> reasons =
        List.of(
            "tool call " + call + " reported commit " + commit.value(),
            "the repository holds it under that id");
    Candidate who = graded(event.best(), call, Grade.CORROBORATED, reasons, null);
    return new Claim(
        id(String.valueOf(call), token),
        token,
        Instant.EPOCH,
        FOR_EVER,
        event.observedAt(),
        who,
        "",
        commit.value(),
        false);
  }

  private String id(String call, String token) {
    return session + "|" + call + "|" + token;
  }

  private static String wasShown(Shown shown) {
    String how = shown.inResult() ? " was shown to the session by" : " was named in the command of";
    return shown.identifier().value() + how + " tool call " + shown.toolCall();
  }

  /**
   * What a cloud may call the human that a call was made for; nothing for a call that stays on the
   * machine.
   */
  private static Set<String> names(Call call) {
    Human human = call.candidate().human();
    Set<String> names = new LinkedHashSet<>();
    if (human != null && call.reaches()) {
      for (String name : new String[] {human.gitEmail(), human.osUser()}) {
        // root is everybody's name.
        if (name != null && !name.equals("root")) {
          int at = name.indexOf('@');
          names.add(name);
          names.add(at < 0 ? name : name.substring(0, at));
        }
      }
    }
    names.removeIf(name -> name.length() < 2);
    return names;
  }

  private static Candidate graded(
      Candidate who,
      @Nullable String toolCall,
      Grade grade,
      List<String> reasons,
      @Nullable Shown shown) {
    List<EventId> evidence = new ArrayList<>(who.evidence());
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
}
