package dev.custody.accuracy.scenario;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.format.TrailRecord;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Granted;
import dev.custody.accuracy.world.Link;
import dev.custody.accuracy.world.Machine;
import dev.custody.accuracy.world.Truth;
import dev.custody.accuracy.world.TruthBook;
import dev.custody.source.otlp.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** All that the sources will tell, and the truth about it. */
public final class Script {
  private static final Pattern TAG_OF = Pattern.compile("@([0-9a-f-]{36})@");

  private final Dice dice;
  private final TruthBook truth = new TruthBook();
  private final List<Step> steps = new ArrayList<>();
  private final List<TrailFiles.Recorded> records = new ArrayList<>();
  private final List<String> tagged = new ArrayList<>();
  private final Map<String, String> given = new ConcurrentHashMap<>();

  Script(Dice dice) {
    this.dice = dice;
  }

  /** What really happened. */
  public TruthBook truth() {
    return truth;
  }

  /** Everything in the order in which it reaches the collectors. */
  public List<Step> steps() {
    List<Step> all = new ArrayList<>(steps);
    all.addAll(new TrailFiles(new Dice(records.size())).of(records));
    all.sort(Comparator.comparing(Step::at));
    return all;
  }

  Dice dice() {
    return dice;
  }

  /** An agent calls a hook, where it has one. */
  void hook(Instant at, Machine machine, Supplier<ObjectNode> body) {
    if (machine.hooks()) {
      steps.add(new Step.Hook(at, machine, body));
    }
  }

  /** An agent exports what its telemetry tells, where it is on. */
  void telemetry(Instant at, Machine machine, Signal signal, Supplier<ObjectNode> body) {
    if (machine.capture() == Machine.Capture.TELEMETRY) {
      steps.add(new Step.Telemetry(at, machine, signal, body));
    }
  }

  /** A session gets its environment; answers whether it does. */
  boolean environment(Instant at, Machine machine, String session) {
    if (machine.hooks()) {
      steps.add(new Step.Environment(at, machine, session, tag -> given.put(session, tag)));
      tagged.add(session);
    }
    return machine.hooks();
  }

  /** The sessions that have a tag, so far. */
  List<String> tagged() {
    return List.copyOf(tagged);
  }

  /** {@code text} with tags in the place of what stands for them, once they have been given. */
  String withTags(String text) {
    return TAG_OF.matcher(text).replaceAll(of -> given.getOrDefault(of.group(1), "untagged"));
  }

  /** Somebody signs a delegation; nobody takes it where there is no collector. */
  void grant(Instant at, Machine machine, String human, String delegation) {
    if (machine.hooks()) {
      steps.add(new Step.Grant(at, machine, human, delegation));
      truth.add(new Granted(human, delegation, at));
    }
  }

  /**
   * A session gets a credential from the broker.
   *
   * @param recorded whether the provider's record of it is delivered
   */
  Credential brokered(
      Instant at, AgentSession session, String delegation, Truth truth, boolean recorded) {
    String reference = dice.hex(12);
    steps.add(
        new Step.Asks(at, session.developer().machine(), session.id(), reference, truth.key()));
    if (recorded) {
      // What stands in for it: the provider writes it when it is asked.
      records.add(
          new TrailFiles.Recorded(
              at, JsonNodeFactory.instance.objectNode().put("eventID", truth.key())));
      this.truth.add(truth);
    } else {
      this.truth.unrecorded();
    }
    return Credential.ofRole(
            Credential.BROKERED_ROLE, session.id(), "@key:" + reference + "@", null)
        .carrying(delegation);
  }

  void change(Instant at, Machine machine, Step.Action action) {
    steps.add(new Step.Change(at, machine, action));
  }

  /**
   * Who calls a cloud, and how.
   *
   * @param credential with what
   * @param address from where
   * @param userAgent which program
   */
  record Caller(Credential credential, String address, String userAgent) {}

  /**
   * Enters a call that the cloud records, unless it is a data event that nobody asked for; answers
   * the key of the act, which is empty when it was not recorded.
   */
  String cloud(Instant at, CloudAct act, Caller caller, Actor actor, Link link, String scenario) {
    if (!isRecorded(act)) {
      truth.unrecorded();
      return "";
    }
    return record(at, record(at, act, caller), act, caller, actor, link, scenario);
  }

  /** Enters an AssumeRole whose response hands out {@code issued}; answers the key of the act. */
  String assumeRole(
      Instant at, Credential issued, Caller caller, Actor actor, Link link, String scenario) {
    CloudAct act = Catalog.assumeRole(issued);
    TrailRecord record = record(at, act, caller).issuing(issued, at.plus(Duration.ofHours(1)));
    return record(at, record, act, caller, actor, link, scenario);
  }

  /** Enters a CreateAccessKey whose response hands out {@code made}; answers the key of the act. */
  String createAccessKey(
      Instant at, Credential made, Caller caller, Actor actor, Link link, String scenario) {
    CloudAct act = Catalog.createAccessKey(made);
    TrailRecord record = record(at, act, caller).creating(made, at);
    return record(at, record, act, caller, actor, link, scenario);
  }

  /** Enters what a service of the provider does by itself. */
  void service(Instant at, CloudAct act, String service, String scenario) {
    String id = dice.uuid();
    records.add(
        new TrailFiles.Recorded(at, new TrailRecord(id, at, act).byService(service).json()));
    truth.add(
        new Truth(
            Truth.Kind.CLOUD_CALL,
            id,
            at,
            new Actor.Other(service),
            Link.NONE,
            scenario,
            act.action(),
            null));
  }

  private String record(
      Instant at,
      TrailRecord record,
      CloudAct act,
      Caller caller,
      Actor actor,
      Link link,
      String scenario) {
    ObjectNode json = record.json();
    records.add(new TrailFiles.Recorded(at, json));
    truth.add(
        new Truth(
            Truth.Kind.CLOUD_CALL,
            json.path("eventID").asText(),
            at,
            actor,
            link,
            scenario,
            act.action() + " by " + caller.credential().name() + " " + caller.credential().keyId(),
            caller.credential().keyId()));
    return json.path("eventID").asText();
  }

  private TrailRecord record(Instant at, CloudAct act, Caller caller) {
    return new TrailRecord(dice.uuid(), at, act)
        .by(caller.credential(), at.minus(Duration.ofMinutes(20)))
        .from(caller.address(), caller.userAgent());
  }

  private static boolean isRecorded(CloudAct act) {
    return !act.data() || !act.parameters().getOrDefault("bucketName", "").endsWith("-archive");
  }
}
