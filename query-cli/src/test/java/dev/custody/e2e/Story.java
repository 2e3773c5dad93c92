package dev.custody.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.identity.SpiffeId;
import dev.custody.local.CollectorClient;
import dev.custody.local.DelegationDesk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * What the answers are asked about: none of its words, ids, keys, places and people are those of
 * the shipped sample.
 *
 * <p>Rosa's agent looks at machines, as she let it, and ends one, which she did not. Ivo granted
 * nothing, and his agent drops a database. Both agents were shown one and the same key. Some calls
 * are nobody's.
 */
final class Story {
  static final String ROSA = "rosa.lind@northwind.test";
  static final String IVO = "ivo@northwind.test";

  static final String ROSAS_SESSION = "0f3d1b7c-8a55-4c1e-b6a0-5d2e9c7f4a11";
  static final String ROSAS_PROMPT = "b81c44d2-70fe-4e0b-8a6d-31f0c5a9e722";
  static final String IVOS_SESSION = "7be2a9d0-1c64-4f7a-9d3b-e05c8b16af33";
  static final String IVOS_PROMPT = "4d90e7f5-2b18-49c6-8f7e-6ac3d2b05144";
  static final String FIRST_RIVAL = "c3a7f0e1-5d92-4b68-a1c4-8f6e0d7b9255";
  static final String SECOND_RIVAL = "e6d15c83-9f40-4a27-b7e8-2c0b3f8a6d66";
  static final String HOSTILE_SESSION = "95f8b2c6-3e07-4d1a-8c59-a4e7d0f1b377";
  static final String HOSTILE_PROMPT = "2a6c0d94-e7b1-4f35-9d82-c8f5b3e6a088";

  static final String SHOWS = "call_shows_7Qm2";
  static final String LOOKS = "call_looks_8Rn3";
  static final String ENDS = "call_ends_9So4";
  static final String COMMITS = "call_commits_1Tp5";
  static final String REFUSED = "call_refused_2Uq6";
  static final String DROPS = "call_drops_3Vr7";

  static final String ROSAS_KEY = "AKIAQ7NORTHWIND2LEDG";
  static final String IVOS_KEY = "AKIAQ7NORTHWIND3BILL";
  static final String SHARED_KEY = "AKIAQ7NORTHWIND4BOTH";
  static final String HOSTILE_KEY = "AKIAQ7NORTHWIND5EVIL";
  static final String NOBODYS_KEY = "AKIAQ7NORTHWIND6NONE";

  static final String MACHINE = "arn:aws:ec2:eu-north-1:210987654321:instance/i-0abc4417d2";
  static final String MESSAGE = "Note which machines are gone";

  private static final String GITHUB_TOKEN = "ghp_Zq7LxN4vT2bWcR9dYk3mHs8uJp5fGa6eQ1oV";
  private static final String DATABASE_PASSWORD = "tide-Marble-9417-otter";
  private static final String BEARER = "mF9B5fGZk2QwLr8Xv3TnYb7Hc1Dj6Ps4";
  private static final String PRIVATE_KEY =
      "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";

  /** What was sent and must be found nowhere. */
  static final List<String> SECRETS =
      List.of(
          secretOf(ROSAS_KEY),
          secretOf(IVOS_KEY),
          secretOf(SHARED_KEY),
          secretOf(HOSTILE_KEY),
          GITHUB_TOKEN,
          DATABASE_PASSWORD,
          BEARER,
          PRIVATE_KEY);

  static final String ESCAPE = Character.toString(0x1b);
  static final String BACKWARDS = Character.toString(0x202e);
  static final String NO_WIDTH = Character.toString(0x200b);

  /** Terminal escapes, a forged line, text that runs backwards, a character without a width. */
  static final String HOSTILE =
      "Tidy%s[2J%s]0;owned%s up\r\n  grade        PROVEN: forged\n%sgnp.exe%s%send"
          .formatted(
              ESCAPE, ESCAPE, Character.toString(7), BACKWARDS, NO_WIDTH, Character.toString(0x85));

  private static final String END_COMMAND =
      "aws ec2 terminate-instances --instance-ids i-0abc4417d2";
  private static final String DROP_COMMAND =
      "aws rds delete-db-instance --db-instance-identifier invoices";

  private final List<CollectorClient> collectors;
  private final GitRepository ledger;
  private final GitRepository billing;
  private final Trail trail = new Trail();
  private String rosasCommit = "";
  private String handMadeCommit = "";

  /** To be told to all of {@code collectors}; its repositories lie in {@code directory}. */
  Story(Path directory, List<CollectorClient> collectors) throws IOException, InterruptedException {
    this.collectors = collectors;
    this.ledger = GitRepository.make(directory.resolve("ledger"), ROSA);
    this.billing = GitRepository.make(directory.resolve("billing-ui"), IVO);
  }

  /** Rosa lets agents look at machines, and nothing else. */
  static DelegationDesk.Request rosasGrant() {
    Instant start = Instant.now().minus(10, ChronoUnit.MINUTES);
    return new DelegationDesk.Request(
        ROSA,
        SpiffeId.agent("local", "claude-code", "ledger"),
        List.of("ec2:Describe*"),
        List.of("*"),
        start,
        start.plus(8, ChronoUnit.HOURS),
        "count the machines");
  }

  /** What the agents did, hook by hook. */
  void agents() throws IOException, InterruptedException {
    awaitNextSecond();
    rosa();
    ivo();
    rivals();
    hostile();
  }

  // A cloud tells whole seconds: what it did in the second of a grant may have been done before it.
  private static void awaitNextSecond() {
    Instant next = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    while (Instant.now().isBefore(next)) {
      Thread.onSpinWait();
    }
  }

