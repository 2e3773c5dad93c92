package dev.custody.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.wire.Formats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Sessions that are shown keys, and calls to a cloud of which some were made with those keys. Each
 * session has {@value #CALLS} tool calls a minute apart, and each call's result shows {@value
 * #KEYS} keys that no other shows: {@link #CLAIMS_OF_SESSION} claims.
 */
final class BenchWorld {
  static final int CALLS = 4;
  static final int KEYS = 60;

  /**
   * Every key for its own call and each later one; every key while no call runs; the tag for each
   * call and while none runs; the human's name for each call.
   */
  static final int CLAIMS_OF_SESSION =
      KEYS * CALLS * (CALLS + 1) / 2 + KEYS * CALLS + CALLS + 1 + CALLS;

  /** When all of it is observed: the stream's time does not move, so that nothing is swept. */
  static final Instant OBSERVED = WrittenLog.BEGIN.plus(Duration.ofMinutes(40));

  private static final String COMMAND =
      "{\"tool_input\":{\"command\":\"aws s3 cp 22.csv s3://acme-reports/2026/11/22.csv\"}}";

  private static final int HUMANS = 500;
  private static final int SPREAD_SECONDS = 1800;

  private BenchWorld() {}

  private static Instant begin(int session) {
    return WrittenLog.BEGIN.plusSeconds(session * 7L % SPREAD_SECONDS);
  }

  private static String key(int session, int call, int key) {
    return String.format(Locale.ROOT, "AKIA%08dX%dX%04d", session, call, key);
  }

  private static String tag(int session) {
    return String.format(Locale.ROOT, "custody-%020x", session);
  }

  private static Identifier identifier(IdentifierKind kind, String value) {
    return new Identifier(kind, value);
  }

  /** The tool calls of {@code session}, encoded. */
  static List<byte[]> session(int session) {
    List<byte[]> calls = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      List<Identifier> shown = new ArrayList<>();
      shown.add(identifier(IdentifierKind.SESSION_TAG, tag(session)));
      for (int key = 0; key < KEYS; key++) {
        shown.add(identifier(IdentifierKind.AWS_ACCESS_KEY_ID, key(session, call, key)));
      }
      calls.add(Formats.EVENT.encode(toolCall(session, call, shown)));
    }
    return calls;
  }

  private static Event toolCall(int session, int call, List<Identifier> shown) {
    String name = "dev" + session % HUMANS;
    return new EventBuilder(
            new Source("claude-code", "PostToolUse", null, "2.0.44"),
            new Host(name + "-laptop", "Linux 6.12"),
            OBSERVED,
            new Body.ToolCallCompleted("Bash", 1200L))
        .occurredAt(begin(session).plusSeconds(60L * call))
        .actor(
            new Actor(
                new Human(name + "@acme.com", HumanBasis.AGENT_ACCOUNT, name, null),
                new Agent(
                    "claude-code", "2.0.44", "spiffe://acme.com/agent/claude/" + name, null, null)))
        .within("session-" + session, "prompt-" + session, "toolu-" + session + "-" + call)
        .project("/home/" + name + "/src/reports")
        .action("bash")
        .outcome(Outcome.SUCCESS, null)
        .identifiers(shown)
        .content(COMMAND.getBytes(UTF_8), 0)
        .build();
  }

  /**
   * A call to a cloud. Of ten: four with a key of a session while it works, one of them with its
   * tag as well; one with a key of a session while it does not; one under a human's name with a key
   * that nobody was shown; four of machines that no session knows.
   */
  static Event cloudCall(SplittableRandom random, int sessions, long number) {
    int session = random.nextInt(sessions);
    int call = random.nextInt(CALLS);
    int kind = random.nextInt(10);
    // Only the end of a call is recorded here: a call whose request was lost lasts no time.
    Instant at = begin(session).plusSeconds(60L * call);
    String key = key(session, call, random.nextInt(KEYS));
    String agent = "aws-cli/2.15.0 md/installer#exe ua/2.0 os/linux#6.12 lang/python#3.12";
    return switch (kind) {
      case 0 -> call(at, key, "report-runner", agent + " app/" + tag(session), session);
      case 1, 2, 3 -> call(at, key, "report-runner", agent, session);
      case 4 -> call(begin(session).plusSeconds(1500), key, "report-runner", agent, session);
      case 5 -> call(at, "AKIAMACHINE" + number, "dev" + session % HUMANS, agent, session);
      default -> call(at, "AKIAMACHINE" + number % 5000, "ci-" + number % 5000, "Boto3/1.34", -1);
    };
  }

  private static Event call(Instant at, String key, String name, String agent, int session) {
    List<Identifier> identifiers = new ArrayList<>();
    identifiers.add(identifier(IdentifierKind.AWS_ACCESS_KEY_ID, key));
    identifiers.add(identifier(IdentifierKind.PRINCIPAL, name));
    identifiers.add(identifier(IdentifierKind.SOURCE_ADDRESS, "198.51.100.7"));
    if (session >= 0 && agent.contains(" app/")) {
      identifiers.add(identifier(IdentifierKind.SESSION_TAG, tag(session)));
    }
    String arn = "arn:aws:iam::123456789012:user/" + name;
    return new EventBuilder(
            new Source("cloudtrail", "PutObject", "cloudtrail", null),
            new Host("importer", "Linux 6.12"),
            OBSERVED,
            new Body.CloudCall(
                "aws",
                "123456789012",
                "eu-west-1",
                arn,
                "IAMUser",
                "198.51.100.7",
                agent,
                null,
                false,
                null,
                null))
        .occurredAt(at)
        .action("s3:PutObject")
        .outcome(Outcome.SUCCESS, null)
        .resources(List.of("arn:aws:s3:::acme-reports"))
        .identifiers(identifiers)
        .content(
            ("{\"eventVersion\":\"1.11\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":"
                    + "\"PutObject\",\"awsRegion\":\"eu-west-1\",\"requestParameters\":"
                    + "{\"bucketName\":\"acme-reports\",\"key\":\"2026/11/22.csv\"},"
                    + "\"userAgent\":\"" + agent + "\",\"userIdentity\":{\"arn\":\"" + arn + "\"}}")
                .getBytes(UTF_8),
            0)
        .build();
  }
}
