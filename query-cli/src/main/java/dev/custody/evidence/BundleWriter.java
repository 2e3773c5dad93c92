package dev.custody.evidence;

import dev.custody.admission.VerifiedEvent;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.evidence.Evidence.Segment;
import dev.custody.note.Checkpoint;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.TlogProof;
import dev.custody.trust.Revocation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a bundle. Each member is written to a file of its own first, because the manifest stands
 * before them; so it needs no more memory for a long segment than for a short one. What does not
 * verify is never written.
 */
public final class BundleWriter {
  private final Evidence evidence;
  private final Path spool;
  private final EvidenceReport report = new EvidenceReport();
  private final SortedMap<Member, Manifest.Entry> members = new TreeMap<>();
  private final Map<Member, Digest> disclosed = new LinkedHashMap<>();

  private BundleWriter(Evidence evidence, Path spool) {
    this.evidence = evidence;
    this.spool = spool;
  }

  /**
   * Writes a bundle.
   *
   * @param claims what the manifest says of its making; its members are ignored
   * @param directory where the members are kept meanwhile
   * @return its manifest
   * @throws EvidenceException when the evidence does not hold
   */
  public static Manifest write(Evidence evidence, Manifest claims, Path directory, OutputStream out)
      throws IOException, EvidenceException {
    Path spool = Files.createTempDirectory(directory, ".evidence-");
    try {
      BundleWriter writer = new BundleWriter(evidence, spool);
      writer.spool();
      Manifest manifest = claims.with(List.copyOf(writer.members.values()));
      writer.assemble(manifest, out);
      return manifest;
    } catch (Refusal e) {
      throw failed(e.failure());
    } finally {
      delete(spool);
    }
  }

  private static EvidenceException failed(BundleFailure failure) {
    return new EvidenceException(
        "%s at %s: expected %s, found %s"
            .formatted(failure.name(), place(failure.where()), failure.expected(), failure.found()),
        "evidence is made of a log that is intact: custody verify");
  }

  private static String place(BundleFailure.Where where) {
    ChainId chain = where.chain();
    return chain == null || where.sequence() == null
        ? where.member()
        : chain.shortHex() + "#" + where.sequence();
  }

