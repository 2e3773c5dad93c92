package dev.custody.accuracy.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.format.Hooks;
import dev.custody.accuracy.format.Repository;
import dev.custody.accuracy.format.Telemetry;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Clues;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Developer;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import dev.custody.accuracy.world.Machine;
import dev.custody.accuracy.world.Truth;
import dev.custody.source.otlp.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One session of an agent, as it goes on: what it runs, and what it has come to know. */
public final class AgentSession {
  /** For how long a background task may run for all that is known. */
  private static final Duration BELIEVED = Duration.ofHours(1);

  private static final Duration START_OF_A_PROGRAM = Duration.ofMillis(60);

  private final Script script;
  private final Dice dice;
  private final Developer developer;
  private final Repository repository;
  private final Credential projectKey;
  private final Hooks hooks;
  private final Telemetry telemetry;
  private final Map<String, Link> known = new HashMap<>();
  private final List<Ran> running = new ArrayList<>();
  private Instant now;
  private String prompt = "";
  private boolean tagged;
  private @Nullable String delegation;

  AgentSession(
      Script script,
      Dice dice,
      Developer developer,
      Repository repository,
      Credential projectKey,
      Instant start) {
    this.script = script;
    this.dice = dice;
    this.developer = developer;
    this.repository = repository;
    this.projectKey = projectKey;
    this.now = start;
    String id = dice.uuid();
    String cwd = repository.directory().toString();
    this.hooks = new Hooks(id, "/home/dev/.claude/projects/" + id + ".jsonl", cwd);
    this.telemetry = new Telemetry(id, dice.hex(64), dice.hex(32));
  }

  /**
   * A tool call that was made.
   *
   * @param id its id
   * @param start when the agent asked for it
   * @param end when it was over
   */
  record Ran(String id, Instant start, Instant end) {
    /** A moment in it: {@code part} of the way, never before a program has started. */
    Instant moment(double part) {
      Duration rest = Duration.between(start, end).minus(START_OF_A_PROGRAM).minusMillis(20);
      return start
          .plus(START_OF_A_PROGRAM)
          .plusMillis((long) (Math.max(1, rest.toMillis()) * part));
    }
  }

  String id() {
    return hooks.session();
  }

  Script script() {
    return script;
  }

  Dice dice() {
    return dice;
  }

  Developer developer() {
    return developer;
  }

  Repository repository() {
    return repository;
  }

  /** The key in this project's {@code .env}: everybody who works on the project has it. */
  Credential projectKey() {
    return projectKey;
  }

  Instant now() {
    return now;
  }

  /** Whether, for all that the sources tell, one of its calls may run at {@code moment}. */
  boolean mayRunAt(Instant moment) {
    return running.stream()
        .anyMatch(ran -> !moment.isBefore(ran.start()) && !moment.isAfter(ran.end()));
  }

  /** Its human signs a delegation, shortly before it begins. */
  void delegate() {
    delegation = "dlg-" + dice.hex(12);
    script.grant(now.minusSeconds(30), developer.machine(), developer.email(), delegation);
  }

  /** Another session of the same human on the same machine and project, which begins now. */
  AgentSession beside() {
    AgentSession other =
        new AgentSession(script, dice.fork(), developer, repository, projectKey, now);
    other.start();
    return other;
  }

  /** The delegation that it works under. */
  String delegation() {
    if (delegation == null) {
      throw new IllegalStateException("no delegation");
    }
    return delegation;
  }

  /**
   * A program that {@code ran} started asks the broker; the credential is shown to nobody.
   *
   * @param recorded whether the provider's record of it is delivered
   */
  Credential asks(String scenario, Ran ran, Instant at, boolean recorded) {
    Truth issue =
        new Truth(
            Truth.Kind.CLOUD_CALL,
            script.dice().uuid(),
            at,
            actor(ran),
            Link.BROKERED,
            cause(scenario),
            "sts:AssumeRole by the broker",
            null);
    Credential issued = script.brokered(at, this, delegation(), issue, recorded);
    known.put(issued.keyId(), Link.BROKERED);
    return issued;
  }

  void start() {
    hook(now, hooks.sessionStart("startup"));
    tagged = dice.chance(0.4) && script.environment(now.plusMillis(15), developer.machine(), id());
    prompted("Have a look at what is open here and go on with it.");
  }

  /** The human asks for something. */
  void prompted(String text) {
    pause(2, 40);
    prompt = dice.uuid();
    hook(now, hooks.prompt(prompt, text));
    Instant asked = now.plus(developer.machine().skew());
    String of = prompt;
    exported(now, Signal.LOGS, () -> telemetry.prompt(asked, of, text));
    pause(1, 6);
  }

