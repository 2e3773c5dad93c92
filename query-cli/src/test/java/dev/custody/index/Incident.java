package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.attribution.IssuedCredential;
import dev.custody.attribution.Position;
import dev.custody.attribution.TraceEdge;
import dev.custody.digest.ChainId;
import dev.custody.event.Agent;
import dev.custody.event.EventId;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.wire.Formats;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An agent is refused a file, gets its secret another way, and removes a bucket with it. */
public final class Incident {
  public static final String SESSION = "de69fa27-56e9-4a24-a42a-3fbc674d999f";
  public static final String PROMPT = "69689aad-5b97-4537-b976-2744f2b85ffa";
  public static final String KEY = "AKIA2E0A8F3B244C9986";
  public static final String COMMIT = "d6256e0c0ffee0123456789abcdef0123456789a";
  public static final Instant START = Instant.parse("2026-11-22T07:14:00Z");
  public static final ChainId CHAIN = ChainId.ofHex("7f3a1c0d000102030405060708090a0b");

  public static final Agent AGENT =
      new Agent("claude-code", null, "spiffe://local/agent/claude-code/acme-api", SESSION, null);
  public static final Human HUMAN =
      new Human("dana@example.test", HumanBasis.GIT_EMAIL, "dana", "dana@example.test");

  public static final Attribution SUBMITTED =
      event(1, "PromptSubmitted")
          .action("prompt:submit")
          .extract("The deploy fails because the build bucket is full. Free up space.")
          .best(candidate(null, Grade.CORROBORATED))
          .build();
  public static final Attribution REFUSED =
      event(2, "ToolCallRefused")
          .action("tool:Read")
          .resources("/home/dana/acme-api/.env")
          .outcome(Outcome.DENIED, "denied by your permission settings")
          .best(candidate("toolu_01JuoPGB5ceDoSCj0FYSKzFR", Grade.CORROBORATED))
          .build();
  public static final Attribution SHOWED =
      event(3, "ToolCallCompleted")
          .action("tool:Bash")
          .extract("docker compose config")
          .outcome(Outcome.SUCCESS, null)
          .identifiers(new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, KEY))
          .best(candidate("toolu_01djPFxo1pkONu4uKdFP4TII", Grade.CORROBORATED))
          .build();
  public static final Attribution REQUESTED =
      event(4, "ToolCallRequested")
          .action("tool:Bash")
          .extract("aws s3 rb s3://acme-prod-builds --force")
          .resources("arn:aws:s3:::acme-prod-builds")
          .best(candidate("toolu_0113SXBW9COEzLQFRjCiukjb", Grade.CORROBORATED))
          .build();
  public static final Attribution COMPLETED =
      event(6, "ToolCallCompleted")
          .action("tool:Bash")
          .extract("aws s3 rb s3://acme-prod-builds --force")
          .resources("arn:aws:s3:::acme-prod-builds")
          .outcome(Outcome.SUCCESS, null)
          .best(candidate("toolu_0113SXBW9COEzLQFRjCiukjb", Grade.CORROBORATED))
          .build();
  public static final Attribution DELETED =
      event(5, "CloudCall")
          .action("s3:DeleteBucket")
          .resources("arn:aws:s3:::acme-prod-builds")
          .outcome(Outcome.SUCCESS, null)
          .identifiers(
              new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, KEY),
              new Identifier(IdentifierKind.PRINCIPAL, "acme-deployer"),
              new Identifier(IdentifierKind.SOURCE_ADDRESS, "203.0.113.7"))
          .best(
              candidate(
                  "toolu_0113SXBW9COEzLQFRjCiukjb",
                  Grade.CORROBORATED,
                  "key id shown in the tool's result (toolu_01dj)",
                  "the call's time lies inside the tool call"))
          .delegation(
              new DelegationUse(
                  DelegationVerdict.OUTSIDE,
                  "dlg-8f2a11",
                  "dana@example.test",
                  List.of("s3:Get*, s3:List* on *"),
                  Instant.parse("2026-11-22T14:00:00Z"),
                  null,
                  "the scope does not allow s3:DeleteBucket"))
          .hits("custody-outside-delegation")
          .build();
  public static final Attribution COMMITTED =
      event(8, "CommitCreated")
          .action("git:commit")
          .resources("scripts/cleanup.sh")
          .extract("Add build bucket cleanup script")
          .identifiers(new Identifier(IdentifierKind.GIT_COMMIT, COMMIT))
          .best(candidate("toolu_01TZ864egg6jvmS0hQ03WO8y", Grade.PROVEN, "full id and time"))
          .build();

  public static final List<Attribution> EVENTS =
      List.of(SUBMITTED, REFUSED, SHOWED, REQUESTED, DELETED, COMPLETED, COMMITTED);

  public static final List<TraceEdge> EDGES =
      List.of(
          edge("prompt:" + PROMPT, "refused:toolu_01JuoPGB5ceDoSCj0FYSKzFR", "was refused", 2),
          edge("prompt:" + PROMPT, "tool:toolu_01djPFxo1pkONu4uKdFP4TII", "requested", 3),
          edge("tool:toolu_01djPFxo1pkONu4uKdFP4TII", "credential:" + KEY, "showed", 3),
          edge("prompt:" + PROMPT, "tool:toolu_0113SXBW9COEzLQFRjCiukjb", "requested", 4),
          edge(
              "credential:" + KEY,
              "cloud:" + DELETED.event(),
              "used",
              5,
              "key id shown in the tool's result"),
          edge("tool:toolu_0113SXBW9COEzLQFRjCiukjb", "cloud:" + DELETED.event(), "made", 5),
          edge("prompt:" + PROMPT, "tool:toolu_01TZ864egg6jvmS0hQ03WO8y", "requested", 7),
          edge("tool:toolu_01TZ864egg6jvmS0hQ03WO8y", "commit:" + COMMITTED.event(), "made", 8));

  public static final String FINDING_ID = "custody-outside-delegation:" + PROMPT;
  public static final String FINDING =
      """
      {"class_uid":2004,"severity_id":5,"severity":"Critical","status":"New","time":%d,\
      "message":"claude-code called s3:DeleteBucket outside dlg-8f2a11",\
      "finding_info":{"uid":"%s","title":"Cloud call outside the delegation",\
      "analytic":{"uid":"custody-outside-delegation","name":"Use outside the delegation"},\
      "related_events":[{"uid":"%s"}]},\
      "evidences":[{"actor":{"app_name":"claude-code","session":{"uid":"%s"},\
      "user":{"name":"dana@example.test"}}}],\
      "remediation":{"desc":"Revoke AKIA2E0A8F3B244C9986"}}\
      """
          .formatted(START.plusSeconds(6).toEpochMilli(), FINDING_ID, DELETED.event(), SESSION);

  private Incident() {}

  /** All of it, committed, in an index at {@code directory}. */
  public static void index(java.nio.file.Path directory) throws java.io.IOException {
    index(directory, List.of());
  }

  /** The same, with {@code more} events. */
  public static void index(java.nio.file.Path directory, List<Attribution> more)
      throws java.io.IOException {
    try (EventIndex index = EventIndex.open(directory)) {
      more.forEach(event -> index.add(event, Formats.ATTRIBUTION.encode(event)));
      EVENTS.forEach(event -> index.add(event, Formats.ATTRIBUTION.encode(event)));
      EDGES.forEach(edge -> index.add(edge, Formats.EDGE.encode(edge)));
      index.addFinding(FINDING_ID, FINDING.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      index.commit(java.util.Map.of());
    }
  }

  /** An id that is the same in every run. */
  public static EventId id(long number) {
    return EventId.parse("019a9c1e-0000-7000-8000-%012d".formatted(number));
  }

  public static Candidate candidate(@Nullable String toolCall, Grade grade, String... reasons) {
    return new Candidate(
        AGENT,
        HUMAN,
        SESSION,
        PROMPT,
        toolCall,
        null,
        grade,
        List.of(reasons),
        List.of(),
        "/home/dana/acme-api");
  }

  public static TraceEdge edge(
      String from, String to, String relation, long second, String... reasons) {
    return new TraceEdge(
        PROMPT,
        from,
        to,
        relation,
        Grade.CORROBORATED,
        START.plusSeconds(second),
        List.of(reasons),
        List.of(),
        1,
        false);
  }

  /** An event of that number, second and sequence. */
  public static Maker event(long number, String kind) {
    return new Maker(number, kind);
  }

  /** Makes an attributed event. */
  public static final class Maker {
    private final long number;
    private final String kind;
    private long revision = 1;
    private @Nullable String action;
    private Source source = new Source("test", null, null, null);
    private @Nullable Instant time;
    private String extract = "";
    private List<String> resources = List.of();
    private Outcome outcome = Outcome.UNKNOWN;
    private @Nullable String reason;
    private List<Identifier> identifiers = List.of();
    private Candidate best =
        new Candidate(
            null, null, null, null, null, null, Grade.UNATTRIBUTED, List.of(), List.of(), null);
    private List<Candidate> rivals = List.of();
    private List<String> hits = List.of();
    private @Nullable IssuedCredential issued;
    private @Nullable String account;
    private DelegationUse delegation =
        new DelegationUse(DelegationVerdict.NOT_APPLICABLE, null, null, List.of(), null, null, "");

    private Maker(long number, String kind) {
      this.number = number;
      this.kind = kind;
    }

    public Maker revision(long value) {
      revision = value;
      return this;
    }

    public Maker action(@Nullable String value) {
      action = value;
      return this;
    }

    public Maker source(String value) {
      source = new Source(value, null, null, null);
      return this;
    }

    public Maker source(Source value) {
      source = value;
      return this;
    }

    public Maker at(Instant value) {
      time = value;
      return this;
    }

    public Maker extract(String value) {
      extract = value;
      return this;
    }

    public Maker resources(String... values) {
      resources = List.of(values);
      return this;
    }

    public Maker outcome(Outcome value, @Nullable String why) {
      outcome = value;
      reason = why;
      return this;
    }

    public Maker identifiers(Identifier... values) {
      identifiers = List.of(values);
      return this;
    }

    public Maker best(Candidate value) {
      best = value;
      return this;
    }

    public Maker rivals(Candidate... values) {
      rivals = List.of(values);
      return this;
    }

    public Maker delegation(DelegationUse value) {
      delegation = value;
      return this;
    }

    public Maker issued(IssuedCredential value) {
      issued = value;
      return this;
    }

    public Maker account(String value) {
      account = value;
      return this;
    }

    public Maker hits(String... values) {
      hits = List.of(values);
      return this;
    }

    public Attribution build() {
      Instant when = time == null ? START.plusSeconds(number) : time;
      return new Attribution(
          id(number),
          revision,
          kind,
          when,
          when,
          new Position(1, 40 + number, CHAIN, number),
          source,
          "laptop",
          action,
          resources,
          outcome,
          reason,
          identifiers,
          0,
          extract,
          best,
          Grade.INFERRED,
          rivals,
          0,
          delegation,
          hits,
          List.of(),
          issued,
          account);
    }
  }
}
