package dev.custody.bench;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.Examiner;
import dev.custody.admission.Examiner.Raw;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Seal;
import dev.custody.chain.SealTrees;
import dev.custody.chain.Sealer;
import dev.custody.digest.Digest;
import dev.custody.event.Event;
import dev.custody.event.EventView;
import dev.custody.merkle.MerkleTree;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.PublicKeys;
import dev.custody.signing.Signer;
import dev.custody.wire.BulkReader;
import dev.custody.wire.Formats;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What one event costs, part by part; each figure is for one event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class VerificationBenchmark {
  private static final int EVENTS = 64;

  /** Events under one signature. */
  @Param({"1", "64"})
  public int sealSize;

  private final List<Raw> records = new ArrayList<>();
  private final List<Envelope> envelopes = new ArrayList<>();
  private final List<byte[]> events = new ArrayList<>();
  private final List<Digest> links = new ArrayList<>();
  private final BulkReader bulk = new BulkReader();
  private final Examiner examiner = Examiner.inBulk();
  private final SealTrees trees = new SealTrees();

  private dev.custody.digest.Bytes key = new dev.custody.digest.Bytes(new byte[0]);

  /** Seals 64 events. */
  @Setup
  public void seal() throws Exception {
    Path directory = Files.createTempDirectory("custody-bench");
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    Signer signer = keys.signer("collector");
    CertificateAuthority root = new CertificateAuthority(keys.signer("root"));
    key = signer.publicKey();
    Instant now = WrittenLog.BEGIN;
    Sealer sealer =
        Sealer.open(
                signer,
                WrittenLog.genesis(
                    root.certifyCollector(
                        "spiffe://bench/collector/0", key, now, Duration.ofDays(1))))
            .sealer();
    for (int i = 0; i < EVENTS; i++) {
      events.add(WrittenLog.toolCall(now, i));
    }
    for (int i = 0; i < EVENTS; i += sealSize) {
      envelopes.addAll(sealer.seal(events.subList(i, i + sealSize)));
    }
    for (Envelope envelope : envelopes) {
      links.add(Link.of(envelope).hash());
      records.add(
          Raw.of(
              envelope.chain().toByteArray(),
              Formats.ENVELOPE.encode(envelope),
              now.toEpochMilli()));
    }
  }

  /** Everything that a record costs before its chain is asked, the signature excepted. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void examine(Blackhole hole) {
    for (Raw record : records) {
      hole.consume(examiner.examine(record));
    }
  }

  /** Link hash, path and signature, by envelope; nothing is remembered. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void linkAndSealOfEachEnvelope(Blackhole hole) {
    for (Envelope envelope : envelopes) {
      Seal seal =
          Objects.requireNonNull(Seal.claimedBy(envelope, Link.of(envelope).hash()));
      hole.consume(PublicKeys.verifies(key, envelope.signature(), seal.statement()));
    }
  }

  /** Link hash and path by envelope, the signature once for each seal. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void linkAndSealRemembered(Blackhole hole) {
    Seal last = null;
    for (Envelope envelope : envelopes) {
      Seal seal =
          Objects.requireNonNull(trees.claimedBy(envelope, Link.of(envelope).hash()));
      if (!seal.equals(last)) {
        hole.consume(PublicKeys.verifies(key, envelope.signature(), seal.statement()));
        last = seal;
      }
    }
  }

  /** The JDK's SHA-256 over the stored bytes. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void plainSha256(Blackhole hole) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256", "SUN");
    for (Raw record : records) {
      sha256.update(record.bytes());
    }
    hole.consume(sha256.digest());
  }

  /** An event in full. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void decode(Blackhole hole) throws Exception {
    for (byte[] event : events) {
      Event decoded = Formats.EVENT.decode(event);
      hole.consume(decoded);
    }
  }

  /** An event checked byte by byte, without objects. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void skim(Blackhole hole) {
    for (byte[] event : events) {
      EventView view = bulk.event(event, 0, event.length);
      hole.consume(view);
    }
  }

  /** The root of a tree of 64 leaves. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void merkleRoot(Blackhole hole) {
    hole.consume(MerkleTree.root(links));
  }

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    org.openjdk.jmh.Main.main(arguments);
  }
}
