package dev.custody.correlate;

import dev.custody.attribute.Basis;
import dev.custody.attribute.Claim;
import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribute.Token;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Concern;
import dev.custody.attribution.Grade;
import dev.custody.event.Agent;
import dev.custody.event.EventId;
import dev.custody.event.GitAiSession;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
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
 * The claims that a session makes on what happens away from it: for each identifier that it knows,
 * its tag, its human's names, its work tree and its machine's user, one for each tool call that can
 * reach beyond the machine; and for credentials and the tag also while no call ran. What a claim is
 * worth is decided where it meets an event.
 */
final class SessionClaims {
  /** How far beyond a call its claims reach: clocks may be wrong by minutes. */
  static final Duration NEAR = Duration.ofMinutes(5);

  /** A call of which no end is known is believed to run for this long. */
  private static final Duration LONGEST_RUNNING = Duration.ofHours(1);

  /** How long it is remembered that an identifier was shown: it says nothing of who used it. */
  private static final Duration REMEMBERED = Duration.ofDays(1);

  /** How long the use of what has ended is looked out for. */
  private static final Duration AFTERWARDS = Duration.ofDays(1);

  /** Clouds tell whole seconds, rounded down. */
  private static final Duration WHOLE_SECOND = Duration.ofSeconds(1);

  private static final Instant FOR_EVER = Instant.parse("9999-12-31T23:59:59.999Z");

  /** Products, and what git-ai calls them. */
  private static final Map<String, String> NOTED =
      Map.of(
          "claude-code",
          GitAiSession.CLAUDE_CODE,
          "codex",
          "codex",
          "gemini-cli",
          "gemini",
          "opencode",
          "opencode",
          "cursor",
          "cursor");

  private static final Set<String> SPEAKING = Set.of("SessionStarted", "PromptSubmitted");

  private final String session;

  SessionClaims(String session) {
    this.session = session;
  }

  /**
   * What is claimed once one call, or what the session knows, has changed, and what is claimed no
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
    List<Call> callsBefore = new ArrayList<>(calls);
    callsBefore.remove(now);
    callsBefore.addAll(listOf(changed));
    boolean anew =
        !Objects.equals(before.over(), after.over())
            || !Objects.equals(before.tag(), after.tag())
            || !Objects.equals(before.user(), after.user());
    Collected then = new Collected(before);
    Collected claims = new Collected(after);
    List<Known> knownBefore = before.known();
    List<Known> knownAfter = after.known();
    knownBefore.forEach(known -> {
      boolean stays = !anew && knownAfter.contains(known);
      then.add(known, stays ? listOf(changed) : callsBefore, !stays || isOf(known, now));
    });
    knownAfter.forEach(known -> {
      boolean stayed = !anew && knownBefore.contains(known);
      claims.add(known, stayed ? listOf(now) : calls, !stayed || isOf(known, now));
    });
    boolean moved =
        !Objects.equals(before.tag(), after.tag()) || !Objects.equals(before.user(), after.user());
    (moved ? callsBefore : listOf(changed)).forEach(then::addPlaces);
    (moved ? calls : listOf(now)).forEach(claims::addPlaces);
    return difference(then.claims, claims.claims);
  }

  private static boolean isOf(Known known, @Nullable Call call) {
    return call != null && call.id().equals(known.toolCall());
  }

  private static List<Call> listOf(@Nullable Call call) {
    return call == null ? List.of() : List.of(call);
  }

  // A claim's start and length are part of its place in the store: one that moved leaves its old
  // place first.
  private static List<Claim> difference(Map<String, Claim> then, Map<String, Claim> now) {
    List<Claim> told = new ArrayList<>();
    then.forEach((place, claim) -> {
      if (!now.containsKey(place)) {
        told.add(claim.takenBack());
      }
    });
    now.forEach((place, claim) -> {
      if (!claim.equals(then.get(place))) {
        told.add(claim);
      }
    });
    return told;
  }

  /** The claims of a session in one state. */
  private final class Collected {
    private final SessionState state;
    private final Map<String, Claim> claims = new LinkedHashMap<>();

    Collected(SessionState state) {
      this.state = state;
    }

    void add(Known known, List<Call> calls, boolean alsoIdle) {
      calls.stream()
          .filter(Call::reaches)
          .filter(call -> call.end() == null || !call.end().isBefore(known.since()))
          .forEach(call -> put(during(known, call)));
      if (known.basis() == Basis.SHOWN) {
        named(known, calls);
      }
      if (alsoIdle) {
        idle(known, calls);
      }
    }