  /** The agent has said all; the session may end, or be killed. */
  void end(boolean killed) {
    hook(now, hooks.stop(prompt, "Done."));
    pause(5, 600);
    if (!killed) {
      hook(now, hooks.sessionEnd(prompt, "other"));
    }
  }

  void pause(double least, double most) {
    now = now.plus(dice.seconds(least, most));
  }

  /** Goes on when {@code until} has passed. */
  void waits(Instant until) {
    now = until.isAfter(now) ? until : now;
    pause(1, 10);
  }

  /** Runs a command, waits for it, and sees its output. */
  Ran bash(String scenario, String command, Duration length, String output) {
    return bash(scenario, command, length, () -> Hooks.output(output), () -> output);
  }

  Ran bash(
      String scenario,
      String command,
      Duration length,
      Supplier<JsonNode> response,
      Supplier<String> told) {
    Ran ran =
        ran(scenario, "Bash", Hooks.command(command, "Run it"), now, length, response, told, null);
    now = ran.end().plus(dice.seconds(0.5, 8));
    return ran;
  }

  /** A tool call that begins at {@code start}, beside whatever else runs. */
  Ran ran(
      String scenario,
      String tool,
      ObjectNode input,
      Instant start,
      Duration length,
      Supplier<JsonNode> response,
      Supplier<String> told,
      @Nullable String subAgent) {
    Ran ran = new Ran(dice.toolUseId(), start, start.plus(length));
    Hooks.Call call = new Hooks.Call(ran.id(), prompt, tool, input, subAgent);
    script.hook(start, developer.machine(), () -> hooks.before(call));
    boolean background = input.path("run_in_background").asBoolean();
    running.add(new Ran(ran.id(), start, background ? start.plus(BELIEVED) : ran.end()));
    script.hook(
        ran.end(), developer.machine(), () -> hooks.after(call, response.get(), length.toMillis()));
    script.hook(ran.end().plusMillis(8), developer.machine(), () -> hooks.batch(call, told.get()));
    exported(call, ran, null, told);
    entered(scenario, ran, tool + " " + input.path("command").asText(""));
    return ran;
  }

  /** A command that fails. */
  Ran fails(String scenario, String command, Duration length, String error) {
    Ran ran = new Ran(dice.toolUseId(), now, now.plus(length));
    Hooks.Call call =
        new Hooks.Call(ran.id(), prompt, "Bash", Hooks.command(command, "Run it"), null);
    hook(ran.start(), hooks.before(call));
    hook(ran.end(), hooks.failed(call, error, length.toMillis()));
    hook(ran.end().plusMillis(8), hooks.batch(call, error));
    exported(call, ran, error, () -> error);
    entered(scenario, ran, command);
    now = ran.end().plus(dice.seconds(1, 8));
    return ran;
  }

  /** A sub-agent begins or ends. */
  void subAgent(String event, Instant at, String agent) {
    hook(at, hooks.subAgent(event, prompt, agent));
  }

  private void entered(String scenario, Ran ran, String words) {
    if (developer.machine().tells()) {
      Duration skew = developer.machine().skew();
      script.truth().clues().ran(id(), ran.start().plus(skew), ran.end().plus(skew), words);
      script
          .truth()
          .add(
              new Truth(
                  Truth.Kind.TOOL_CALL,
                  ran.id(),
                  ran.start(),
                  actor(ran),
                  Link.SELF_REPORTED,
                  cause(scenario),
                  words,
                  null));
    }
  }

  // Logs and spans are exported on their own, every few seconds.
  private void exported(Hooks.Call call, Ran ran, @Nullable String error, Supplier<String> output) {
    Telemetry.Ended ended =
        new Telemetry.Ended(
            call,
            ran.start().plus(developer.machine().skew()),
            Duration.between(ran.start(), ran.end()),
            error);
    exported(ran.end(), Signal.LOGS, () -> telemetry.records(ended));
    exported(ran.end(), Signal.TRACES, () -> telemetry.spans(ended, output.get()));
  }

  private void exported(Instant at, Signal signal, Supplier<ObjectNode> body) {
    if (developer.machine().capture() == Machine.Capture.TELEMETRY) {
      script.telemetry(at.plus(dice.seconds(0.1, 5)), developer.machine(), signal, body);
    }
  }

  private void hook(Instant at, ObjectNode body) {
    script.hook(at, developer.machine(), () -> body);
  }

  Actor actor(Ran ran) {
    return new Actor.AgentCall(id(), ran.id(), developer.email());
  }

  /** The result of a call showed the key. */
  void isShown(Credential credential) {
    knows(credential.keyId());
    known.merge(credential.keyId(), Link.KEY_SHOWN, (a, b) -> a == Link.BROKERED ? a : b);
  }

