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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims that a session makes on what happens away from it.
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
   * What is claimed after a change, and what is claimed no longer, in the order in which it has to
   * be told.
   */
  List<Claim> between(SessionState before, SessionState after) {
    List<Claim> claims = new ArrayList<>();
    Set<Call> unchanged = new HashSet<>(before.calls());
    Set<Shown> known = new HashSet<>(before.shown());
    boolean ended = !Objects.equals(before.endedAt(), after.endedAt());
    for (Call call : after.calls()) {
      if (!unchanged.contains(call)) {
        before
            .call(call.id())
            .filter(old -> !old.start().equals(call.start()))
            .ifPresent(old -> withdraw(before, old, claims));
        names(call).forEach(name -> claims.add(asHuman(name, call)));
      }
    }
    for (Shown shown : after.shown()) {
      boolean fresh = !known.contains(shown);
      if (fresh || ended) {
        after.call(shown.toolCall()).ifPresent(shower -> claims.add(idle(after, shown, shower)));
      }
      after.calls().stream()
          .filter(call -> fresh || !unchanged.contains(call))
          .filter(call -> covers(shown, call))
          .forEach(call -> claims.add(during(shown, call)));
    }
    return claims;
  }

  // A claim's start is part of its place in the store: one that moved leaves its old place first.
  private void withdraw(SessionState before, Call old, List<Claim> claims) {
    names(old).forEach(name -> claims.add(withdrawn(asHuman(name, old))));
    before.shown().stream()
        .filter(shown -> covers(shown, old))
        .forEach(shown -> claims.add(withdrawn(during(shown, old))));
  }

  private static boolean covers(Shown shown, Call call) {
    return call.end() == null || !call.end().isBefore(shown.since());
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
    Candidate who = graded(call.candidate(), call.id(), Grade.CORROBORATED, reasons, shown);
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
    Instant end =
        state.endedAt() == null
            ? shown.since().plus(ClaimProcessor.HORIZON)
            : state.endedAt().plus(SKEW);
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
    return shown.identifier().value()
        + " was shown to the session by tool call "
        + shown.toolCall();
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
