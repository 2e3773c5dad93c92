package dev.custody.bench;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.capture.CaptureException;
import dev.custody.capture.SourceNotes;
import dev.custody.delegations.Binding;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.digest.Bytes;
import dev.custody.enforce.Decision;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.identity.Delegation;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.TokenSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A decision on a call of a tool: the session's binding, with its look at the project's file, and
 * the judgement of a shell command with two calls of the AWS command line.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class DecisionBenchmark {
  private static final String HUMAN = "dana@acme.example";
  private static final String SESSION = "s1";
  private static final SpiffeId AGENT =
      SpiffeId.parse("spiffe://acme.example/agent/claude-code/shop");
  private static final String COMMAND =
      "cd infra && AWS_PROFILE=prod aws s3 cp s3://acme-prod/state.json . && make plan | tee out;"
          + " aws s3 rb s3://acme-prod-builds --force";

  /** Grants of one human in the book, all of them to this agent. */
  @Param({"1", "1000"})
  public int grants;

  private String root = "";
  private @Nullable Bindings bindings;
  private @Nullable DecisionPoint decisions;

  /** Records the grants. */
  @Setup
  public void grant() throws Exception {
    Path directory = Files.createTempDirectory("custody-bench");
    root = directory.toString();
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    CertificateAuthority authority = new CertificateAuthority(keys.signer("root"));
    TokenSigner human = keys.tokenSigner("human");
    Instant now = Instant.now();
    Bytes certificate =
        authority.certifyHuman(HUMAN, human.publicJwks(), now, Duration.ofDays(1));
    DelegationBook book =
        DelegationBook.open(
            new Nowhere(),
            new TrustedRoots(List.of(authority.publicKey())),
            InstantSource.system());
    for (int i = 0; i < grants; i++) {
      String id = "dlg-bench-%06d".formatted(i);
      book.recorded(
          new EventBuilder(
                  new Source("custody", "DelegationGranted", id, null),
                  new Host("laptop", null),
                  now,
                  new Body.DelegationGranted(
                      id, human.sign(delegation(id, now)), certificate, List.of()))
              .build());
    }
    bindings = new Bindings(book);
    decisions =
        new DecisionPoint(
            book,
            new Policy(Policy.Mode.ENFORCE, true, Policy.Undecided.DENY, Policy.DEADLINE));
  }

  private static Delegation delegation(String id, Instant now) {
    List<dev.custody.identity.Scope.Grant> scope = new ArrayList<>();
    for (String bucket : List.of("acme-dev-*", "acme-test-*", "acme-prod/*")) {
      scope.add(
          new dev.custody.identity.Scope.Grant(
              List.of("s3:Get*", "s3:List*", "s3:PutObject"),
              List.of("arn:aws:s3:::" + bucket)));
    }
    Instant from = now.minusSeconds(60);
    return new Delegation(
        id,
        HUMAN,
        AGENT,
        new dev.custody.identity.Scope(scope),
        from,
        from,
        from.plusSeconds(28_800),
        "a benchmark",
        1);
  }

  /** Under the newest of the grants. */
  @Benchmark
  public Decision bound() {
    Instant now = Instant.now();
    Binding binding = Objects.requireNonNull(bindings).at(root, null, HUMAN, AGENT, SESSION, null, now);
    return decide(binding, now);
  }

  /** When all of them have ended: none binds, and all are looked through. */
  @Benchmark
  public Decision ended() {
    Instant now = Instant.now().plusSeconds(86_400);
    Binding binding =
        Objects.requireNonNull(bindings).at(root, null, HUMAN, AGENT, SESSION, null, now);
    return decide(binding, now);
  }

  private Decision decide(Binding binding, Instant now) {
    return Objects.requireNonNull(decisions)
        .decide("Bash", List.of(), COMMAND, binding, HUMAN, AGENT, SESSION, null, now);
  }

  /** Notes that nobody reads again. */
  private static final class Nowhere implements SourceNotes {
    @Override
    public byte @Nullable [] get(String name) throws CaptureException {
      return null;
    }

    @Override
    public void put(String name, byte[] value) {}

    @Override
    public SortedMap<String, byte[]> all(String prefix) {
      return new TreeMap<>();
    }

    @Override
    public void remove(String name) {}
  }
}
