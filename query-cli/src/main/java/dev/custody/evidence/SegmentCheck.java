package dev.custody.evidence;

import dev.custody.admission.Admission;
import dev.custody.admission.ChainVerifier;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.Verdict;
import dev.custody.admission.VerifiedEvent;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Event;
import dev.custody.evidence.BundleFailure.Where;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.io.InputStream;

/** One segment: every link, and every disclosed event as admission judges it. */
final class SegmentCheck {
  private final ChainId chain;
  private final Where where;
  private final SegmentFile.Reader reader;
  private final SegmentMemory memory = new SegmentMemory();
  private final Admission admission;
  private long withheld;

  /** Takes what was verified. */
  interface Sink {
    /** A disclosed event, intact. */
    void disclosed(VerifiedEvent event, Digest link);

    /** A position, disclosed or not. */
    void linked(ChainId chain, long sequence, Digest link);
  }

  SegmentCheck(Member member, InputStream in, TrustedRoots roots) throws IOException, Refusal {
    this.chain = member.chainId();
    this.where = Where.of(member);
    this.reader = new SegmentFile.Reader(member, in);
    this.admission = new Admission(new ChainVerifier(roots, memory));
  }

  /** Number of positions, as the segment says. */
  long count() {
    return reader.count();
  }

  /** How many of them were withheld so far. */
  long withheld() {
    return withheld;
  }

  /** Goes through all of it; the first failure ends it. */
  void run(Sink sink) throws IOException, Refusal {
    for (SegmentFile.Position p = reader.next(); p != null; p = reader.next()) {
      Envelope envelope = p.disclosed();
      Digest digest = p.withheld();
      if (envelope != null) {
        VerifiedEvent event = admit(envelope);
        sink.disclosed(event, memory.newest());
      } else if (digest != null) {
        Digest link = new Link(chain, p.sequence(), memory.newest(), digest).hash();
        memory.withheld(chain, p.sequence(), link);
        withheld++;
      }
      sink.linked(chain, p.sequence(), memory.newest());
    }
  }

  private VerifiedEvent admit(Envelope envelope) throws Refusal {
    Admission.Result result =
        admission.admit(
            chain.toByteArray(), Formats.ENVELOPE.encode(envelope), observedAt(envelope));
    VerifiedEvent event = result.event();
    if (event != null && result.verdict() instanceof Verdict.Intact) {
      return event;
    }
    Where at = where.at(envelope.sequence());
    throw new Refusal(
        result.verdict() instanceof Verdict.Fork fork
            ? new BundleFailure.BrokenChain(
                at, "link " + fork.kept().hex() + " before it", fork.rival().hex())
            : new BundleFailure.Refused(at, result.verdict()));
  }

  // Where it cannot be decoded, admission says so too.
  private static long observedAt(Envelope envelope) {
    try {
      Event event = Formats.EVENT.decode(envelope.event().toByteArray());
      return event.observedAt().toEpochMilli();
    } catch (WireException e) {
      return 0;
    }
  }
}