  /** A command named the key. */
  void names(Credential credential) {
    knows(credential.keyId());
    known.putIfAbsent(credential.keyId(), Link.KEY_NAMED);
  }

  /** The role session's name was shown. */
  void isShownRole(Credential credential) {
    knows(credential.arn());
    known.putIfAbsent(credential.arn(), Link.ROLE_SHOWN);
  }

  private void knows(String identifier) {
    if (developer.machine().tells()) {
      script.truth().clues().knows(id(), identifier, now.plus(developer.machine().skew()));
    }
  }

  /** What leads from a call with {@code credential} to this session. */
  Link link(Credential credential) {
    if (!developer.machine().tells()) {
      return Link.NONE;
    }
    if (isBrokered(credential)) {
      return credential.parent() == null ? Link.BROKERED : Link.BROKERED_CHAIN;
    }
    return tagged ? Link.SESSION_TAG : linkWithoutTag(credential);
  }

  private boolean isBrokered(Credential credential) {
    Credential parent = credential.parent();
    return known.get(credential.keyId()) == Link.BROKERED || (parent != null && isBrokered(parent));
  }

  private Link linkWithoutTag(Credential credential) {
    for (String name : List.of(credential.keyId(), credential.arn())) {
      Link link = known.get(name);
      if (link != null) {
        return link;
      }
    }
    Credential parent = credential.parent();
    if (parent != null && link(parent).links()) {
      return Link.ROLE_CHAIN;
    }
    return credential.equals(developer.profile()) && developer.profileIsNamedLikeThem()
        ? Link.PRINCIPAL_AND_TIME
        : Link.NONE;
  }

  /** A program that {@code ran} started calls the cloud. */
  void cloud(
      String scenario, Ran ran, Instant at, CloudAct act, Credential credential, Client client) {
    String key =
        script.cloud(
            at,
            act,
            caller(act, credential, client),
            actor(ran),
            link(credential),
            cause(scenario));
    clue(key, at, act.commandName(), act, credential, client, null);
  }

  /** The AWS CLI, told to assume a role, gets {@code issued}, with its parent. */
  void assumes(String scenario, Ran ran, Instant at, Credential issued) {
    assumes(scenario, ran, at, issued, Catalog.assumeRole(issued).commandName());
  }

  /**
   * The AWS CLI gets {@code issued}, with its parent, before it does what it was told.
   *
   * @param commandName the command that it was told: its user agent says that, whatever it calls
   */
  void assumes(String scenario, Ran ran, Instant at, Credential issued, String commandName) {
    Credential parent = issued.parent();
    if (parent == null) {
      throw new IllegalArgumentException("nothing to assume a role with");
    }
    Script.Caller caller =
        new Script.Caller(
            parent, developer.machine().address(), Client.AWS_CLI.userAgent(commandName, tag()));
    String key = script.assumeRole(at, issued, caller, actor(ran), link(parent), cause(scenario));
    CloudAct act = Catalog.assumeRole(issued);
    clue(key, at, commandName, act, parent, Client.AWS_CLI, issued.keyId());
  }

  private void clue(
      String act,
      Instant at,
      String commandName,
      CloudAct did,
      Credential credential,
      Client client,
      @Nullable String issued) {
    Link link = link(credential);
    Set<Link> mayBeShared =
        Set.of(Link.KEY_SHOWN, Link.KEY_NAMED, Link.ROLE_SHOWN, Link.ROLE_CHAIN);
    if (mayBeShared.contains(link) && !act.isEmpty()) {
      Clues.Clue clue =
          new Clues.Clue(
              act,
              id(),
              at,
              link == Link.ROLE_SHOWN ? credential.arn() : credential.keyId(),
              link == Link.ROLE_CHAIN,
              credential.parent() == null,
              commandName.replace('.', ' '),
              Set.copyOf(did.parameters().values()),
              client.program());
      script.truth().clues().add(clue, issued);
    }
  }

  /** The scenario, and what else may mislead: a clock that is off. */
  String cause(String scenario) {
    Duration skew = developer.machine().skew().abs();
    if (skew.compareTo(Duration.ofMinutes(1)) > 0) {
      return scenario + ", clock off by minutes";
    }
    return skew.compareTo(Duration.ofSeconds(1)) > 0
        ? scenario + ", clock off by seconds"
        : scenario;
  }

  /** Stands for this session's tag, which is not known before it is given; null without one. */
  @Nullable String tag() {
    return tagged ? "@" + id() + "@" : null;
  }

  Script.Caller caller(CloudAct act, Credential credential, Client client) {
    return new Script.Caller(
        credential, developer.machine().address(), client.userAgent(act.commandName(), tag()));
  }
}
