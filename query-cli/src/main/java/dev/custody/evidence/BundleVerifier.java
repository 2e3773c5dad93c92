package dev.custody.evidence;

import dev.custody.admission.TrustedRoots;
import dev.custody.note.SignedNote;
import dev.custody.tlog.WitnessPolicy;
import dev.custody.trust.Revocations;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a bundle from its bytes, offline. It reads them twice: first every byte against the
 * manifest, then, when all is as it says, what they prove. Its memory grows with the disclosed
 * events, not with the segments.
 */
public final class BundleVerifier {
  private static final int BUFFER = 1 << 16;

  private final @Nullable TrustedRoots auditor;
  private final @Nullable WitnessPolicy policy;
  private final List<SignedNote> kept;
  private final Revocations revocations;

  /**
   * What the auditor brings.
   *
   * @param auditor roots that are trusted; null to take those of the bundle, which proves no more
   *     than that it is consistent
   * @param policy what each checkpoint must satisfy; null for none
   * @param kept checkpoints from before, each parsed as one
   */
  public BundleVerifier(
      @Nullable TrustedRoots auditor, @Nullable WitnessPolicy policy, List<SignedNote> kept) {
    this(auditor, policy, kept, Revocations.NONE);
  }

  /**
   * What the auditor brings, revocations too.
   *
   * @param revocations those that the auditor knows of, beside those of the bundle
   */
  public BundleVerifier(
      @Nullable TrustedRoots auditor,
      @Nullable WitnessPolicy policy,
      List<SignedNote> kept,
      Revocations revocations) {
    this.auditor = auditor;
    this.policy = policy;
    this.kept = List.copyOf(kept);
    this.revocations = revocations;
  }

  /** Where the bytes come from, from the first one on each time. */
  private interface Source {
    InputStream open() throws IOException;
  }

  /**
   * Verifies the bundle in {@code file}.
   *
   * @throws IOException when it cannot be read
   */
  public BundleResult verify(Path file) throws IOException {
    return verify(() -> new BufferedInputStream(Files.newInputStream(file), BUFFER));
  }

  /** Verifies a bundle in memory. */
  public BundleResult verify(byte[] bundle) {
    try {
      return verify(() -> new ByteArrayInputStream(bundle));
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be read", e);
    }
  }

  private BundleResult verify(Source source) throws IOException {
    List<BundleFailure> failures = new ArrayList<>();
    Manifest manifest = null;
    try (InputStream in = source.open()) {
      manifest = BundleContainer.check(in, failures);
    } catch (Refusal e) {
      failures.add(e.failure());
    }
    if (manifest == null || !failures.isEmpty()) {
      return new BundleResult(
          manifest,
          auditor == null ? List.of() : auditor.fingerprints(),
          auditor != null,
          List.of(),
          List.of(),
          failures.subList(0, Math.min(failures.size(), BundleResult.MAX_LISTED)),
          List.of());
    }
    BundleCheck check = new BundleCheck(auditor, policy, kept, revocations);
    try (InputStream in = source.open()) {
      check.run(new BundleReader(in));
    } catch (Refusal e) {
      check.fail(e.failure());
    }
    return check.result(manifest);
  }
}
