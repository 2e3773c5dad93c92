package dev.custody.accuracy.measure;

import dev.custody.accuracy.measure.Judged.Verdict;
import dev.custody.accuracy.play.Answers;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Link;
import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Grade;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;

/** All acts, judged; and what is counted of them. */
public final class Measurement {
  private final List<Judged> all;

  private Measurement(List<Judged> all) {
    this.all = List.copyOf(all);
  }

  /** Judges the answers to {@code acts}. */
  public static Measurement of(List<Truth> acts, Answers answers) {
    List<Judged> all = new ArrayList<>();
    for (Truth act : acts) {
      all.add(Judged.of(act, answers.to(act)));
    }
    all.addAll(CredentialUses.of(all));
    return new Measurement(all);
  }

  /** The same acts, each with who did another: what is right of these answers is so by chance. */
  public static List<Truth> withLabelsShuffled(List<Truth> acts, long seed) {
    List<Actor> actors = new ArrayList<>(acts.stream().map(Truth::actor).toList());
    Collections.shuffle(actors, new Random(seed));
    List<Truth> shuffled = new ArrayList<>();
    for (int i = 0; i < acts.size(); i++) {
      Truth a = acts.get(i);
      shuffled.add(
          new Truth(
              a.kind(),
              a.key(),
              a.at(),
              actors.get(i),
              a.link(),
              a.scenario(),
              a.words(),
              a.credential()));
    }
    return shuffled;
  }

  /** Every act. */
  public List<Judged> all() {
    return all;
  }

  /** The acts for which {@code which} holds. */
  public List<Judged> where(Predicate<Judged> which) {
    return all.stream().filter(which).toList();
  }

  /** Of what was said with {@code grade}, the share that is right; 1 when nothing was. */
  public double precision(Grade grade) {
    return precision(said(grade), false);
  }

  /** The same, where the right session is enough, whichever call is named. */
  public double sessionPrecision(Grade grade) {
    return precision(said(grade), true);
  }

  private List<Judged> said(Grade grade) {
    return where(j -> j.named() && j.grade() == grade);
  }

  /**
   * The share of {@code named} that is right.
   *
   * @param sessionOnly whether the right session is enough, whichever call is named
   */
  static double precision(List<Judged> named, boolean sessionOnly) {
    return share(
        named,
        j -> j.verdict() == Verdict.RIGHT || (sessionOnly && j.verdict() == Verdict.OTHER_CALL));
  }

  /** Of acts of agents to which some source leads, the share whose session is named. */
  public double recallWhereLinked() {
    return recall(where(j -> j.truth().link().links()));
  }

  /** Of acts of agents with {@code link}, the share whose session is named. */
  public double recall(Link link) {
    return recall(where(j -> j.truth().link() == link));
  }

  /** Of acts of agents to whose session alone some source leads, the share that it is named for. */
  public double recallToOne() {
    return recall(where(j -> j.truth().link().toOne()));
  }

  /** Of acts of agents that lead to several sessions, the share whose own is named or shown. */
  public double shownToSeveral() {
    return shown(where(j -> j.truth().link().links() && !j.truth().link().toOne()));
  }

  /** Of acts of agents to which some source leads, the share whose session is named or shown. */
  public double shownWhereLinked() {
    return shown(where(j -> j.truth().link().links()));
  }

  static double shown(List<Judged> judged) {
    return share(
        judged.stream().filter(j -> j.truth().actor() instanceof Actor.AgentCall).toList(),
        j ->
            j.verdict() == Verdict.RIGHT || j.verdict() == Verdict.OTHER_CALL || j.isAmongRivals());
  }

  private static double recall(List<Judged> judged) {
    List<Judged> byAgents =
        judged.stream().filter(j -> j.truth().actor() instanceof Actor.AgentCall).toList();
    return precision(byAgents, true);
  }

  /** Of acts of agents, the share to which nothing leads, not even principal and time. */
  public double unattributableShare() {
    List<Judged> byAgents =
        where(j -> j.truth().actor() instanceof Actor.AgentCall && isOfTheWorld(j));
    return share(byAgents, j -> j.truth().link() == Link.NONE);
  }

  /** Whether it happened away from the agent. */
  static boolean isOfTheWorld(Judged judged) {
    return judged.truth().kind() == Truth.Kind.CLOUD_CALL
        || judged.truth().kind() == Truth.Kind.COMMIT;
  }

  /** Those in which somebody who did not do it is named surely and alone. */
  public List<Judged> accusations() {
    return where(Judged::accusesTheInnocent);
  }

  /** Wrong answers by cause, the most frequent first. */
  public Map<String, List<Judged>> wrongByCause() {
    return byCause(
        where(j -> j.verdict() == Verdict.WRONG || j.verdict() == Verdict.OTHER_CALL),
        j -> j.grade() + " " + j.verdict() + " " + j.truth().scenario());
  }

  /** Acts of agents that nobody is named for although a source links them, by cause. */
  public Map<String, List<Judged>> missedByCause() {
    return byCause(
        where(j ->
            j.verdict() == Verdict.SILENT
                && j.truth().link().links()
                && j.truth().actor() instanceof Actor.AgentCall
                && isOfTheWorld(j)),
        j -> j.truth().link() + " " + j.truth().scenario());
  }

  private static Map<String, List<Judged>> byCause(
      List<Judged> judged, Function<Judged, String> cause) {
    Map<String, List<Judged>> causes = new LinkedHashMap<>();
    judged.forEach(j -> causes.computeIfAbsent(cause.apply(j), c -> new ArrayList<>()).add(j));
    Map<String, List<Judged>> sorted = new LinkedHashMap<>();
    causes.entrySet().stream()
        .sorted((a, b) -> Integer.compare(b.getValue().size(), a.getValue().size()))
        .forEach(e -> sorted.put(e.getKey(), e.getValue()));
    return sorted;
  }

  private static double share(List<Judged> of, Predicate<Judged> which) {
    return of.isEmpty() ? 1 : (double) of.stream().filter(which).count() / of.size();
  }
}
