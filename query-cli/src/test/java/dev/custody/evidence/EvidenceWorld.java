package dev.custody.evidence;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TestChain;
import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.merkle.MerkleTree;
import dev.custody.merkle.Proofs;
import dev.custody.note.Checkpoint;
import dev.custody.note.Cosigner;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.signing.Signer;
import dev.custody.signing.TestSigner;
import dev.custody.tiles.TileDirectory;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.HashTile;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogProof;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import dev.custody.wire.Formats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An organisation with a root, a collector, a log of one partition and a witness, in memory. */
public final class EvidenceWorld {
  /** What the manifest of each bundle claims. */
  public static final Manifest CLAIMS =
      new Manifest(
          "custody test", Instant.parse("2026-11-22T10:00:00Z"), "rm \"quoted\"", List.of());

  public static final LogOrigin ORIGIN = new LogOrigin("acme.example/custody", 0, 0);

  public final Signer root = TestSigner.named("root");
  public final Signer collector = TestSigner.named("collector");
  public final Signer log = TestSigner.named("log");
  final Cosigner witness = new Cosigner("witness.example", TestSigner.named("witness"));

  private final CertificateAuthority authority = new CertificateAuthority(root);
  private final Map<ChainId, List<Envelope>> chains = new LinkedHashMap<>();
  private final Map<ChainId, Set<Long>> disclosed = new LinkedHashMap<>();
  private final List<Digest> leaves = new ArrayList<>();
  private final List<Envelope> published = new ArrayList<>();
  private Revocations revocations = Revocations.NONE;

  /** One chain of the collector. */
  public final class Chain {
    private Sealer sealer;

    private Chain(Sealer.Opened opened) {
      this.sealer = opened.sealer();
      take(List.of(opened.genesis()));
    }

    public ChainId id() {
      return sealer.head().chain();
    }

    /** Seals some tool calls under one signature. */
    public Chain calls(String... commands) {
      List<byte[]> events = new ArrayList<>();
      for (String command : commands) {
        events.add(Formats.EVENT.encode(call(command)));
      }
      take(sealer.seal(events));
      return this;
    }

    /** Changes the key. */
    public Chain rotate(Signer next) {
      take(sealer.seal(List.of(encoded(new Body.KeyRotated(certificate(next))))));
      sealer = sealer.under(next);
      return this;
    }

    /** Records that the root revoked a key after a position of a chain. */
    public Chain revoked(Signer key, Chain of, long last) {
      Revocation revocation =
          Revocation.sign(root, key.keyId(), of.id(), last, of.link(last), "laptop stolen");
      take(sealer.seal(List.of(encoded(revocation.body()))));
      return this;
    }

    /** What a successor says of it. */
    public Body.Predecessor asPredecessor() {
      return new Body.Predecessor(id(), sealer.head().sequence(), sealer.head().link());
    }

    /** Discloses positions. */
    public Chain disclose(Long... positions) {
      disclosed.put(id(), Set.of(positions));
      return this;
    }

    public List<Envelope> envelopes() {
      return chains.getOrDefault(id(), List.of());
    }

    public Digest link(long sequence) {
      return Link.of(envelopes().get((int) sequence)).hash();
    }
  }

  private void take(List<Envelope> envelopes) {
    for (Envelope envelope : envelopes) {
      chains.computeIfAbsent(envelope.chain(), c -> new ArrayList<>()).add(envelope);
      leaves.add(Link.of(envelope).hash());
      published.add(envelope);
    }
  }

  /** Opens a chain of the collector. */
  public Chain open(Body.@Nullable Predecessor predecessor) {
    return new Chain(
        Sealer.open(
            collector,
            encoded(new Body.Genesis(certificate(collector), predecessor, false, "test 1"))));
  }

  private Bytes certificate(Signer key) {
    return authority.certifyCollector(
        "spiffe://test/collector/laptop", key.publicKey(), TestChain.NOW, Duration.ofDays(1));
  }

  private static byte[] encoded(Body body) {
    return Formats.EVENT.encode(TestChain.event(body).build());
  }

  private static Event call(String command) {
    return TestChain.event(new Body.ToolCallRequested("Bash"))
        .action("tool:Bash")
        .resources(List.of("file:///proj/" + command))
        .content("{\"command\":\"%s\"}".formatted(command).getBytes(StandardCharsets.UTF_8), 0)
        .build();
  }

