package dev.custody.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.evidence.EvidenceWorld.Chain;
import dev.custody.evidence.Member.Kind;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.signing.TestSigner;
import dev.custody.tlog.TlogProof;
import dev.custody.tlog.WitnessPolicy;
import dev.custody.tlog.WitnessPolicy.Witness;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attacker who knows the format, and sets every digest right after a change. */
class TamperedBundleTest {
  private static final TestSigner STRANGER = TestSigner.named("stranger");

  @TempDir private Path directory;
  private final EvidenceWorld world = EvidenceWorld.small();
  private Forge forge = Forge.empty();
  private Member chain = Member.REPORT;

  @BeforeEach
  void make() throws Exception {
    forge = Forge.of(world.bundle(directory));
    chain = forge.first(Kind.CHAIN);
  }

  private BundleFailure only(byte[] bundle) {
    return only(new BundleVerifier(world.roots(), null, List.of()), bundle);
  }

  private static BundleFailure only(BundleVerifier verifier, byte[] bundle) {
    List<BundleFailure> failures = verifier.verify(bundle).failures();
    assertThat(failures).hasSize(1);
    return failures.getFirst();
  }

  private static void assertFailure(
      BundleFailure failure, String name, String member, @Nullable Long sequence) {
    assertThat(failure.name()).as("%s", failure).isEqualTo(name);
    assertThat(failure.where().member()).isEqualTo(member);
    assertThat(failure.where().sequence()).isEqualTo(sequence);
    assertThat(failure.next()).isNotEmpty();
  }

  /** Writes the segment of the one chain anew. */
  private byte[] segment(LongFunction<@Nullable Envelope> disclosed) throws Exception {
    Evidence.Segment was = world.evidence().segments().getFirst();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SegmentFile.write(
        new Evidence.Segment() {
          @Override
          public dev.custody.digest.ChainId chain() {
            return was.chain();
          }

          @Override
          public long count() {
            return was.count();
          }

          @Override
          public @Nullable Envelope disclosed(long sequence) {
            return disclosed.apply(sequence);
          }

          @Override
          public Digest withheld(long sequence) {
            return was.withheld(sequence);
          }
        },
        out);
    return out.toByteArray();
  }

  private Envelope envelope(long sequence) {
    return world.envelopes(chain.chainId()).get((int) sequence);
  }

  private byte[] withEnvelope(long at, Envelope changed) throws Exception {
    return segment(s -> s == at ? changed : List.of(0L, 2L, 5L).contains(s) ? envelope(s) : null);
  }

  // --- container and manifest

  @Test
  void anAlteredMemberIsNamed() {
    Manifest before = forge.manifest();
    forge.change(
        Member.REPORT,
        report -> {
          report[10] ^= 1;
          return report;
        });
    assertFailure(only(forge.archive(before)), "AlteredMember", "report.md", null);
  }

  @Test
  void aMemberThatTheManifestListsButIsNotThereIsNamed() {
    Manifest before = forge.manifest();
    Member proof = forge.first(Kind.PROOF);
    assertFailure(
        only(forge.drop(proof).archive(before)), "MissingMember", proof.name(), proof.first());
  }

  @Test
  void aMemberThatTheManifestDoesNotListIsNamed() {
    Manifest before = forge.manifest();
    Member extra = Member.checkpoint(7, 0);
    assertFailure(
        only(forge.put(extra, new byte[3]).archive(before)), "ExtraMember", extra.name(), null);
  }

  @Test
  void aManifestThatIsNotItsDigestsIsRefused() {
    byte[] bundle = forge.bundle();
    Manifest other = new Manifest("another tool", Instant.EPOCH, "", forge.manifest().members());
    byte[] changed = forge.archive(other);
    // The end of the first with the beginning of the second: the digest of another manifest.
    int tail = 2 * Ustar.BLOCK + Ustar.END;
    byte[] mixed = changed.clone();
    System.arraycopy(bundle, bundle.length - tail, mixed, mixed.length - tail, tail);
    assertFailure(only(mixed), "BadManifest", "manifest.json", null);
  }

