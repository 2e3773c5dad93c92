package dev.custody.evidence;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.admission.VerifiedEvent;
import dev.custody.chain.Envelope;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.StrictText;
import dev.custody.event.Body;
import dev.custody.evidence.BundleFailure.Where;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.TlogProof;
import dev.custody.tlog.WitnessPolicy;
import dev.custody.trust.KnownHistories;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import dev.custody.trust.Trust;
import dev.custody.trust.TrustJudge;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the members of a bundle prove, each by those before it. */
final class BundleCheck implements SegmentCheck.Sink {
  private final @Nullable TrustedRoots auditor;
  private final CheckpointCheck checkpoints;
  private final List<BundleFailure> failures = new ArrayList<>();
  private final EvidenceReport report = new EvidenceReport();
  private final KnownHistories histories = new KnownHistories();
  private final SortedMap<Member, Disclosed> unproven = new TreeMap<>();
  private final List<Disclosed> disclosed = new ArrayList<>();
  private final Set<String> broken = new HashSet<>();
  private final List<BundleResult.Chain> chains = new ArrayList<>();
  private TrustedRoots roots = new TrustedRoots(List.of());
  private Revocations revocations;
  private byte[] claimedReport = new byte[0];
  private String collector = "";

  private record Disclosed(Where where, long sequence, Digest link, KeyId key) {}

  BundleCheck(
      @Nullable TrustedRoots auditor,
      @Nullable WitnessPolicy policy,
      List<SignedNote> kept,
      Revocations known) {
    this.auditor = auditor;
    this.revocations = known;
    this.checkpoints = new CheckpointCheck(policy, kept, this::fail);
  }

  void fail(BundleFailure failure) {
    if (failures.size() < BundleResult.MAX_LISTED) {
      failures.add(failure);
    }
  }

  /** Goes through all members. */
  void run(BundleReader reader) throws IOException, Refusal {
    for (var entry = reader.next(); entry != null; entry = reader.next()) {
      Member member = entry.member();
      switch (member.kind()) {
        case MANIFEST, DIGEST -> {}
        case REPORT -> claimedReport = reader.content();
        case ROOTS -> takeRoots(reader.content());
        case LOGS -> takeLogs(reader.content());
        case REVOCATIONS -> takeRevocations(reader.content());
        case CHAIN -> takeChain(member, reader);
        case CHECKPOINT ->
            checkpoints
                .take(member, reader.content())
                .ifPresent(c -> report.checkpoint(c.note(), c.checkpoint()));
        case PROOF -> takeProof(member, reader.content());
      }
    }
    unproven.forEach((member, event) -> {
      if (!broken.contains(member.chain())) {
        fail(
            new BundleFailure.MissingMember(
                event.where(), "a proof of this event, " + member.name(), "none"));
      }
    });
    checkpoints.unused().forEach(this::fail);
    judge();
    compareReports();
  }

  // --- who is trusted