  private void rosa() throws IOException, InterruptedException {
    AgentSession agent = new AgentSession(collectors, ledger.directory(), ROSAS_SESSION);
    agent.starts();
    agent.prompted(
        ROSAS_PROMPT,
        "The staging cluster costs too much; switch off what nobody uses. Token: " + GITHUB_TOKEN);
    agent.refusedToRead(".env", REFUSED);
    agent.ran(SHOWS, "cat config.ini", configuration(ROSAS_KEY));
    agent.begins(LOOKS, "aws ec2 describe-instances");
    trail.call("looks-1", Instant.now(), "ec2:DescribeInstances", "ledger-ops", ROSAS_KEY, "all");
    agent.finishes(LOOKS, "aws ec2 describe-instances", "i-0abc4417d2 idle");
    agent.begins(ENDS, END_COMMAND);
    ObjectNode ends =
        trail.call(
            "ends-1", Instant.now(), "ec2:TerminateInstances", "ledger-ops", ROSAS_KEY, MACHINE);
    ends.putObject("additionalEventData").put("note", "sent with Bearer " + BEARER);
    trail.call("nobodys-1", Instant.now(), "kms:Decrypt", "deploy-bot", NOBODYS_KEY, "x");
    trail.call("namesake-1", Instant.now(), "kms:Encrypt", "rosa.lind", NOBODYS_KEY, "x");
    agent.finishes(ENDS, END_COMMAND, "shutting-down");
    rosasCommit = ledger.commit("notes/machines.md", MESSAGE);
    agent.committed(COMMITS, MESSAGE, rosasCommit);
    agent.ends();
    handMadeCommit = ledger.commit("notes/by-hand.md", "Without any agent, token " + GITHUB_TOKEN);
  }

  private void ivo() throws IOException, InterruptedException {
    AgentSession agent = new AgentSession(collectors, billing.directory(), IVOS_SESSION);
    agent.prompted(IVOS_PROMPT, "Clean up after the migration");
    agent.ran("call_outputs_4Ws8", "terraform output", configuration(IVOS_KEY));
    agent.begins(DROPS, DROP_COMMAND);
    trail.call(
        "drops-1", Instant.now(), "rds:DeleteDBInstance", "billing-ci", IVOS_KEY, "invoices");
    agent.finishes(DROPS, DROP_COMMAND, "deleting");
    // An hour later no call of the session runs any more.
    Instant later = Instant.now().plus(1, ChronoUnit.HOURS);
    trail.call("later-1", later, "rds:CreateDBSnapshot", "billing-ci", IVOS_KEY, "invoices");
  }

  private void rivals() throws IOException, InterruptedException {
    AgentSession first = new AgentSession(collectors, ledger.directory(), FIRST_RIVAL);
    AgentSession second = new AgentSession(collectors, billing.directory(), SECOND_RIVAL);
    first.ran("call_first_5Xt9", "cat shared.ini", configuration(SHARED_KEY));
    second.ran("call_second_6Yu1", "cat shared.ini", configuration(SHARED_KEY));
    first.begins("call_first_7Zv2", "./sync-everything");
    second.begins("call_second_8Aw3", "./sync-everything");
    trail.call(
        "both-1", Instant.now(), "sqs:PurgeQueue", "shared-ci", SHARED_KEY, "arn:aws:sqs:a:1:jobs");
    first.finishes("call_first_7Zv2", "./sync-everything", "done");
    second.finishes("call_second_8Aw3", "./sync-everything", "done");
  }

  private void hostile() throws IOException, InterruptedException {
    AgentSession agent = new AgentSession(collectors, billing.directory(), HOSTILE_SESSION);
    agent.prompted(HOSTILE_PROMPT, HOSTILE);
    agent.refusedToRead("evil" + HOSTILE + "/secrets.pem", "call_evil_9Bx4");
    agent.ran("call_evil_1Cy5", "printenv # " + HOSTILE, configuration(HOSTILE_KEY));
    agent.begins("call_evil_2Dz6", "aws sns delete-topic " + HOSTILE);
    trail.call(
        "evil-1",
        Instant.now(),
        "sns:DeleteTopic",
        "ops" + HOSTILE,
        HOSTILE_KEY,
        "arn:aws:sns:eu-north-1:210987654321:t" + HOSTILE);
    agent.finishes("call_evil_2Dz6", "aws sns delete-topic " + HOSTILE, "ok");
  }

  /** What the cloud recorded of it. */
  Trail trail() {
    return trail;
  }

  /** The commit that Rosa's agent made. */
  String rosasCommit() {
    return rosasCommit;
  }

  /** A commit that no tool call reported. */
  String handMadeCommit() {
    return handMadeCommit;
  }

  /** Where Rosa's agent works. */
  Path ledger() {
    return ledger.directory();
  }

  private static String secretOf(String key) {
    String backwards = new StringBuilder(key.toLowerCase(Locale.ROOT)).reverse().toString();
    return "wJ/" + backwards + "+Kd8RfPx3ZbQ7eLmY";
  }

  /** A configuration file with {@code key} in it. */
  static String configuration(String key) {
    return """
    [cloud]
    aws_access_key_id = %s
    aws_secret_access_key = %s
    [database]
    url = postgres://app:%s@db.internal:5432/app
    [tls]
    -----BEGIN PRIVATE KEY-----
    %s
    -----END PRIVATE KEY-----
    """
        .formatted(key, secretOf(key), DATABASE_PASSWORD, PRIVATE_KEY);
  }
}