  private static void delete(Path spool) throws IOException {
    List<Path> files;
    try (var found = Files.walk(spool)) {
      files = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  // --- members

  private void spool() throws IOException, EvidenceException, Refusal {
    put(Member.ROOTS, evidence.roots().fileText());
    report.roots(evidence.roots());
    LogList logs = logs();
    put(Member.LOGS, evidence.logs().toByteArray());
    report.logs(logs);
    List<Revocation> revocations = evidence.revocations().all();
    if (!revocations.isEmpty()) {
      StringBuilder lines = new StringBuilder();
      revocations.forEach(r -> lines.append(r.fileText()));
      put(Member.REVOCATIONS, lines.toString());
      report.revocations(revocations);
    }
    List<Segment> segments = new ArrayList<>(evidence.segments());
    segments.sort(Comparator.comparing(s -> s.chain().hex()));
    for (Segment segment : segments) {
      spool(segment);
    }
    prove(logs);
    put(Member.REPORT, report.text());
  }

  private LogList logs() throws EvidenceException {
    try {
      return LogList.open(evidence.logs().toByteArray(), evidence.roots().publicKeys());
    } catch (TlogException e) {
      throw new EvidenceException(
          "the list of logs is not to be believed: " + e.getMessage(),
          "see whether the root keys are those of this organisation");
    }
  }

  private void put(Member member, String text) throws IOException {
    put(member, text.getBytes(StandardCharsets.UTF_8));
  }

  private void put(Member member, byte[] bytes) throws IOException {
    put(member, out -> out.write(bytes));
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private void put(Member member, Content content) throws IOException {
    MessageDigest sha256 = Digest.newSha256();
    Path file = file(member);
    try (OutputStream out =
        new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), sha256)) {
      content.writeTo(out);
    }
    members.put(
        member, new Manifest.Entry(member.name(), Files.size(file), new Digest(sha256.digest())));
  }

  private Path file(Member member) {
    return spool.resolve(member.name().replace('/', '_'));
  }

  /** Writes a segment, and reads it back as a verifier does. */
  private void spool(Segment segment) throws IOException, Refusal, EvidenceException {
    Member member = Member.chain(segment.chain());
    put(member, out -> SegmentFile.write(segment, new BufferedOutputStream(out)));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file(member)))) {
      SegmentCheck check = new SegmentCheck(member, in, evidence.roots());
      report.chain(segment.chain(), check.count());
      check.run(
          new SegmentCheck.Sink() {
            @Override
            public void disclosed(VerifiedEvent event, Digest link) {
              report.event(event.envelope(), event.event(), link);
              disclosed.put(Member.proof(segment.chain(), event.envelope().sequence()), link);
            }

            @Override
            public void linked(ChainId chain, long sequence, Digest link) {
              // Its digest is all that goes out.
            }
          });
      report.withheld(check.withheld());
    }
    if (disclosed.size() > Evidence.MAX_DISCLOSED) {
      throw new EvidenceException(
          "expected at most %d events to disclose, found more".formatted(Evidence.MAX_DISCLOSED),
          "ask for less: --since, --until, more words");
    }
  }

  private void prove(LogList logs) throws IOException, EvidenceException {
    SortedMap<Member, SignedNote> checkpoints = new TreeMap<>();
    Map<Member, TlogProof> proofs = new LinkedHashMap<>();
    for (Map.Entry<Member, Digest> event : disclosed.entrySet()) {
      Member member = event.getKey();
      TlogProof proof = evidence.proofs().prove(member.chainId(), member.first(), event.getValue());
      LogOrigin origin = LogOrigin.parse(proof.checkpoint().origin());
      Member checkpoint = Member.checkpoint(origin.partition(), origin.generation());
      SignedNote known = checkpoints.putIfAbsent(checkpoint, proof.note());
      if ((known != null && !known.equals(proof.note())) || !proof.includes(event.getValue())) {
        throw new EvidenceException(
            "the log %s does not prove %s".formatted(origin, member.name()),
            "see what is wrong with the log: custody verify");
      }
      verify(logs, origin, proof.note());
      put(member, proof.encode());
      proofs.put(member, proof);
    }
    for (Map.Entry<Member, SignedNote> checkpoint : checkpoints.entrySet()) {
      put(checkpoint.getKey(), checkpoint.getValue().encode());
      report.checkpoint(checkpoint.getValue(), checkpointOf(checkpoint.getValue()));
    }
    proofs.forEach(report::proof);
  }

  private static Checkpoint checkpointOf(SignedNote note) {
    try {
      return Checkpoint.of(note);
    } catch (dev.custody.note.NoteException e) {
      throw new IllegalStateException("a proof holds a checkpoint", e);
    }
  }

  private static void verify(LogList logs, LogOrigin origin, SignedNote note)
      throws EvidenceException {
    try {
      Checkpoint verified = logs.verify(origin, note.encode());
      if (verified.size() > 0) {
        return;
      }
    } catch (TlogException e) {
      throw new EvidenceException(
          "the checkpoint of %s is not to be believed: %s".formatted(origin, e.getMessage()),
          "see what is wrong with the log: custody verify");
    }
    throw new EvidenceException("the log " + origin + " is empty", "wait for its next checkpoint");
  }

  // --- the archive

  private void assemble(Manifest manifest, OutputStream out) throws IOException {
    byte[] encoded = manifest.encode();
    append(Member.MANIFEST, encoded, out);
    for (Map.Entry<Member, Manifest.Entry> member : members.entrySet()) {
      long size = member.getValue().size();
      out.write(Ustar.header(member.getKey().name(), size));
      Files.copy(file(member.getKey()), out);
      out.write(new byte[Ustar.padding(size)]);
    }
    append(Member.DIGEST, Manifest.digestLine(encoded), out);
    out.write(new byte[Ustar.END]);
    out.flush();
  }

  private static void append(Member member, byte[] bytes, OutputStream out) throws IOException {
    out.write(Ustar.header(member.name(), bytes.length));
    out.write(bytes);
    out.write(new byte[Ustar.padding(bytes.length)]);
  }
}
