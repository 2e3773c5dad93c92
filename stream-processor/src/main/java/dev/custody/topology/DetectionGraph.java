package dev.custody.topology;

import static dev.custody.topology.Wiring.TEXT;
import static dev.custody.topology.Wiring.serde;

import dev.custody.admit.AdmissionOutcome;
import dev.custody.alert.FindingProcessor;
import dev.custody.alert.OcsfFindings;
import dev.custody.attribution.Attribution;
import dev.custody.detect.DetectFormats;
import dev.custody.detect.DetectProcessor;
import dev.custody.detect.DetectProcessor.Consequence;
import dev.custody.detect.GroupMessage;
import dev.custody.detect.GroupProcessor;
import dev.custody.detect.Groups;
import dev.custody.detect.MatchMessage;
import dev.custody.detect.ShowProcessor;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import dev.custody.sigma.RuleSet;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** The part of the graph behind attribution: what acts mean to rules, and what is told of it. */
final class DetectionGraph {
  private final Wiring wiring;
  private final Sightings sightings;
  private final Groups groups;
  private final OcsfFindings ocsf;

  DetectionGraph(Wiring wiring, RuleSet rules, Sightings sightings) {
    this.wiring = wiring;
    this.sightings = sightings;
    this.groups = new Groups(rules);
    this.ocsf = new OcsfFindings(rules);
  }

  /** What follows from what was attributed; what it says of traces is written. */
  KStream<String, Consequence> consequences(KStream<String, Attribution> attributed) {
    KStream<String, Consequence> consequences = correlate(detect(attributed));
    trace(consequences);
    return consequences;
  }

  private KStream<String, Consequence> detect(KStream<String, Attribution> attributed) {
    wiring.store(DetectProcessor.STORE, TEXT, serde(DetectFormats.DETECT_STATE));
    return attributed.process(
        () -> new DetectProcessor(sightings, groups), Named.as("detect"), DetectProcessor.STORE);
  }

  /**
   * What several events mean together. Events go to their groups; a group's match goes to the event
   * that completes it, and from there to those that it rests on, whose rows know what there is to
   * show. A match is an event of outer groups.
   */
  private KStream<String, Consequence> correlate(KStream<String, Consequence> consequences) {
    wiring.changingStore(GroupProcessor.STORE, Serdes.Bytes(), Serdes.ByteArray());
    wiring.store(GroupProcessor.DEADLINES, Serdes.Bytes(), TEXT);
    KStream<String, Consequence> shown =
        counted(consequences, "groups-of-events")
            .repartition(wiring.repartitioned("groups", serde(DetectFormats.GROUP_MESSAGE)))
            .process(
                () -> new GroupProcessor(groups),
                Named.as("window-groups"),
                GroupProcessor.STORE,
                GroupProcessor.DEADLINES)
            .repartition(wiring.repartitioned("matches", serde(DetectFormats.MATCH_MESSAGE)))
            .process(
                () -> new ShowProcessor(groups), Named.as("show-matches"), DetectProcessor.STORE);
    // The topics of the two repartitions above: matches come to groups, and to events, as others
    // do.
    counted(shown, "groups-of-matches")
        .to(
            "groups-repartition",
            Produced.with(TEXT, serde(DetectFormats.GROUP_MESSAGE)).withName("matches-to-groups"));
    shown
        .filter((event, c) -> c instanceof Consequence.Part, Named.as("parts"))
        .mapValues(c -> MatchMessage.of(((Consequence.Part) c).shown()), Named.as("part"))
        .to(
            "matches-repartition",
            Produced.with(TEXT, serde(DetectFormats.MATCH_MESSAGE)).withName("matches-to-events"));
    return consequences.merge(shown, Named.as("all-consequences"));
  }

  private static KStream<String, GroupMessage> counted(
      KStream<String, Consequence> consequences, String name) {
    return consequences
        .filter((key, c) -> c instanceof Consequence.Counted, Named.as(name))
        .mapValues(c -> ((Consequence.Counted) c).message(), Named.as("of-" + name));
  }

  private void trace(KStream<String, Consequence> consequences) {
    consequences
        .filter((key, c) -> c instanceof Consequence.Edge, Named.as("edges"))
        .mapValues(c -> ((Consequence.Edge) c).edge(), Named.as("edge"))
        .to(Topic.TRACES.topicName(), Produced.with(TEXT, serde(Formats.EDGE)).withName("traces"));
  }

  /** Gathers what was seen into findings. */
  void alert(
      KStream<String, AdmissionOutcome.Suspicion> suspicions,
      KStream<String, Consequence> consequences,
      KStream<String, Sighting> silences) {
    wiring.changingStore(FindingProcessor.STORE, TEXT, serde(FindingProcessor.STATE));
    wiring.store(FindingProcessor.EVIDENCE, Serdes.Bytes(), serde(DetectFormats.SIGHTING));
    KStream<String, Sighting> ofChains =
        suspicions.flatMap((chain, s) -> inChains(s), Named.as("suspicions-of-chains"));
    consequences
        .filter((key, c) -> c instanceof Consequence.Seen, Named.as("seen"))
        .mapValues(c -> ((Consequence.Seen) c).sighting(), Named.as("sighting"))
        .merge(ofChains, Named.as("sightings-of-chains"))
        .merge(silences, Named.as("all-sightings"))
        .repartition(wiring.repartitioned("findings", serde(DetectFormats.SIGHTING)))
        .process(
            () -> new FindingProcessor(ocsf),
            Named.as("gather-evidence"),
            FindingProcessor.STORE,
            FindingProcessor.EVIDENCE)
        .to(Topic.ALERTS.topicName(), Produced.with(TEXT, Serdes.ByteArray()).withName("alerts"));
  }

  private List<KeyValue<String, Sighting>> inChains(AdmissionOutcome.Suspicion suspicion) {
    return sightings.in(suspicion).stream().map(s -> KeyValue.pair(s.finding(), s)).toList();
  }
}
