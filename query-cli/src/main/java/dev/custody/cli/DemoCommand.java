package dev.custody.cli;

import dev.custody.access.TokenFile;
import dev.custody.attribution.Attribution;
import dev.custody.capture.CaptureException;
import dev.custody.detect.ShippedRules;
import dev.custody.identity.SpiffeId;
import dev.custody.index.IndexSearch;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.local.DelegationDesk;
import dev.custody.local.Installation;
import dev.custody.local.RecordedRepository;
import dev.custody.local.RecordedSession;
import dev.custody.local.RecordedTrail;
import dev.custody.local.Tampering;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Term;
import dev.custody.source.cloudtrail.CloudTrailSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole of Custody on one recorded incident. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs everything on a fresh data directory: replays the recorded session of a real agent through the collector, imports the",
      "CloudTrail records that belong to it, answers who did it, verifies the log, and shows what happens when a byte is changed."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String HUMAN = "dana@example.test";
  private static final String BUCKET_CALL = "s3:DeleteBucket";
  private static final String BUCKET = "acme-prod-builds";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(50);

  @Option(
      names = "--into",
      paramLabel = "DIR",
      description = "Fresh data directory; one in the temporary directory when not given.")
  private @Nullable Path into;

  @Mixin private RunOptions run;

  private final long began = System.nanoTime();
  private int failures;

  @SuppressWarnings("NullAway.Init")
  DemoCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path data = fresh();
    step("starting broker, collector, stream processor and index on " + data);
    AllInOne.Config config =
        AllInOne.Config.onAnyPort(data, run.partitions(), run.trustDomain(), ShippedRules.load());
    try (AllInOne all = run.starting(() -> AllInOne.start(config, run.protection(data)));
        CollectorClient collector = new CollectorClient(all.http())) {
      say("ready: collector " + all.http() + ", Kafka " + all.kafka());
      say("made its keys without setup, encrypted under " + run.wrappingKey());
      delegate(data, collector);
      Duration shift = replay(data, collector);
      importTrail(data, shift, collector);
      step("waiting until everything is attributed and indexed");
      if (!all.awaitIndexed(LONGEST_WAIT)) {
        throw new CouldNotRunException(
            "not everything was indexed in time", "is the machine busy? try again", null);
      }
      ask(data);
      tamper(data);
    } catch (CaptureException e) {
      throw new CouldNotRunException(e.getMessage(), "try again", e);
    }
    goOn(data);
    return failures == 0 ? ExitCode.FOUND : ExitCode.NOTHING_FOUND;
  }

  private Path fresh() throws IOException {
    if (into == null) {
      String stamp =
          DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
              .withZone(ZoneOffset.UTC)
              .format(Instant.now());
      return Files.createTempDirectory("custody-demo-" + stamp + "-");
    }
    Path data = into.toAbsolutePath().normalize();
    for (Path one : List.of(data, tampered(data))) {
      if (Files.exists(one)) {
        throw new CouldNotRunException(
            "--into: " + one + " exists", "remove it, or name a directory that does not", null);
      }
    }
    return Files.createDirectories(data);
  }

  /** Where a copy of the log of {@code data} is changed. */
  private static Path tampered(Path data) {
    return data.resolveSibling(data.getFileName() + "-tampered");
  }

  private void delegate(Path data, CollectorClient collector) {
    step("Dana delegates to her agent: read S3, and nothing else");
    Instant start = Instant.now().minus(10, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
    DelegationDesk.Request request =
        new DelegationDesk.Request(
            HUMAN,
            SpiffeId.agent(run.trustDomain(), "claude-code", "acme-api"),
            List.of("s3:Get*", "s3:List*", "sts:GetCallerIdentity"),
            List.of("*"),
            start,
            start.plus(8, ChronoUnit.HOURS),
            "look after the build bucket");
    command(
        "delegate",
        "grant",
        "--human",
        HUMAN,
        "--agent",
        "claude-code",
        "--project",
        "acme-api",
        "--action",
        "s3:Get*",
        "--action",
        "s3:List*",
        "--action",
        "sts:GetCallerIdentity",
        "--not-before",
        start.toString(),
        "--for",
        "8h",
        "--purpose",
        request.purpose());
    String id =
        run.starting(() ->
            DelegationDesk.grant(
                Installation.open(data, run.protection(data), null), request, collector));
    say(
        "granted "
            + id
            + ", signed with Dana's own key, which the organisation's root vouches for");
  }

  private Duration replay(Path data, CollectorClient collector)
      throws IOException, InterruptedException {
    RecordedSession session;
    try (InputStream recording = sample("session.jsonl")) {
      session = RecordedSession.read(recording);
    }
    step("unbundling the repository that the agent worked in");
    RecordedRepository repository = unbundle(data);
    say(
        repository.directory()
            + ", put back to before the agent's commit; user.email = "
            + repository.author()
            + " (a bundle carries no configuration)");
    step("replaying the recorded session of a real Claude Code 2.1.330, at its own pace");
    say(
        "rewritten: cwd, "
            + session.recordedDirectory()
            + " -> "
            + repository.directory()
            + "; nothing else");
    Duration shift = session.replay(collector, repository.directory(), repository::commit);
    say(
        "%d of %d recorded requests delivered to /hooks/claude-code in %.1f s (the other %d are telemetry, which the demo leaves out)"
            .formatted(
                session.hooks(),
                session.size(),
                session.length().toMillis() / 1000.0,
                session.size() - session.hooks()));
    say(
        "when the session's git commit had run, main was moved to the recorded commit, as it was then");
    return shift;
  }

  private static RecordedRepository unbundle(Path data) throws IOException {
    Path bundle = data.resolve("repository.bundle");
    try (InputStream in = sample("repository.bundle")) {
      Files.copy(in, bundle);
    }
    Path workspace = Files.createDirectories(data.resolve("workspace"));
    return RecordedRepository.unbundle(bundle, workspace.resolve("acme-api"));
  }

  private void importTrail(Path data, Duration shift, CollectorClient collector)
      throws IOException, InterruptedException {
    step("importing the cloud's own record of it: AWS CloudTrail");
    Path file = data.resolve("cloudtrail.json");
    int records;
    try (InputStream in = sample("cloudtrail.json")) {
      records = RecordedTrail.shift(in, shift, file);
    }
    say(
        "made for the demo in CloudTrail's format, with the recorded key id: no public record joins a prompt to a cloud call");
    say(
        "rewritten: eventTime of "
            + records
            + " records, by the "
            + shift.toSeconds()
            + " s between recording and replay");
    command("import", "cloudtrail", file.toString());
    RecordImport importing =
        new RecordImport(
            collector.importing(data.resolve(TokenFile.IMPORT_NAME)),
            CloudTrailSource.SHAPE,
            System.in,
            System.out,
            System.err);
    if (importing.run(List.of(file)) != ExitCode.FOUND) {
      failures++;
    }
  }

  private void ask(Path data) {
    step("who deleted the bucket?");
    run(data, ExitCode.FOUND, "who", BUCKET_CALL);
    step("what led to it, and what came of it?");
    run(data, ExitCode.FOUND, "trace", String.valueOf(bucketCall(data).best().prompt()));
    step("what would the SIEM have been told?");
    run(data, ExitCode.FOUND, "alerts");
    step("can it be proven?");
    run(data, ExitCode.FOUND, "verify");
  }

  private void tamper(Path data) throws IOException {
    step("changing one byte in a copy of the log");
    Path copy = tampered(data);
    Tampering.copyLog(data, copy);
    Tampering.Change change =
        Tampering.changeOneByte(copy, bucketCall(data).event().value(), BUCKET);
    say(
        "%s, byte %d: '%c' is now '%c', as if another bucket had been deleted"
            .formatted(
                copy.relativize(change.file()),
                change.position(),
                (char) change.before(),
                (char) change.after()));
    run(copy, ExitCode.NOTHING_FOUND, "verify");
  }

  private void goOn(Path data) {
    step("done");
    say("everything is kept in " + data + "; go on with");
    for (String[] next :
        new String[][] {
          {"who", "touched", ".env"},
          {"who", "commit", "d6256e0"},
          {"search", "bucket"},
          {"delegate", "list"},
          {"up"}
        }) {
      command(with(data, next));
    }
  }

  private static Attribution bucketCall(Path data) {
    try (IndexSearch search = IndexSearch.open(data.resolve("index"))) {
      Query query =
          new Query(new Condition.Is(Term.ACTION, BUCKET_CALL), Query.Order.NEWEST_FIRST, 1);
      return search.events(query).items().stream()
          .findFirst()
          .orElseThrow(() ->
              new CouldNotRunException(
                  "the index holds no " + BUCKET_CALL, "this is a defect of Custody", null));
    }
  }

  private void run(Path data, int expected, String... words) {
    command(with(data, words));
    System.out.flush();
    int exit = Main.commandLine().execute(with(data, words));
    System.out.flush();
    if (exit != expected) {
      failures++;
      say("exit code " + exit + ", expected " + expected);
    } else if (exit != ExitCode.FOUND) {
      say("exit code " + exit + ": as it must be");
    }
  }

  private static String[] with(Path data, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--data");
    all.add(data.toString());
    return all.toArray(String[]::new);
  }

  private void step(String text) {
    System.out.printf("%n[%5.1f s] %s%n", (System.nanoTime() - began) / 1e9, text);
    System.out.flush();
  }

  private static void say(String text) {
    System.out.println("          " + text);
    System.out.flush();
  }

  private static void command(String... words) {
    StringBuilder line = new StringBuilder("$ custody");
    for (String word : words) {
      line.append(' ').append(word.matches("[\\w.:/=@%+,-]+") ? word : "'" + word + "'");
    }
    System.out.println(line);
    System.out.flush();
  }

  private static InputStream sample(String name) {
    InputStream in = DemoCommand.class.getResourceAsStream("/dev/custody/samples/incident/" + name);
    if (in == null) {
      throw new CouldNotRunException(
          "the sample " + name + " is missing from this build", "build again: mvn package", null);
    }
    return in;
  }
}
