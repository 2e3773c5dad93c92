package dev.custody.accuracy.measure;

import com.google.errorprone.annotations.FormatMethod;
import dev.custody.accuracy.measure.Judged.Verdict;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Link;
import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Grade;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** The measurement as text. */
public final class Table {
  private static final List<Grade> GRADES =
      List.of(Grade.PROVEN, Grade.CORROBORATED, Grade.INFERRED);

  private static final int MOST_RIVALS = 3;

  private final Measurement measured;
  private final int examples;
  private final StringBuilder text = new StringBuilder();

  private Table(Measurement measured, int examples) {
    this.measured = measured;
    this.examples = examples;
  }

  /**
   * Everything that is counted, and wrong answers.
   *
   * @param examples how many wrong answers of each cause are shown
   */
  public static String of(Measurement measured, int examples) {
    Table table = new Table(measured, examples);
    table.acts();
    table.grades();
    table.links();
    table.totals();
    table.causes();
    return table.text.toString();
  }

  private void acts() {
    line(
        "acts             %8s %8s %8s %8s %8s", "all", "agents'", "humans'", "others'", "no event");
    for (Truth.Kind kind : Truth.Kind.values()) {
      Predicate<Judged> of = j -> j.truth().kind() == kind;
      line(
          "%-16s %8d %8d %8d %8d %8d",
          kind,
          count(of),
          count(of.and(j -> j.truth().actor() instanceof Actor.AgentCall)),
          count(of.and(j -> j.truth().actor() instanceof Actor.ByHand)),
          count(of.and(j -> j.truth().actor() instanceof Actor.Other)),
          count(of.and(j -> j.verdict() == Verdict.NO_EVENT)));
    }
    line("");
  }

  private void grades() {
    line(
        "precision                        %8s %8s %8s %8s %9s %9s %9s",
        "named", "right", "call off", "wrong", "precision", "session", "w/ rivals");
    for (Grade grade : GRADES) {
      grade(grade.name(), j -> j.grade() == grade);
      for (Truth.Kind kind : Truth.Kind.values()) {
        grade("  " + kind, j -> j.grade() == grade && j.truth().kind() == kind);
      }
      grade("  but TOOL_CALL", j -> j.grade() == grade && j.truth().kind() != Truth.Kind.TOOL_CALL);
      grade("  but SAME_USER", j -> j.grade() == grade && j.truth().link() != Link.SAME_USER);
    }
    line("");
  }

  private void grade(String name, Predicate<Judged> which) {
    List<Judged> named = measured.where(which.and(Judged::named));
    if (named.isEmpty() && name.startsWith(" ")) {
      return;
    }
    long rivals =
        named.stream().filter(j -> j.verdict() != Verdict.WRONG || j.isAmongRivals()).count();
    line(
        "%-32s %8d %8d %8d %8d %9s %9s %9s",
        name,
        named.size(),
        of(named, Verdict.RIGHT),
        of(named, Verdict.OTHER_CALL),
        of(named, Verdict.WRONG),
        share(Measurement.precision(named, false), named),
        share(Measurement.precision(named, true), named),
        share(named.isEmpty() ? 1 : (double) rivals / named.size(), named));
  }

  private void links() {
    line(
        "recall of agents' acts           %8s %8s %8s %8s %9s %9s %s",
        "acts", "right", "call off", "silent", "recall", "or shown", " grades P/C/I");
    for (Link link : Link.values()) {
      recall(
          link.name(),
          j -> j.truth().link() == link && j.truth().kind() != Truth.Kind.CREDENTIAL_USE);
    }
    for (Truth.Kind kind : Truth.Kind.values()) {
      recall("all " + kind, j -> j.truth().kind() == kind);
      recall("linked " + kind, j -> j.truth().kind() == kind && j.truth().link().links());
    }
    recall("all but SELF_REPORTED", Measurement::isOfTheWorld);
    recall(
        "linked but SELF_REPORTED", j -> Measurement.isOfTheWorld(j) && j.truth().link().links());
    line("");
  }