    /** Calls whose commands named it before it was shown: the prompt, or a file, had told it. */
    private void named(Known known, List<Call> calls) {
      for (Call call : calls) {
        Instant end = call.end();
        Shown told = call.shown(known.identifier());
        if (call.reaches() && end != null && end.isBefore(known.since()) && told != null) {
          put(during(Known.of(told), call));
        }
      }
    }

    /** The human's own names, the work tree, and the machine's user. */
    void addPlaces(Call call) {
      if (!call.reaches()) {
        return;
      }
      for (String name : names(call)) {
        put(
            place(
                call,
                Basis.PRINCIPAL,
                Token.of(new Identifier(IdentifierKind.PRINCIPAL, name)),
                "the principal is named like the human"));
      }
      String repository = call.repository();
      if (repository != null && !repository.equals(Call.NO_OTHER)) {
        put(
            place(
                call,
                Basis.REPOSITORY,
                Token.of(new Identifier(IdentifierKind.REPOSITORY, repository)),
                "the session works in that repository"));
      }
      if (state.user() != null) {
        put(
            place(
                call, Basis.SAME_USER, state.user(), "the session runs as the holder's own user"));
      }
    }

    private void put(Claim claim) {
      claims.put(claim.placeText(), claim);
    }

    private Claim during(Known known, Call call) {
      boolean itself = call.id().equals(known.toolCall());
      List<String> reasons =
          List.of(
              known.because(),
              itself
                  ? "the time lies within that call"
                  : "the time lies within tool call " + call.id());
      Candidate who =
          holder(call.candidate().during(call.id()), known).graded(known.most(), reasons);
      return bound(
          call, known.basis(), Token.of(known.identifier()), who, reported(known), known.address());
    }

    private Claim place(Call call, Basis basis, String token, String because) {
      List<String> reasons = List.of(because, "the time lies within tool call " + call.id());
      Candidate who =
          call.candidate().during(call.id()).graded(Grade.INFERRED, reasons).concerned(List.of());
      return bound(call, basis, token, who, null, null);
    }

    private Claim bound(
        Call call,
        Basis basis,
        String token,
        Candidate who,
        @Nullable String reported,
        @Nullable String address) {
      Instant end = call.end() == null ? call.start().plus(LONGEST_RUNNING) : call.end();
      return new Claim(
          id(call.id(), token, basis),
          token,
          call.start().minus(NEAR),
          end.plus(NEAR),
          call.start(),
          call.end(),
          call.start(),
          basis,
          who,
          call.mentions(),
          reported,
          address,
          state.tag(),
          basis == Basis.ISSUED ? state.user() : null,
          false);
    }

    /** While no call ran; a name that was typed, and the human's own, say nothing then. */
    private void idle(Known known, List<Call> calls) {
      Candidate any = known.who() == null ? shower(known, calls) : known.who();
      if (any == null || known.basis() == Basis.NAMED) {
        return;
      }
      Instant over = state.over();
      if (known.basis() != Basis.ISSUED) {
        Instant end =
            known.since().plus(known.basis() == Basis.SHOWN ? REMEMBERED : ClaimProcessor.HORIZON);
        put(
            span(
                known,
                any,
                "idle",
                known.since().minus(WHOLE_SECOND),
                earliest(end, over),
                List.of()));
        return;
      }
      Instant until =
          known.until() == null ? known.since().plus(ClaimProcessor.HORIZON) : known.until();
      Instant live = earliest(earliest(until, over), known.revokedAt());
      put(span(known, any, "idle", known.since().minus(NEAR), live, List.of()));
      afterwards(known, any, over, until);
    }

    private void afterwards(Known known, Candidate any, @Nullable Instant over, Instant until) {
      Instant revoked = known.revokedAt();
      if (revoked != null && revoked.isBefore(until)) {
        put(
            span(
                known,
                any,
                "revoked",
                revoked,
                until.plus(AFTERWARDS),
                List.of(Concern.AFTER_REVOCATION)));
        return;
      }
      if (over != null && over.isBefore(until)) {
        put(span(known, any, "ended", over, until, List.of(Concern.AFTER_SESSION_END)));
      }
      if (known.until() != null) {
        put(
            span(
                known,
                any,
                "expired",
                until,
                until.plus(AFTERWARDS),
                List.of(Concern.AFTER_EXPIRY)));
      }
    }

    private Claim span(
        Known known,
        Candidate any,
        String when,
        Instant start,
        Instant end,
        List<Concern> concerns) {
      String token = Token.of(known.identifier());
      List<String> reasons = List.of(known.because(), said(when));
      Candidate who =
          holder(any.during(null), known).graded(known.most(), reasons).concerned(concerns);
      return new Claim(
          id("", token, known.basis()) + "|" + when,
          token,
          start,
          end.isBefore(start) ? start : end,
          null,
          null,
          known.since(),
          known.basis(),
          who,
          "",
          reported(known),
          known.address(),
          state.tag(),
          known.basis() == Basis.ISSUED ? state.user() : null,
          false);
    }
  }

