package dev.custody.campaign;

import dev.custody.campaign.SwitchedOffChecksTest.Excused;
import java.util.ArrayList;
import java.util.List;

/** Conditions of the verifier's classes that the campaign need not notice, and why. */
final class Excuses {
  static final List<Excused> ALL = all();

  private Excuses() {}

  private static List<Excused> all() {
    List<Excused> all = new ArrayList<>();
    excuse(
        all,
        "asks, and refuses nothing",
        "ChainVerifier.lambda$fillGap$0#1",
        "ChainAudit.hasOpenGaps#1",
        "CheckpointTrail.add#",
        "LogAudit.isOfALogOfOurs#1",
        "LogAudit.forked#1",
        "LogAudit.forked#2",
        "LogAudit.lambda$entry$0#1",
        "LogAudit.lambda$finish$0#1",
        "LogList.lambda$current$0#1",
        "PartitionAudit.isKnown#1",
        "PublishedTiles.upperDefect#1",
        "PublishedTiles.node#",
        "Successors.lacksPredecessor#",
        "Revocation.equals#",
        "SignedNote.requireSignedBy#1");
    excuse(
        all,
        "belongs to who makes proofs, tiles and lists, not to who verifies them",
        "EntryBundle.encode#",
        "HashTile.encode#",
        "LogList.sign#1",
        "MerkleTree.root#1",
        "MerkleTree.paths#1",
        "Proofs.inclusion#",
        "Proofs.consistency#",
        "Proofs.root#1",
        "Revocation.sign#1");
    excuse(
        all,
        "the same is refused before, or the root behind it differs: the length of a path",
        "MerkleTree.rootOf#1",
        "MerkleTree.rootOf#2",
        "MerkleTree.rootOf#3",
        "MerkleTree.rootOf#4",
        "Proofs.consistent#1",
        "Proofs.consistent#2",
        "Proofs.leadsToBoth#2",
        "Proofs.leadsToBoth#3",
        "Proofs.leadsToBoth#4",
        "PublishedTiles.openEntries#",
        "Revocation.decode#2");
    excuse(
        all,
        "the parser refuses the same before: no such text comes this far",
        "Checkpoint.<init>#",
        "Checkpoint.isCheckpoint#1",
        "Checkpoint.read#1",
        "Checkpoint.lambda$new$0#1",
        "TlogProof.<init>#4");
    excuse(
        all,
        "only who holds the root's or a witness's key can write it",
        "ChainVerifier.collector#2",
        "LogList.<init>#",
        "LogList.parse#",
        "SignatureCheck.cosignature#2",
        "SignatureCheck.cosignature#3",
        "SignatureCheck.cosignature#4",
        "TrustedRoots.isRoot#2",
        "TrustedRoots.isRoot#3",
        "Revocation.refusal#1",
        "Revocation.verify#1");
    excuse(
        all,
        "needs more entries than a log of this campaign has; LargeLogsTest",
        "PublishedTiles.reportMissingUpper#1");
    excuse(
        all,
        "no witness of this campaign has such a key; TlogVectorsTest",
        "SignatureCheck.mlDsaCosignature#",
        "SignatureCheck.subtree#");
    excuse(all, "a limit of 64 KiB of data that nothing authenticates", "TlogProof.<init>#2");
    return all;
  }

  private static void excuse(List<Excused> all, String why, String... checks) {
    for (String check : checks) {
      all.add(new Excused(check, why));
    }
  }
}