  private void takeRoots(byte[] file) throws Refusal {
    Where where = Where.of(Member.ROOTS);
    TrustedRoots offered;
    try {
      offered = TrustedRoots.parse(Member.ROOTS.name(), StrictText.utf8(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal(
          new BundleFailure.BadMember(where, "a root file", String.valueOf(e.getMessage())));
    }
    if (!Arrays.equals(offered.fileText().getBytes(StandardCharsets.UTF_8), file)) {
      throw new Refusal(
          new BundleFailure.BadMember(where, "the canonical form of a root file", "another one"));
    }
    roots = auditor == null ? offered : auditor.extendedBy(offered);
    List<String> trusted = roots.fingerprints();
    for (String key : offered.fingerprints()) {
      if (!trusted.contains(key)) {
        // Nothing below such a root means anything to this auditor.
        throw new Refusal(
            new BundleFailure.ForeignRoot(where, "root keys that lead to one of " + trusted, key));
      }
    }
    report.roots(offered);
  }

  private void takeLogs(byte[] note) throws Refusal {
    try {
      LogList logs = LogList.open(note, roots.publicKeys());
      if (!Arrays.equals(SignedNote.parse(note).encode(), note)) {
        throw new Refusal(
            new BundleFailure.BadMember(
                Where.of(Member.LOGS), "the one encoding of a note", "another one"));
      }
      checkpoints.trust(logs);
      report.logs(logs);
    } catch (TlogException | dev.custody.note.NoteException e) {
      throw new Refusal(
          new BundleFailure.BadLogList(
              Where.of(Member.LOGS),
              "a list of logs that a trusted root signed",
              String.valueOf(e.getMessage())));
    }
  }

  private void takeRevocations(byte[] file) throws Refusal {
    Where where = Where.of(Member.REVOCATIONS);
    List<Revocation> read = new ArrayList<>();
    StringBuilder canonical = new StringBuilder();
    try {
      for (String line : StrictText.utf8(file).lines().toList()) {
        read.add(Revocation.parse(line, roots));
      }
    } catch (UntrustedException | IllegalArgumentException e) {
      throw new Refusal(
          new BundleFailure.BadRevocation(
              where.at(read.size()),
              "a revocation that a trusted root signed",
              String.valueOf(e.getMessage())));
    }
    List<Revocation> sorted = new Revocations(read).all();
    sorted.forEach(r -> canonical.append(r.fileText()));
    byte[] expected = canonical.toString().getBytes(StandardCharsets.UTF_8);
    if (read.isEmpty() || !Arrays.equals(expected, file)) {
      throw new Refusal(
          new BundleFailure.BadMember(
              where, "at least one revocation, in their order, each once", "others"));
    }
    report.revocations(sorted);
    revocations = revocations.and(sorted);
  }

  // --- chains

  private void takeChain(Member member, BundleReader reader) throws IOException {
    long before = disclosed.size();
    try {
      SegmentCheck check =
          new SegmentCheck(member, new BufferedInputStream(reader.stream()), roots);
      report.chain(member.chainId(), check.count());
      check.run(this);
      report.withheld(check.withheld());
      chains.add(
          new BundleResult.Chain(
              member.chainId(),
              collector,
              check.count() - 1,
              disclosed.size() - before,
              check.withheld()));
    } catch (Refusal e) {
      broken.add(member.chain());
      fail(e.failure());
    }
  }

  @Override
  public void disclosed(VerifiedEvent event, Digest link) {
    Envelope envelope = event.envelope();
    Member member = Member.chain(envelope.chain());
    if (event.event().body() instanceof Body.Genesis genesis) {
      histories.opened(envelope.chain(), genesis);
      collector = subject(genesis);
    }
    report.event(envelope, event.event(), link);
    Disclosed one =
        new Disclosed(
            Where.of(member).at(envelope.sequence()), envelope.sequence(), link, envelope.key());
    disclosed.add(one);
    unproven.put(Member.proof(envelope.chain(), envelope.sequence()), one);
  }

  private String subject(Body.Genesis genesis) {
    try {
      return roots.verify(genesis.certificate()).subject();
    } catch (UntrustedException e) {
      throw new IllegalStateException("an admitted genesis is trusted", e);
    }
  }

  @Override
  public void linked(ChainId chain, long sequence, Digest link) {
    for (Revocation revocation : revocations.all()) {
      if (revocation.lastTrusted() == sequence && revocation.chain().equals(chain)) {
        histories.stored(chain, sequence, link);
      }
    }
  }

  private void judge() {
    TrustJudge judge = revocations.against(histories);
    for (Disclosed event : disclosed) {
      ChainId chain = event.where().chain();
      if (chain != null
          && judge.of(chain, event.sequence(), event.link(), event.key())
              instanceof Trust.Untrusted untrusted) {
        fail(new BundleFailure.RevokedKey(event.where(), untrusted));
      }
    }
  }

  // --- the log

  private void takeProof(Member member, byte[] file) {
    Disclosed event = unproven.remove(member);
    if (event == null) {
      if (!broken.contains(member.chain())) {
        fail(
            new BundleFailure.ExtraMember(
                Where.of(member), "proofs of disclosed events only", member.name()));
      }
      return;
    }
    TlogProof proof = checkpoints.prove(member, file, event.link());
    if (proof != null) {
      report.proof(member, proof);
    }
  }

  // --- the report

  private void compareReports() {
    byte[] computed = report.text();
    if (failures.isEmpty() && !Arrays.equals(computed, claimedReport)) {
      int at = Arrays.mismatch(computed, claimedReport);
      fail(
          new BundleFailure.AlteredReport(
              Where.of(Member.REPORT),
              "line %d: %s".formatted(line(computed, at), lineAt(computed, at)),
              lineAt(claimedReport, at)));
    }
  }

  private static long line(byte[] text, int at) {
    long line = 1;
    for (int i = 0; i < Math.min(at, text.length); i++) {
      line += text[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  private static String lineAt(byte[] text, int at) {
    int begin = Math.min(at, text.length);
    while (begin > 0 && text[begin - 1] != '\n') {
      begin--;
    }
    int end = begin;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return StrictText.shown(new String(text, begin, end - begin, StandardCharsets.UTF_8));
  }

  BundleResult result(Manifest manifest) {
    List<String> notChecked = new ArrayList<>(checkpoints.notChecked());
    if (auditor == null) {
      notChecked.addFirst(
          "whether the root keys are your organisation's (they are the bundle's own): --root FILE");
    }
    notChecked.add("whether more events match: the query is the exporter's claim");
    return new BundleResult(
        manifest,
        roots.fingerprints(),
        auditor != null,
        chains,
        checkpoints.verified(),
        failures,
        notChecked);
  }
}
