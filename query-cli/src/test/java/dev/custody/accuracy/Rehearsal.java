package dev.custody.accuracy;

import dev.custody.accuracy.measure.ForWhom;
import dev.custody.accuracy.measure.Measurement;
import dev.custody.accuracy.play.Answers;
import dev.custody.accuracy.play.SourcesAlone;
import dev.custody.accuracy.play.StreamRun;
import dev.custody.accuracy.scenario.Organisation;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Machine;
import dev.custody.accuracy.world.Size;
import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A small organisation played to the sources alone; what arrived can be fed in any order. */
final class Rehearsal implements AutoCloseable {
  private final Path directory;
  private final Organisation organisation;
  private final SourcesAlone sources;
  private final List<SourcesAlone.Arrival> arrivals;
  private int runs;

  Rehearsal(long seed, Size size, Path directory) throws Exception {
    this.directory = directory;
    this.organisation = new Organisation(seed, size, directory.resolve("homes"));
    this.sources = new SourcesAlone(directory.resolve("data"), organisation);
    this.arrivals = sources.play(organisation.script().steps());
  }

  List<Truth> acts() {
    return organisation.script().truth().all();
  }

  /** Whether an agent did it on a machine whose agents tell by telemetry only. */
  boolean isOnTelemetry(Truth act) {
    return act.actor() instanceof Actor.AgentCall agent
        && organisation.machinesOf(agent.human()).stream()
            .allMatch(m -> m.capture() == Machine.Capture.TELEMETRY);
  }

  /** The answers when all arrives as it did. */
  Answers answers() throws Exception {
    return answers(arrivals);
  }

  Measurement measured() throws Exception {
    return Measurement.of(acts(), answers());
  }

  /** For whom and under whose delegation agents are said to have acted, by {@code measured}. */
  ForWhom forWhom(Measurement measured) {
    return ForWhom.of(measured, organisation.accounts(), organisation.script().truth().granted());
  }

  /** The answers when chains arrive in another order, each of them still in its own. */
  Answers answersInOrderOf(long seed) throws Exception {
    Map<String, List<SourcesAlone.Arrival>> chains = new LinkedHashMap<>();
    arrivals.forEach(a -> chains.computeIfAbsent(a.host(), h -> new ArrayList<>()).add(a));
    List<String> turns =
        new ArrayList<>(arrivals.stream().map(SourcesAlone.Arrival::host).toList());
    Collections.shuffle(turns, new Random(seed));
    List<SourcesAlone.Arrival> mixed = new ArrayList<>();
    for (String host : turns) {
      mixed.add(chains.getOrDefault(host, List.of()).removeFirst());
    }
    return answers(mixed);
  }

  private Answers answers(List<SourcesAlone.Arrival> inOrder) throws Exception {
    return StreamRun.of(sources, inOrder, directory.resolve("state-" + runs++));
  }

  /** Each act with what {@code answers} say of it, in words that can be compared. */
  Map<String, String> statements(Answers answers) {
    Map<String, String> statements = new LinkedHashMap<>();
    for (Truth act : acts()) {
      String place = act.key().substring(act.key().lastIndexOf('/') + 1);
      statements.put(act.kind() + " " + place, statement(answers.to(act)));
    }
    return statements;
  }

  private static String statement(Optional<Attribution> answer) {
    return answer
        .map(a ->
            named(a.best())
                + " rivals "
                + a.rivals().stream().map(Rehearsal::named).toList()
                + " and "
                + a.moreRivals())
        .orElse("no event");
  }

  private static String named(Candidate c) {
    return c.grade()
        + " "
        + c.session()
        + " "
        + c.toolCall()
        + " "
        + c.delegation()
        + " "
        + c.concerns();
  }

  @Override
  public void close() {
    sources.close();
  }
}