  /** Has the root revoke a key after a position, in a file of its own. */
  public void revoke(Signer key, Chain chain, long last) {
    revocations =
        revocations.and(
            List.of(
                Revocation.sign(
                    root, key.keyId(), chain.id(), last, chain.link(last), "laptop stolen")));
  }

  /** What is stored of a chain. */
  public List<Envelope> envelopes(ChainId chain) {
    return chains.getOrDefault(chain, List.of());
  }

  /** The root file. */
  public TrustedRoots roots() {
    return new TrustedRoots(List.of(root.publicKey()));
  }

  /** The list of logs. */
  public SignedNote logs() {
    return new LogList(
            ORIGIN.name(),
            1,
            Instant.parse("2026-11-22T06:00:00Z"),
            List.of(VerifierKey.ed25519(ORIGIN.toString(), log.publicKey())))
        .sign(new NoteSigner(LogList.rootName(ORIGIN.name()), root));
  }

  /** The newest checkpoint, signed by a key and cosigned by the witness. */
  public SignedNote checkpoint(Signer key) {
    String text = new Checkpoint(ORIGIN.toString(), leaves.size(), MerkleTree.root(leaves)).text();
    return new SignedNote(text, List.of(new NoteSigner(ORIGIN.toString(), key).sign(text)))
        .with(witness.cosign(text, Instant.parse("2026-11-22T09:00:00Z")));
  }

  private TlogProof prove(SignedNote checkpoint, Digest link) throws IOException {
    int index = leaves.indexOf(link);
    return new TlogProof(
        null,
        index,
        Proofs.inclusion(
            index,
            leaves.size(),
            (level, at) ->
                MerkleTree.root(leaves.subList((int) (at << level), (int) ((at + 1) << level)))),
        checkpoint);
  }

  /** What is disclosed of it. */
  public Evidence evidence() {
    SignedNote checkpoint = checkpoint(log);
    List<Evidence.Segment> segments = new ArrayList<>();
    disclosed.forEach((chain, positions) ->
        segments.add(new Held(chain, chains.getOrDefault(chain, List.of()), positions)));
    return new Evidence(
        roots(),
        new Bytes(logs().encode()),
        revocations,
        segments,
        (chain, sequence, link) -> prove(checkpoint, link));
  }

  private record Held(ChainId chain, List<Envelope> envelopes, Set<Long> positions)
      implements Evidence.Segment {
    @Override
    public long count() {
      return positions.stream().mapToLong(Long::longValue).max().orElseThrow() + 1;
    }

    @Override
    public @Nullable Envelope disclosed(long sequence) {
      return positions.contains(sequence) ? envelopes.get((int) sequence) : null;
    }

    @Override
    public Digest withheld(long sequence) {
      return Digest.sha256(envelopes.get((int) sequence).event().toByteArray());
    }
  }

  /** Everything, in the order in which it was published. */
  public List<Envelope> published() {
    return List.copyOf(published);
  }

  /** Writes the log as a mirror or an export has it, up to now. */
  public void writeLog(Path directory) throws IOException {
    TileDirectory tiles = new TileDirectory(directory);
    for (Tile tile : TileDirectory.tilesOf(leaves.size())) {
      tiles.putTile(tile, content(tile));
    }
    tiles.putCheckpoint(checkpoint(log).encode());
  }

  private byte[] content(Tile tile) {
    int from = (int) tile.index() * Tile.FULL;
    if (tile.level() == Tile.ENTRIES) {
      return EntryBundle.encode(
          published.subList(from, from + tile.width()).stream()
              .map(e -> Link.of(e).statement())
              .toList());
    }
    int each = 1 << (Tile.HEIGHT * tile.level());
    List<Digest> hashes = new ArrayList<>();
    for (int i = from; i < from + tile.width(); i++) {
      hashes.add(MerkleTree.root(leaves.subList(i * each, (i + 1) * each)));
    }
    return HashTile.encode(hashes);
  }

  /** A bundle of it. */
  public byte[] bundle(Path directory) throws IOException, EvidenceException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BundleWriter.write(evidence(), CLAIMS, directory, out);
    return out.toByteArray();
  }

  /** Two chains' worth of nothing special: one chain, three disclosed events, three withheld. */
  public static EvidenceWorld small() {
    EvidenceWorld world = new EvidenceWorld();
    world
        .open(null)
        .calls("withheld-one", "rm-of-interest", "withheld-two")
        .calls("withheld-three")
        .calls("curl-of-interest", "later")
        .disclose(0L, 2L, 5L);
    return world;
  }
}