  @Test
  void aMemberOfAnotherNameIsRefused() {
    byte[] bundle = forge.bundle();
    byte[] header = Ustar.header("../../etc/passwd", 0);
    byte[] longer = Arrays.copyOf(bundle, bundle.length + Ustar.BLOCK);
    System.arraycopy(header, 0, longer, bundle.length - Ustar.END, Ustar.BLOCK);
    BundleFailure failure = only(longer);
    assertThat(failure.name()).isEqualTo("BadContainer");
    assertThat(failure.found()).isEqualTo("\"../../etc/passwd\"");
  }

  @Test
  void aNewerFormatIsToldByItsName() {
    byte[] manifest =
        new String(forge.manifest().encode(), StandardCharsets.UTF_8)
            .replace("evidence-v1", "evidence-v2")
            .getBytes(StandardCharsets.UTF_8);
    byte[] bundle = forge.bundle();
    System.arraycopy(manifest, 0, bundle, Ustar.BLOCK, manifest.length);
    assertThat(only(bundle).found()).isEqualTo("another: \"custody-evidence-v2\"");
  }

  // --- trust

  @Test
  void anotherOrganisationsRootIsNotTheAuditors() {
    TrustedRoots others = new TrustedRoots(List.of(STRANGER.publicKey()));
    BundleVerifier verifier = new BundleVerifier(others, null, List.of());
    assertFailure(only(verifier, forge.bundle()), "ForeignRoot", "roots.pub", null);
  }

  @Test
  void aRootThatIsSmuggledInBesideTheRealOneIsForeign() {
    forge.put(
        Member.ROOTS,
        Bytes.utf8(
                new TrustedRoots(List.of(world.root.publicKey(), STRANGER.publicKey())).fileText())
            .toByteArray());
    assertFailure(only(forge.bundle()), "ForeignRoot", "roots.pub", null);
  }

  @Test
  void aCommentInTheRootFileIsNotItsCanonicalForm() {
    forge.change(
        Member.ROOTS,
        file ->
            ("# trust me\n" + new String(file, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8));
    assertFailure(only(forge.bundle()), "BadMember", "roots.pub", null);
  }

  @Test
  void aListOfLogsThatNoRootSignedIsRefused() throws Exception {
    String text = world.logs().text();
    SignedNote forged =
        new SignedNote(
            text, List.of(new NoteSigner("acme.example/custody/root", STRANGER).sign(text)));
    assertFailure(
        only(forge.put(Member.LOGS, forged.encode()).bundle()), "BadLogList", "logs", null);
  }

  // --- chains

  @Test
  void aWithheldDigestThatIsExchangedBreaksTheChain() {
    // Position 1 follows the header and the genesis.
    forge.change(
        chain,
        file -> {
          int genesis = java.nio.ByteBuffer.wrap(file).getInt(41);
          file[45 + genesis + 5] ^= 1;
          return file;
        });
    BundleFailure failure = only(forge.bundle());
    assertFailure(failure, "BrokenChain", chain.name(), 2L);
    assertThat(failure.found()).isEqualTo(envelope(2).previous().hex());
  }

  @Test
  void anEventThatIsAlteredHasABadSeal() throws Exception {
    Envelope e = envelope(2);
    byte[] event = e.event().toByteArray();
    int at = new String(event, StandardCharsets.ISO_8859_1).indexOf("rm-of-interest");
    event[at] = 'R';
    Envelope altered =
        new Envelope(
            e.chain(),
            e.sequence(),
            e.previous(),
            new Bytes(event),
            e.sealFirst(),
            e.sealSize(),
            e.sealPath(),
            e.key(),
            e.signature());
    assertFailure(
        only(forge.put(chain, withEnvelope(2, altered)).bundle()), "BadSeal", chain.name(), 2L);
  }

  @Test
  void anEventOfAnotherPlaceIsNotOfItsPosition() throws Exception {
    assertFailure(
        only(forge.put(chain, withEnvelope(2, envelope(3))).bundle()),
        "BadMember",
        chain.name(),
        2L);
  }

  @Test
  void anEventThatIsWithheldAfterwardsNeedsNoProofAnyMore() throws Exception {
    forge.put(chain, segment(s -> s == 0 || s == 5 ? envelope(s) : null));
    Member proof = Member.proof(chain.chainId(), 2);
    assertFailure(only(forge.bundle()), "ExtraMember", proof.name(), 2L);
    // Who withholds more tells less, and that is all: the report is another one.
    assertFailure(only(forge.drop(proof).bundle()), "AlteredReport", "report.md", null);
  }

  @Test
  void aWithheldRotationShowsByTheKeyAfterIt() throws Exception {
    EvidenceWorld rotated = new EvidenceWorld();
    rotated
        .open(null)
        .calls("before")
        .rotate(TestSigner.named("next"))
        .calls("after")
        .disclose(0L, 3L);
    EvidenceException refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            EvidenceException.class, () -> rotated.bundle(directory));
    assertThat(refused.getMessage()).contains("WrongKey at ").contains("#3: expected");
  }