  private void recall(String name, Predicate<Judged> which) {
    List<Judged> acts =
        measured.where(which.and(j -> j.truth().actor() instanceof Actor.AgentCall));
    if (!acts.isEmpty()) {
      line(
          "%-32s %8d %8d %8d %8d %9s %9s  %s",
          name,
          acts.size(),
          of(acts, Verdict.RIGHT),
          of(acts, Verdict.OTHER_CALL),
          of(acts, Verdict.SILENT),
          share(Measurement.precision(acts, true), acts),
          share(Measurement.shown(acts), acts),
          split(acts));
    }
  }

  private static String split(List<Judged> acts) {
    StringBuilder text = new StringBuilder();
    for (Grade grade : GRADES) {
      text.append(text.isEmpty() ? "" : "/")
          .append(acts.stream().filter(j -> j.named() && j.grade() == grade).count());
    }
    return text.toString();
  }

  private void totals() {
    line("recall where a source leads to one session      %.4f", measured.recallToOne());
    line("named or shown where it leads to several        %.4f", measured.shownToSeveral());
    line("both, named                                     %.4f", measured.recallWhereLinked());
    line("both, named or shown                            %.4f", measured.shownWhereLinked());
    line("agents' acts unattributable in principle        %.4f", measured.unattributableShare());
    line("innocent named surely and without a rival       %d", measured.accusations().size());
    List<Judged> notAgents =
        measured.where(j ->
            !(j.truth().actor() instanceof Actor.AgentCall)
                && j.verdict() != Verdict.NO_EVENT
                && j.truth().kind() != Truth.Kind.CREDENTIAL_USE);
    line(
        "acts of others for which nobody is named        %d of %d",
        of(notAgents, Verdict.SILENT), notAgents.size());
    line("");
  }

  private void causes() {
    causes("wrong answers by cause", measured.wrongByCause());
    line("");
    causes("nobody named although a source links, by cause", measured.missedByCause());
  }

  private void causes(String title, Map<String, List<Judged>> causes) {
    line("%s", title);
    causes.forEach((cause, wrong) -> {
      line("%6d %s%s", wrong.size(), cause, rivals(wrong));
      wrong.stream().limit(examples).forEach(this::example);
    });
  }

  private static String rivals(List<Judged> wrong) {
    long shown = wrong.stream().filter(Judged::hasRivals).count();
    return shown == 0 ? "" : " (" + shown + " with rivals)";
  }

  private void example(Judged wrong) {
    line("         %s %s %s", wrong.truth().at(), wrong.truth().kind(), wrong.truth().words());
    line("           truth  %s, %s", wrong.truth().actor(), wrong.truth().link());
    if (wrong.answer() != null) {
      line(
          "           answer %s %s, call %s: %s; %d rivals; event %s",
          wrong.answer().best().grade(),
          String.valueOf(wrong.answer().best().session()),
          String.valueOf(wrong.answer().best().toolCall()),
          String.join("; ", wrong.answer().best().reasons()),
          wrong.answer().rivals().size(),
          wrong.answer().event());
      wrong.answer().rivals().stream()
          .limit(MOST_RIVALS)
          .forEach(rival ->
              line(
                  "           rival  %s %s: %s",
                  rival.grade(),
                  String.valueOf(rival.session()),
                  String.join("; ", rival.reasons())));
    }
  }

  private long count(Predicate<Judged> which) {
    return measured.where(which).size();
  }

  private static long of(List<Judged> judged, Verdict verdict) {
    return judged.stream().filter(j -> j.verdict() == verdict).count();
  }

  private static String share(double share, List<Judged> of) {
    return of.isEmpty() ? "-" : String.format(Locale.ROOT, "%.4f", share);
  }

  @FormatMethod
  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
