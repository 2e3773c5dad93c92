package dev.custody.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.event.Event;
import dev.custody.wire.Formats;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  @TempDir private Path directory;
  private EvidenceWorld world = EvidenceWorld.small();
  private byte[] bundle = new byte[0];

  @BeforeEach
  void make() throws Exception {
    world = EvidenceWorld.small();
    bundle = world.bundle(directory);
  }

  private BundleVerifier auditor() {
    return new BundleVerifier(world.roots(), null, List.of());
  }

  @Test
  void aBundleVerifiesWithNothingButTheRoot() {
    BundleResult result = auditor().verify(bundle);

    assertThat(result.failures()).isEmpty();
    assertThat(result.pinned()).isTrue();
    assertThat(result.chains())
        .singleElement()
        .satisfies(chain -> {
          assertThat(chain.collector()).isEqualTo("spiffe://test/collector/laptop");
          assertThat(chain.last()).isEqualTo(5);
          assertThat(chain.disclosed()).isEqualTo(3);
          assertThat(chain.withheld()).isEqualTo(3);
        });
    assertThat(result.checkpoints())
        .singleElement()
        .satisfies(c -> assertThat(c.size()).isEqualTo(7));
    assertThat(result.claims()).isNotNull();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void withoutARootItSaysThatTheRootIsTheBundlesOwn() {
    BundleResult result = new BundleVerifier(null, null, List.of()).verify(bundle);

    assertThat(result.intact()).isTrue();
    assertThat(result.pinned()).isFalse();
    assertThat(result.notChecked())
        .first()
        .asString()
        .isEqualTo(
            "whether the root keys are your organisation's (they are the bundle's own): --root FILE");
  }

  @Test
  void nothingOfAWithheldEventIsInTheFile() throws Exception {
    String text = new String(bundle, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("rm-of-interest", "curl-of-interest").doesNotContain("withheld-");
    assertThat(text).doesNotContain("later");

    for (Envelope envelope : chain()) {
      Event event = Formats.EVENT.decode(envelope.event().toByteArray());
      boolean disclosed = List.of(0L, 2L, 5L).contains(envelope.sequence());
      assertThat(text.contains(latin(event.salt().toByteArray())))
          .as("#%d", envelope.sequence())
          .isEqualTo(disclosed);
      assertThat(text.contains(event.id().toString())).isEqualTo(disclosed);
    }
  }

  private List<Envelope> chain() throws Exception {
    return world.evidence().segments().stream()
        .flatMap(s -> world.envelopes(s.chain()).stream())
        .toList();
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyBitOfASmallBundleIsSeenToFlip() {
    BundleVerifier verifier = auditor();
    long undetected =
        IntStream.range(0, bundle.length * 8)
            .parallel()
            .filter(bit -> {
              byte[] flipped = bundle.clone();
              flipped[bit / 8] ^= (byte) (1 << bit % 8);
              return verifier.verify(flipped).intact();
            })
            .count();

    assertThat(undetected).as("of %d bits", bundle.length * 8).isZero();
  }

  @Test
  void everyCutIsDetected() {
    BundleVerifier verifier = auditor();
    assertThat(
            IntStream.range(0, bundle.length)
                .parallel()
                .filter(length -> verifier.verify(Arrays.copyOf(bundle, length)).intact())
                .boxed())
        .isEmpty();
  }

  @Test
  void aTrailingByteIsRefused() {
    assertThat(auditor().verify(Arrays.copyOf(bundle, bundle.length + 1)).failures())
        .singleElement()
        .satisfies(f -> {
          assertThat(f.name()).isEqualTo("BadContainer");
          assertThat(f.expected()).isEqualTo("nothing after the end");
        });
  }

  @Test
  void theSameEvidenceGivesTheSameBytes() throws Exception {
    assertThat(world.bundle(directory)).isEqualTo(bundle);
  }

  @Test
  void aRootThatTookOverFromTheAuditorsIsTakenIn() throws Exception {
    // The auditor's file has one more key that this bundle knows nothing of.
    TrustedRoots more =
        new TrustedRoots(
            List.of(
                dev.custody.signing.TestSigner.named("another root").publicKey(),
                world.root.publicKey()));
    assertThat(new BundleVerifier(more, null, List.of()).verify(bundle).intact()).isTrue();
  }
}