  private static String said(String when) {
    return switch (when) {
      case "revoked" -> "it had been revoked";
      case "ended" -> "the session had ended";
      case "expired" -> "it had expired";
      default -> "no tool call of the session ran at that time";
    };
  }

  private static @Nullable Candidate shower(Known known, List<Call> calls) {
    return calls.stream()
        .filter(call -> call.id().equals(known.toolCall()))
        .map(Call::candidate)
        .findFirst()
        .orElse(null);
  }

  private static Instant earliest(Instant one, @Nullable Instant other) {
    return other != null && other.isBefore(one) ? other : one;
  }

  private static @Nullable String reported(Known known) {
    return known.identifier().value();
  }

  private static Candidate holder(Candidate session, Known known) {
    Candidate who = session.concerned(List.of());
    List<EventId> evidence = new ArrayList<>(who.evidence());
    known.events().stream().filter(e -> !evidence.contains(e)).forEach(evidence::add);
    return known.delegation() == null
        ? who.shownBy(evidence)
        : signed(who.shownBy(evidence), known).under(known.delegation());
  }

  /** For whom the broker says that it issued, where that is whom the session's own work names. */
  private static Candidate signed(Candidate who, Known known) {
    Human own = who.human();
    Candidate issuedTo = known.who();
    Human issuedFor = issuedTo == null ? null : issuedTo.human();
    return own != null
            && issuedFor != null
            && issuedFor.basis() == HumanBasis.SIGNED_DELEGATION
            && issuedFor.id().equals(own.id())
            && !own.isContradicted()
        ? who.actingFor(issuedFor)
        : who;
  }

  /** The claims on the commits that a finished tool call reported. */
  static List<Claim> commits(Attribution event, @Nullable Call call) {
    if (!event.kind().equals("ToolCallCompleted") || event.best().session() == null) {
      return List.of();
    }
    SessionClaims claims = new SessionClaims(event.best().session());
    return event.identifiers().stream()
        .filter(
            i -> i.kind() == IdentifierKind.GIT_COMMIT && i.value().length() >= Token.COMMIT_PREFIX)
        .map(commit -> claims.commit(event, call, commit))
        .toList();
  }

  /**
   * The claim on the name that git-ai's notes give the session, from each of its starts and prompts
   * on: no more than one a prompt, and it needs nothing else to be known.
   */
  static List<Claim> ofNotes(Attribution event) {
    Agent agent = event.best().agent();
    String session = event.best().session();
    String tool = agent == null ? null : NOTED.get(agent.product());
    if (tool == null || session == null || !SPEAKING.contains(event.kind())) {
      return List.of();
    }
    String token = Token.of(GitAiSession.of(tool, session));
    Candidate who =
        event
            .best()
            .graded(
                Grade.INFERRED,
                List.of("a note of git-ai's names the session: whoever can write there can do so"));
    return List.of(
        new Claim(
            new SessionClaims(session).id("#" + event.event(), token, Basis.TAGGED),
            token,
            event.occurredAt().minus(NEAR),
            event.occurredAt().plus(ClaimProcessor.HORIZON),
            null,
            null,
            event.observedAt(),
            Basis.TAGGED,
            who,
            "",
            null,
            null,
            null,
            null,
            false));
  }

  private Claim commit(Attribution event, @Nullable Call call, Identifier commit) {
    String token = Token.of(commit);
    String id = event.best().toolCall();
    List<String> reasons =
        List.of(
            "tool call " + id + " reported commit " + commit.value(),
            "the repository holds it under that id");
    Instant end = event.occurredAt();
    return new Claim(
        // Each witness of the call reports for itself, one of them perhaps the whole id.
        id(id + "#" + event.event(), token, Basis.COMMIT),
        token,
        Instant.EPOCH,
        FOR_EVER,
        call == null ? end : call.start(),
        end,
        event.observedAt(),
        Basis.COMMIT,
        event.best().graded(Grade.CORROBORATED, reasons),
        "",
        commit.value(),
        null,
        null,
        null,
        false);
  }

  private String id(String call, String token, Basis basis) {
    return session + "|" + call + "|" + token + "|" + basis;
  }

  /** What a cloud may call the human that a call was made for. */
  private static Set<String> names(Call call) {
    Human human = call.candidate().human();
    Set<String> names = new LinkedHashSet<>();
    if (human != null) {
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
}
