package dev.custody.evidence;

import dev.custody.admission.Verdict;
import dev.custody.digest.ChainId;
import dev.custody.trust.Trust;
import org.jspecify.annotations.Nullable;

/**
 * Why a bundle is not intact: data, one of a closed list; {@code docs/evidence.md} has the table.
 */
public sealed interface BundleFailure {
  /** Name of the verdict, as printed. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** The member, and where it tells one, the position. */
  Where where();

  /** What had to be there. It may hold strings of the bundle, as may {@link #found}. */
  String expected();

  /** What is there. */
  String found();

  /** What to do next. */
  default String next() {
    return ASK;
  }

  /**
   * A place in a bundle.
   *
   * @param member name of the member, or of the archive's part
   * @param chain null where there is none
   * @param sequence null where there is none
   */
  record Where(String member, @Nullable ChainId chain, @Nullable Long sequence) {
    static Where of(String member) {
      return new Where(member, null, null);
    }

    static Where of(Member member) {
      boolean proof = member.kind() == Member.Kind.PROOF;
      boolean chained = proof || member.kind() == Member.Kind.CHAIN;
      return new Where(
          member.name(), chained ? member.chainId() : null, proof ? member.first() : null);
    }

    Where at(long position) {
      return new Where(member, chain, position);
    }
  }

  /** The bytes are no archive of this form. */
  record BadContainer(Where where, String expected, String found) implements BundleFailure {}

  /** The manifest is not its canonical form, not its own digest's, or lists what cannot be. */
  record BadManifest(Where where, String expected, String found) implements BundleFailure {}

  /** A member that the manifest lists, or the evidence needs, is not there. */
  record MissingMember(Where where, String expected, String found) implements BundleFailure {}

  /** A member that the manifest does not list, or nothing in the evidence needs. */
  record ExtraMember(Where where, String expected, String found) implements BundleFailure {}

  /** Size or digest of a member is not the manifest's. */
  record AlteredMember(Where where, String expected, String found) implements BundleFailure {}

  /** A member is not of its format. */
  record BadMember(Where where, String expected, String found) implements BundleFailure {}

  /** A root of the bundle is none of the auditor's. */
  record ForeignRoot(Where where, String expected, String found) implements BundleFailure {
    @Override
    public String next() {
      return "this is evidence of another organisation, or of somebody who made up a root; name the root that you trust: --root FILE";
    }
  }

  /** No root signed the list of logs. */
  record BadLogList(Where where, String expected, String found) implements BundleFailure {}

  /** No root signed a revocation. */
  record BadRevocation(Where where, String expected, String found) implements BundleFailure {}

  /** A link does not lead to the next. */
  record BrokenChain(Where where, String expected, String found) implements BundleFailure {}

  /** A disclosed event that admission refuses. */
  record Refused(Where where, Verdict verdict) implements BundleFailure {
    @Override
    public String name() {
      return verdict.name();
    }

    @Override
    public String expected() {
      return "an event that continues its chain";
    }

    @Override
    public String found() {
      return verdict.detail();
    }

    @Override
    public String next() {
      return verdict instanceof Verdict.UnknownSigner
          ? "verify with the root of the organisation that enrolled this collector: --root FILE"
          : ASK;
    }
  }

  /** A revocation speaks against a disclosed event. */
  record RevokedKey(Where where, Trust.Untrusted trust) implements BundleFailure {
    @Override
    public String expected() {
      return "a key that was trusted at this position";
    }

    @Override
    public String found() {
      return trust.detail();
    }

    @Override
    public String next() {
      return "whoever had the key could have written this event: look for what else shows it";
    }
  }

  /** No key that the list names for the log signed the checkpoint. */
  record BadCheckpoint(Where where, String expected, String found) implements BundleFailure {}

  /** The proof does not lead from the link hash to the checkpoint. */
  record BadProof(Where where, String expected, String found) implements BundleFailure {}

  /** Log or witnesses of the auditor's policy have not signed. */
  record PolicyNotSatisfied(Where where, String expected, String found) implements BundleFailure {
    @Override
    public String next() {
      return "ask for a bundle under a checkpoint that these witnesses cosigned";
    }
  }

  /** The checkpoint that the auditor kept has another root for the same size. */
  record ForkedLog(Where where, String expected, String found) implements BundleFailure {
    @Override
    public String next() {
      return "the log's key signed two histories: keep both checkpoints, they prove it";
    }
  }

  /** The report is not the one that the evidence gives. */
  record AlteredReport(Where where, String expected, String found) implements BundleFailure {
    @Override
    public String next() {
      return "do not believe what report.md says; or verify with the release that made the bundle";
    }
  }

  /** The next step where a bundle is damaged or forged. */
  String ASK = "compare with a copy from before, or ask whoever made it to export it again";
}
