package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Concern;
import dev.custody.attribution.Grade;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts candidates in order: grade, then what the command names, then whether a call ran, then
 * nearness in time; ties by id, so never by arrival.
 */
final class Ranking {
  /** The best and sixteen rivals. */
  static final int MAX_CANDIDATES = 17;

  static final Comparator<Scored> ORDER =
      Comparator.comparing((Scored s) -> s.candidate().grade())
          .thenComparing(Comparator.comparingInt(Scored::mention).reversed())
          .thenComparing(Comparator.comparing(Scored::inside).reversed())
          .thenComparing(Scored::basis)
          .thenComparingLong(Scored::distanceMillis)
          .thenComparing(s -> who(s.candidate()))
          .thenComparing(s -> s.candidate().evidence().toString())
          .thenComparing(s -> text(s.candidate().toolCall()));

  private static final int MAX_REASONS = 8;

  private Ranking() {}

  /**
   * Candidates in order.
   *
   * @param candidates at most {@link #MAX_CANDIDATES}
   * @param more how many more there are
   */
  record Ranked(List<Scored> candidates, int more) {}

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

  // Two calls of one session were possible: the first is the better. Where nothing but some seconds
  // of clocks tells them apart, or minutes and the other's command names more, or the other ran in
  // the background, it is said.
  private static Scored alsoRunning(Scored first, Scored second) {
    Candidate a = first.candidate();
    return a.toolCall() == null
        ? first
        : first.with(a.because(plus(a.reasons(), other(first, second))));
  }

  private static List<String> other(Scored first, Scored second) {
    Candidate b = second.candidate();
    List<String> still = b.reasons().stream().filter(r -> r.endsWith(Scoring.STILL)).toList();
    boolean namesMore = second.mention() > first.mention();
    boolean close = Scoring.isClose(second.mention(), second.distanceMillis());
    boolean apart =
        Math.abs(first.distanceMillis() - second.distanceMillis()) > Scoring.SKEW.toMillis();
    boolean alike = second.mention() == first.mention() && !apart;
    if (!still.isEmpty() || !(alike || (namesMore && close))) {
      return still;
    }
    if (b.toolCall() == null) {
      return b.reasons().stream().filter(r -> r.startsWith(Scoring.NEAR)).toList();
    }
    return b.toolCall().equals(first.candidate().toolCall())
        ? List.of()
        : List.of("tool call " + b.toolCall() + " of the same session fits as well");
  }

  /** {@code reasons} and those of {@code further} that it lacks, as far as there is room. */
  static List<String> plus(List<String> reasons, List<String> further) {
    List<String> all = new ArrayList<>(reasons);
    further.stream()
        .filter(reason -> all.size() < MAX_REASONS && !all.contains(reason))
        .forEach(all::add);
    return all;
  }

  /**
   * A credential that another session has come to know as well may have been used by that one: what
   * the issuer proves is then no more than corroborated, and that where the command agrees; and to
   * whom it was shown is named only where a call ran.
   */
  static List<Scored> withHolders(List<Scored> ofOneToken) {
    long holders =
        ofOneToken.stream()
            .filter(s ->
                s.basis() == Basis.ISSUED || s.basis() == Basis.SHOWN || s.basis() == Basis.NAMED)
            .map(s -> who(s.candidate()))
            .distinct()
            .count();
    return holders < 2
        ? ofOneToken
        : likeOthers(ofOneToken).stream().map(Ranking::amongHolders).toList();
  }

  // Calls of two sessions explain it alike: what agrees does not tell whose it was.
  private static List<Scored> likeOthers(List<Scored> ofOneToken) {
    List<Scored> explaining =
        ofOneToken.stream()
            .filter(s -> s.basis() == Basis.SHOWN && s.inside())
            .filter(s -> s.candidate().grade() == Grade.CORROBORATED)
            .toList();
    int most = explaining.stream().mapToInt(Scored::mention).max().orElse(0);
    boolean alike =
        explaining.stream()
                .filter(s -> s.mention() == most)
                .map(s -> who(s.candidate()))
                .distinct()
                .count()
            > 1;
    return alike
        ? ofOneToken.stream().map(s -> explaining.contains(s) ? alike(s) : s).toList()
        : ofOneToken;
  }

  private static Scored alike(Scored s) {
    Candidate c = s.candidate();
    List<String> also = List.of("a call of another session that knew it fits as well");
    return s.with(c.graded(Grade.INFERRED, plus(c.reasons(), also)));
  }

  private static Scored amongHolders(Scored s) {
    return switch (s.basis()) {
      case ISSUED -> held(s);
      case SHOWN ->
          s.inside() || Scoring.isClose(s.mention(), s.distanceMillis()) ? s : onlyNear(s);
      default -> s;
    };
  }

  // None of those who know it was seen to use it: that one's call was less far is no reason.
  private static Scored onlyNear(Scored s) {
    return s.with(s.candidate().graded(Grade.UNATTRIBUTED, s.candidate().reasons()));
  }

  private static Scored held(Scored s) {
    Candidate c = s.candidate();
    List<Concern> concerns = new ArrayList<>(c.concerns());
    concerns.add(Concern.OTHER_HOLDER);
    Candidate concerned = c.concerned(concerns);
    if (c.grade() != Grade.PROVEN) {
      return s.with(concerned);
    }
    // Whose it is remains proven; that it was not the other one's use, only a command can tell.
    return s.with(
        concerned.graded(
            c.toolCall() == null ? Grade.INFERRED : Grade.CORROBORATED,
            plus(c.reasons(), List.of("another session has come to know it as well"))));
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

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