  @Test
  void aDisclosedRotationCarriesTheNewKey() throws Exception {
    EvidenceWorld rotated = new EvidenceWorld();
    rotated
        .open(null)
        .calls("before")
        .rotate(TestSigner.named("next"))
        .calls("after")
        .disclose(0L, 2L, 3L);
    byte[] bundle = rotated.bundle(directory);
    assertThat(new BundleVerifier(rotated.roots(), null, List.of()).verify(bundle).failures())
        .isEmpty();
  }

  @Test
  void aTrailingByteOfASegmentIsRefused() throws Exception {
    byte[] file = segment(s -> List.of(0L, 2L, 5L).contains(s) ? envelope(s) : null);
    byte[] trailing = Arrays.copyOf(file, file.length + 1);
    assertFailure(only(forge.put(chain, trailing).bundle()), "BadMember", chain.name(), 6L);
  }

  // --- revocations

  @Test
  void anEventAfterARevocationIsUntrusted() throws Exception {
    EvidenceWorld stolen = new EvidenceWorld();
    Chain of = stolen.open(null).calls("one", "two", "three").disclose(0L, 1L, 3L);
    stolen.revoke(stolen.collector, of, 2);
    BundleFailure failure =
        only(new BundleVerifier(stolen.roots(), null, List.of()), stolen.bundle(directory));
    assertFailure(failure, "RevokedKey", "chains/" + of.id().hex(), 3L);
    assertThat(failure.found()).contains("revoked after #2 (laptop stolen)");
  }

  @Test
  void aRevocationThatTheExporterLeftOutIsBroughtAlong() throws Exception {
    EvidenceWorld stolen = new EvidenceWorld();
    Chain of = stolen.open(null).calls("one", "two", "three").disclose(0L, 1L, 3L);
    byte[] before = stolen.bundle(directory);
    stolen.revoke(stolen.collector, of, 2);
    BundleVerifier knowing =
        new BundleVerifier(stolen.roots(), null, List.of(), stolen.evidence().revocations());
    assertFailure(only(knowing, before), "RevokedKey", "chains/" + of.id().hex(), 3L);
  }

  @Test
  void aRevocationThatIsAlteredIsNoRootsAnyMore() throws Exception {
    EvidenceWorld stolen = new EvidenceWorld();
    Chain of = stolen.open(null).calls("one", "two", "three").disclose(0L, 3L);
    stolen.revoke(stolen.collector, of, 2);
    Forge forged = Forge.of(stolen.bundle(directory));
    forged.change(
        Member.REVOCATIONS,
        file ->
            new String(file, StandardCharsets.UTF_8)
                .replace("stolen", "stolem")
                .replaceFirst("v1 .", "v1 /")
                .getBytes(StandardCharsets.UTF_8));
    assertFailure(
        only(new BundleVerifier(stolen.roots(), null, List.of()), forged.bundle()),
        "BadRevocation",
        "revocations",
        0L);
  }

  // --- the log

  @Test
  void aCheckpointOfAnotherKeyIsRefused() throws Exception {
    Member checkpoint = forge.first(Kind.CHECKPOINT);
    forge.put(checkpoint, world.checkpoint(STRANGER).encode());
    assertFailure(only(forge.bundle()), "BadCheckpoint", checkpoint.name(), null);
  }

  @Test
  void aProofThatDoesNotLeadToTheCheckpointIsNamed() throws Exception {
    Member proof = Member.proof(chain.chainId(), 2);
    TlogProof was = TlogProof.parse(forge.get(proof));
    TlogProof other = new TlogProof(null, was.index() + 1, was.inclusion(), was.note());
    BundleFailure failure = only(forge.put(proof, other.encode()).bundle());
    assertFailure(failure, "BadProof", proof.name(), 2L);
    assertThat(failure.found()).isEqualTo("one that does not, at index 3");
  }

