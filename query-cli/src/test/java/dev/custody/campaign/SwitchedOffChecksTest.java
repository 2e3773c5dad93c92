package dev.custody.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tests the campaign: with each check of the verifier switched off in turn, some operator must get
 * another answer than it declares. The checks are found in the verifier's classes, so a new one
 * that no operator knows fails this test.
 */
class SwitchedOffChecksTest {
  private static final Set<String> VERIFIERS =
      Set.of(
          "dev.custody.admission.ChainVerifier",
          "dev.custody.admission.Examiner",
          "dev.custody.admission.TrustedRoots",
          "dev.custody.audit.ChainAudit",
          "dev.custody.audit.CheckpointTrail",
          "dev.custody.audit.LogAudit",
          "dev.custody.audit.LogAudit$Trails",
          "dev.custody.audit.PartitionAudit",
          "dev.custody.audit.PublishedTiles",
          "dev.custody.audit.Successors",
          "dev.custody.merkle.MerkleTree",
          "dev.custody.merkle.Proofs",
          "dev.custody.note.Checkpoint",
          "dev.custody.note.SignatureCheck",
          "dev.custody.note.SignedNote",
          "dev.custody.tlog.EntryBundle",
          "dev.custody.tlog.HashTile",
          "dev.custody.tlog.LogList",
          "dev.custody.tlog.TlogProof",
          "dev.custody.trust.Revocation");

  /** Simple names of what a verifier refuses with. */
  private static final Pattern REFUSALS =
      Pattern.compile(
          "Refused|BadGenesis|UnknownSigner|WrongKey|KeyOutsideValidity|BadRotation|BadSeal"
              + "|Malformed|Relabelled|NoGenesis|Fork|Stale|RivalSuccessor|ForeignSuccessor"
              + "|ForgottenTail|OtherTail|MissingTail|AfterStop|FalseStop|WrongPartition"
              + "|SplitView|ForkedLog|RolledBackLog|MissingTile|BadTile|BadCheckpoint|BadLogList"
              + "|UntrustedException|NoteException|TlogException|IllegalArgumentException");

  /**
   * Conditions that are no check of what an attacker wrote, or behind which another check says the
   * same; each with its reason.
   */
  private static final List<Excused> EXCUSED = Excuses.ALL;

  /** A check by class, method and number, or a method's all, and why nobody can notice it. */
  record Excused(String method, String why) {}

  @Test
  void theCampaignNoticesEveryCheckThatIsSwitchedOff() throws Exception {
    // What is tested here is the campaign, not luck: each operator is applied a few times only.
    long seed = Long.getLong("custody.seed", 20261122);
    System.out.println("-Dcustody.seed=" + seed);
    int copies = Runtime.getRuntime().availableProcessors();
    Set<String> excuses = new ConcurrentSkipListSet<>();
    List<Callable<List<String>>> shares = new ArrayList<>();
    for (int share = 0; share < copies; share++) {
      int mine = share;
      shares.add(() -> missed(seed, mine, copies, excuses));
    }

    List<String> missed = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(copies)) {
      for (Future<List<String>> share : threads.invokeAll(shares)) {
        missed.addAll(share.get());
      }
    }

    assertThat(missed).isEmpty();
    assertThat(EXCUSED.stream().map(Excused::method))
        .allSatisfy(m -> assertThat(excuses).contains(m));
  }

  /** What nobody noticed of every so manieth check, in a copy of the verifier of its own. */
  private static List<String> missed(long seed, int mine, int copies, Set<String> excuses)
      throws Exception {
    Instrumented copy = new Instrumented(VERIFIERS, REFUSALS.asMatchPredicate());
    List<String> checks = copy.checks();
    Object run =
        copy.loadClass(SwitchedOffRun.class.getName()).getConstructor(long.class).newInstance(seed);
    Method noticed = run.getClass().getMethod("noticed", int.class);
    assertThat(run.getClass().getMethod("calibrate").invoke(run)).isEqualTo("");

    List<String> missed = new ArrayList<>();
    for (int check = mine; check < checks.size(); check += copies) {
      String name = checks.get(check);
      if (excuse(name, excuses)) {
        continue;
      }
      String by = noticed(noticed, run, check);
      System.out.println(name + " -> " + by);
      if (by.isEmpty()) {
        missed.add(name);
      }
    }
    return missed;
  }

  private static boolean excuse(String check, Set<String> used) {
    for (Excused excused : EXCUSED) {
      String own = excused.method();
      if (check.startsWith(own.endsWith("#") ? own : own + ":")) {
        used.add(excused.method());
        return true;
      }
    }
    return false;
  }

  private static String noticed(Method noticed, Object run, int check)
      throws IllegalAccessException {
    try {
      return String.valueOf(noticed.invoke(run, check));
    } catch (InvocationTargetException e) {
      return "the campaign itself failed: " + e.getCause();
    }
  }
}
