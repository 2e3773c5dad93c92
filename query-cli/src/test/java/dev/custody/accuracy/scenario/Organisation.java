package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Repository;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Developer;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Machine;
import dev.custody.accuracy.world.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The people and machines of an organisation, and their day; all of it from one seed. */
public final class Organisation {
  private static final String OFFICE = "203.0.113.7";
  private static final String BUILD_SERVERS = "203.0.113.90";
  private static final List<String> PROJECTS =
      List.of(
          "api",
          "billing",
          "checkout",
          "etl",
          "gateway",
          "infra",
          "ledger",
          "mailer",
          "media",
          "search",
          "web",
          "reports");
  private static final List<String> FIRST =
      List.of(
          "ana", "bo", "cem", "dana", "eli", "fay", "gus", "hana", "ivo", "jane", "kai", "lea",
          "max", "nia", "oto", "pia", "quin", "rosa", "sam", "tara", "uma", "vic", "wren", "xia");
  private static final List<String> LAST = List.of("berg", "cruz", "diaz", "eide", "falk", "gray");

  private final Dice dice;
  private final Size size;
  private final Path homes;
  private final Script script;
  private final KeyRing keys;
  private final List<Developer> developers = new ArrayList<>();

  /**
   * Makes one.
   *
   * @param homes where the machines' repositories lie
   */
  public Organisation(long seed, Size size, Path homes) throws IOException {
    this.dice = new Dice(seed);
    this.size = size;
    this.homes = homes;
    this.script = new Script(dice.fork());
    this.keys = new KeyRing(PROJECTS, dice.fork());
    for (int i = 0; i < size.developers(); i++) {
      developers.add(developer(i));
    }
    developers.add(builds(1));
    developers.add(builds(2));
    day();
  }

  /** What the sources tell, and the truth. */
  public Script script() {
    return script;
  }

  /** All machines with a collector. */
  public List<Machine> machines() {
    return developers.stream().map(Developer::machine).toList();
  }

  /** The machines of the human with address {@code email}. */
  public List<Machine> machinesOf(String email) {
    return developers.stream()
        .filter(d -> d.email().equals(email))
        .map(Developer::machine)
        .toList();
  }

  /** The operating-system users of each human, by address. */
  public Map<String, Set<String>> accounts() {
    Map<String, Set<String>> accounts = new HashMap<>();
    developers.forEach(
        d -> accounts.computeIfAbsent(d.email(), e -> new HashSet<>()).add(d.machine().osUser()));
    return accounts;
  }

  private Developer developer(int number) throws IOException {
    String first = FIRST.get(number % FIRST.size());
    String last = LAST.get(number / FIRST.size() % LAST.size());
    String name = first + "." + last + (number < FIRST.size() * LAST.size() ? "" : number);
    Machine machine =
        new Machine(
            "laptop-" + name.replace('.', '-'),
            number % 3 == 0 ? first + number : name,
            homes.resolve(name),
            skew(number),
            dice.chance(0.7) ? OFFICE : "192.0.2." + (number + 10),
            capture(number),
            number % 12 == 7);
    String email = name + "@acme.example";
    return new Developer(
        email, machine, profile(number, email, name), repositories(machine, email, 2));
  }

  private static Machine.Capture capture(int number) {
    return switch (number % 8) {
      case 2 -> Machine.Capture.TELEMETRY;
      case 5 -> Machine.Capture.NOTHING;
      default -> Machine.Capture.HOOKS;
    };
  }

  /**
   * Three in four clocks are right to a second, one in six is off by seconds, one in twelve by
   * minutes.
   */
  private Duration skew(int number) {
    int sign = dice.chance(0.5) ? 1 : -1;
    Duration off =
        switch (number % 12) {
          case 3 -> dice.seconds(90, 240);
          case 6, 10 -> dice.seconds(2, 8);
          default -> dice.seconds(0, 0.9);
        };
    return sign > 0 ? off : off.negated();
  }

  /** Users named like their humans, single sign-on, and a role that many share. */
  private Credential profile(int number, String email, String name) {
    return switch (number % 5) {
      case 0, 2 -> Credential.ofUser(name, dice.accessKey("AKIA"));
      case 1, 3 ->
          Credential.ofRole(
              "AWSReservedSSO_Developer_3f9a1c2b7d6e5f40", email, dice.accessKey("ASIA"), null);
      default ->
          Credential.ofRole(
              "deploy",
              "botocore-session-" + dice.between(1_000_000, 9_999_999),
              dice.accessKey("ASIA"),
              null);
    };
  }

  private Developer builds(int number) throws IOException {
    Machine machine =
        new Machine(
            "runner-" + number,
            "runner",
            homes.resolve("runner-" + number),
            Duration.ofMillis(dice.between(-300, 300)),
            BUILD_SERVERS,
            Machine.Capture.HOOKS,
            false);
    Credential job = Credential.ofRole("ci-deploy", "GitHubActions", dice.accessKey("ASIA"), null);
    String email = "ci" + number + "@acme.example";
    return new Developer(email, machine, job, repositories(machine, email, 1));
  }

  private List<Repository> repositories(Machine machine, String email, int number)
      throws IOException {
    List<Repository> made = new ArrayList<>();
    for (String project : dice.shuffled(PROJECTS).subList(0, number)) {
      made.add(
          Repository.make(
              machine.home().resolve(project), email, size.start().minus(Duration.ofDays(60))));
    }
    return made;
  }

  private void day() {
    List<Repository> all = developers.stream().flatMap(d -> d.repositories().stream()).toList();
    Mix mix = new Mix(keys, all);
    for (Developer developer : developers) {
      for (int i = 0; i < size.sessionsEach(); i++) {
        session(developer, mix);
      }
    }
    HumanDay humans = new HumanDay(script, size);
    developers.stream().filter(d -> !d.machine().osUser().equals("runner")).forEach(humans::of);
    Ambient ambient = new Ambient(script, size);
    ambient.provider(size.developers() * 3);
    ambient.builds(Math.max(2, size.developers() / 3), BUILD_SERVERS);
    for (int i = 0; i < 3; i++) {
      ambient.service(keys.all().get(i * 4), "52.95.110." + (20 + i), size.developers() * 2);
    }
    brokered();
  }

  // After all others: what they are does not depend on these.
  private void brokered() {
    Mix mix = Mix.brokered();
    for (Developer developer : developers) {
      if (developer.machine().hooks()) {
        AgentSession session = begin(developer);
        session.delegate();
        works(session, mix);
        if (dice.chance(0.5)) {
          new BrokeredAfterEnd().play(session);
        } else {
          session.end(dice.chance(0.3));
        }
      }
    }
  }

  private void session(Developer developer, Mix mix) {
    AgentSession session = begin(developer);
    works(session, mix);
    session.end(dice.chance(0.3));
  }

  private AgentSession begin(Developer developer) {
    Repository repository = dice.pick(developer.repositories());
    Instant start =
        size.start().plus(dice.between(Duration.ZERO, size.day().multipliedBy(7).dividedBy(10)));
    return new AgentSession(
        script, dice.fork(), developer, repository, keys.of(repository.name()), start);
  }

  private void works(AgentSession session, Mix mix) {
    session.start();
    for (int step = 0; step < size.stepsEach(); step++) {
      if (step % 4 == 3) {
        session.prompted("And now the next thing, please.");
      }
      mix.next(session.dice()).play(session);
    }
  }
}
