package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Puts claims on one event in order: grade, then what the command names, then nearness in time;
 * ties by id, so never by arrival.
 */
final class Ranking {
  /** The best and sixteen rivals. */
  static final int MAX_CANDIDATES = 17;

  static final Comparator<Scored> ORDER =
      Comparator.comparing((Scored s) -> s.candidate().grade())
          .thenComparing(Comparator.comparingInt(Scored::mention).reversed())
          .thenComparingLong(Scored::distanceMillis)
          .thenComparing(s -> who(s.candidate()))
          .thenComparing(s -> s.candidate().evidence().toString())
          .thenComparing(s -> text(s.candidate().toolCall()));

  private static final int RESOURCE_NAMED = 4;
  private static final int OPERATION_NAMED = 2;
  private static final int SERVICE_NAMED = 1;
  private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");

  private Ranking() {}

  /**
   * Candidates in order.
   *
   * @param candidates at most {@link #MAX_CANDIDATES}
   * @param more how many more there are
   */
  record Ranked(List<Scored> candidates, int more) {}

  /**
   * Whether a claim that covers the moment is about this event at all: a token is less than the
   * identifier that it stands for.
   */
  static boolean fits(Claim claim, Attribution event) {
    String reported = claim.reported();
    return reported == null
        || event.identifiers().stream()
            .filter(i -> Token.of(i).equals(claim.token()))
            .anyMatch(i -> agrees(i, reported));
  }

  private static boolean agrees(Identifier identifier, String reported) {
    return switch (identifier.kind()) {
      case GIT_COMMIT -> identifier.value().startsWith(reported);
      case AWS_ROLE_SESSION ->
          reported.indexOf('/') < 0
              || identifier.value().indexOf('/') < 0
              || identifier.value().equals(reported);
      default -> identifier.value().equals(reported);
    };
  }

  static Ranked rank(List<Claim> claims, Attribution event) {
    return best(claims.stream().map(claim -> score(claim, event)).toList());
  }

  /** The best candidate of each session, in order. */
  static Ranked best(List<Scored> scored) {
    Map<String, Scored> bySession = new LinkedHashMap<>();
    scored.stream()
        .sorted(ORDER)
        .forEach(s -> bySession.merge(who(s.candidate()), s, Ranking::alsoRunning));
    List<Scored> ordered = new ArrayList<>(bySession.values());
    int kept = Math.min(ordered.size(), MAX_CANDIDATES);
    return new Ranked(List.copyOf(ordered.subList(0, kept)), ordered.size() - kept);
  }

  // Two calls of one session were possible: the first is the better; where nothing tells them
  // apart, it is said.
  private static Scored alsoRunning(Scored first, Scored second) {
    Candidate a = first.candidate();
    Candidate b = second.candidate();
    if (a.grade() != b.grade()
        || first.mention() != second.mention()
        || first.distanceMillis() != second.distanceMillis()
        || text(a.toolCall()).equals(text(b.toolCall()))) {
      return first;
    }
    List<String> reasons = new ArrayList<>(a.reasons());
    String also = "tool call " + b.toolCall() + " of the same session fits as well";
    if (reasons.size() < 8 && !reasons.contains(also)) {
      reasons.add(also);
    }
    return new Scored(withReasons(a, reasons), first.mention(), first.distanceMillis());
  }

  private static Scored score(Claim claim, Attribution event) {
    long distance = distance(claim, event);
    if (Token.is(claim.token(), IdentifierKind.GIT_COMMIT)) {
      return new Scored(claim.candidate(), 0, distance);
    }
    int mention = 0;
    List<String> named = new ArrayList<>();
    for (String resource : event.resources()) {
      String name = lastPart(resource);
      if (name.length() > 2 && claim.mentions().contains(name) && named.isEmpty()) {
        mention += RESOURCE_NAMED;
        named.add(name);
      }
    }
    String operation = operation(event);
    if (operation.length() > 3 && claim.mentions().contains(operation)) {
      mention += OPERATION_NAMED;
      named.add(operation);
    }
    String service = service(event);
    if (Arrays.asList(NO_WORD.split(claim.mentions(), -1)).contains(service)) {
      mention += SERVICE_NAMED;
      named.add(service);
    }
    List<String> reasons = new ArrayList<>(claim.candidate().reasons());
    if (!named.isEmpty()) {
      reasons.add("its command names " + String.join(", ", named));
    }
    return new Scored(withReasons(claim.candidate(), reasons), mention, distance);
  }

  /** {@code s3} of {@code s3:DeleteBucket}. */
  private static String service(Attribution event) {
    String action = event.action() == null ? "" : event.action();
    return action.substring(0, Math.max(0, action.indexOf(':'))).toLowerCase(Locale.ROOT);
  }

  private static Candidate withReasons(Candidate c, List<String> reasons) {
    return new Candidate(
        c.agent(),
        c.human(),
        c.session(),
        c.prompt(),
        c.toolCall(),
        c.delegation(),
        c.grade(),
        reasons,
        c.evidence(),
        c.project());
  }

  /** {@code s3:DeleteBucket} as command lines write it: {@code delete-bucket}. */
  private static String operation(Attribution event) {
    String action = event.action() == null ? "" : event.action();
    String name = action.substring(action.indexOf(':') + 1);
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String lastPart(String resource) {
    int from = Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':'));
    return resource.substring(from + 1).toLowerCase(Locale.ROOT);
  }

  // Spans are as wide as clouds' whole seconds and clocks' skew demand: within one, nothing is
  // nearer than anything else.
  private static long distance(Claim claim, Attribution event) {
    return Duration.between(claim.start(), claim.end()).compareTo(ClaimProcessor.HORIZON) > 0
            || claim.candidate().toolCall() != null
        ? 0
        : Duration.between(claim.start(), event.occurredAt()).abs().toMillis();
  }

  /** What makes two candidates the same one: the session, or else the delegation or the human. */
  static String who(Candidate c) {
    if (c.session() != null) {
      return "session " + c.session();
    }
    return "delegation "
        + text(c.delegation())
        + " human "
        + (c.human() == null ? "" : c.human().id());
  }

  private static String text(@org.jspecify.annotations.Nullable String value) {
    return value == null ? "" : value;
  }
}