  @Test
  void aProofUnderAnotherCheckpointIsNamed() throws Exception {
    Member proof = Member.proof(chain.chainId(), 2);
    TlogProof was = TlogProof.parse(forge.get(proof));
    TlogProof other = new TlogProof(null, was.index(), was.inclusion(), world.checkpoint(STRANGER));
    assertFailure(only(forge.put(proof, other.encode()).bundle()), "BadProof", proof.name(), 2L);
  }

  @Test
  void aProofWithExtraDataIsRefused() throws Exception {
    Member proof = Member.proof(chain.chainId(), 2);
    TlogProof was = TlogProof.parse(forge.get(proof));
    TlogProof other = new TlogProof(Bytes.utf8("x"), was.index(), was.inclusion(), was.note());
    assertFailure(only(forge.put(proof, other.encode()).bundle()), "BadMember", proof.name(), 2L);
  }

  @Test
  void aDroppedProofIsMissing() {
    Member proof = Member.proof(chain.chainId(), 2);
    assertFailure(only(forge.drop(proof).bundle()), "MissingMember", chain.name(), 2L);
  }

  @Test
  void aPolicyAsksForItsWitnesses() {
    WitnessPolicy satisfied = policy(world.witness);
    WitnessPolicy not = policy(new dev.custody.note.Cosigner("other.example", STRANGER));
    assertThat(
            new BundleVerifier(world.roots(), satisfied, List.of()).verify(forge.bundle()).intact())
        .isTrue();
    BundleFailure failure = only(new BundleVerifier(world.roots(), not, List.of()), forge.bundle());
    assertFailure(failure, "PolicyNotSatisfied", "checkpoints/0-0", null);
    assertThat(failure.found()).isEqualTo("signatures of []");
  }

  private static WitnessPolicy policy(dev.custody.note.Cosigner cosigner) {
    return new WitnessPolicy(
        List.of(), List.of(new Witness("w", cosigner.key(), null)), List.of(), "w");
  }

  @Test
  void aLogThatWasRewrittenSinceIsForked() {
    Checkpoint kept = new Checkpoint(EvidenceWorld.ORIGIN.toString(), 7, Digest.sha256());
    SignedNote note =
        new SignedNote(
            kept.text(), List.of(new NoteSigner(kept.origin(), world.log).sign(kept.text())));
    BundleFailure failure =
        only(new BundleVerifier(world.roots(), null, List.of(note)), forge.bundle());
    assertFailure(failure, "ForkedLog", "checkpoints/0-0", null);
    assertThat(failure.expected()).contains("at size 7, as you kept it");
  }

  // --- the report

  @Test
  void aStoryThatIsToldOtherwiseIsSeen() {
    forge.change(
        Member.REPORT,
        report ->
            new String(report, StandardCharsets.UTF_8)
                .replace("rm-of-interest", "ls-of-interest")
                .getBytes(StandardCharsets.UTF_8));
    BundleFailure failure = only(forge.bundle());
    assertFailure(failure, "AlteredReport", "report.md", null);
    assertThat(failure.expected()).contains("file:///proj/rm-of-interest");
    assertThat(failure.found()).contains("file:///proj/ls-of-interest");
  }

  @Test
  void randomBitsOfChainsAndProofsNeverPassEvenWithEveryDigestSetRight() {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("custody.seed=" + seed);
    java.util.Random random = new java.util.Random(seed);
    BundleVerifier verifier = new BundleVerifier(world.roots(), policy(world.witness), List.of());
    for (Member member : forge.members(Kind.CHAIN)) {
      flip(verifier, member, random, 400);
    }
    for (Member member : List.of(forge.first(Kind.PROOF), forge.first(Kind.CHECKPOINT))) {
      flip(verifier, member, random, 200);
    }
  }

  private void flip(BundleVerifier verifier, Member member, java.util.Random random, int times) {
    byte[] clean = forge.get(member);
    for (int i = 0; i < times; i++) {
      int bit = random.nextInt(clean.length * 8);
      byte[] flipped = clean.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(verifier.verify(forge.put(member, flipped).bundle()).intact())
          .as("bit %d of %s", bit, member)
          .isFalse();
    }
    forge.put(member, clean);
  }
}
