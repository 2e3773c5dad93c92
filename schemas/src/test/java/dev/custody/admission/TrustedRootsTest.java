package dev.custody.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Bytes;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedRootsTest {
  private static final Instant NOW = VectorChain.NOW;
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir Path directory;

  private final List<Signer> roots = new ArrayList<>();

  @BeforeEach
  void makeRoots() throws Exception {
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    for (int i = 0; i < 4; i++) {
      roots.add(keys.signer("root-" + i));
    }
  }

  private static TrustedRoots only(Signer root) {
    return new TrustedRoots(List.of(root.publicKey()));
  }

  private static Bytes cross(Signer by, Signer of) {
    return new CertificateAuthority(by).certifyRoot(of.publicKey(), NOW, YEAR);
  }

  private static List<Bytes> both(Signer one, Signer other) {
    return List.of(cross(one, other), cross(other, one));
  }

  private static Bytes collector(Signer root) {
    return new CertificateAuthority(root)
        .certifyCollector("spiffe://test/collector/laptop", root.publicKey(), NOW, YEAR);
  }

  private TrustedRoots offered(List<Bytes> crosses) throws IOException {
    TrustedRoots all = new TrustedRoots(roots.stream().map(Signer::publicKey).toList(), crosses);
    Path file = Files.writeString(directory.resolve("root.pub"), all.fileText());
    return TrustedRoots.read(file);
  }

  @Test
  void whoTrustsTheOldRootBelievesTheNewOneAndTheOtherWayRound() throws Exception {
    TrustedRoots offered = offered(both(roots.get(0), roots.get(1)));
    for (int[] way : new int[][] {{0, 1}, {1, 0}}) {
      TrustedRoots pinned = only(roots.get(way[0]));
      Bytes certificate = collector(roots.get(way[1]));
      assertThatThrownBy(() -> pinned.verify(certificate)).isInstanceOf(UntrustedException.class);
      TrustedRoots extended = pinned.extendedBy(offered);
      assertThat(extended.verify(certificate).subject()).endsWith("laptop");
      assertThat(extended.verify(collector(roots.get(way[0]))).subject()).endsWith("laptop");
      assertThat(extended.fingerprints()).as("the others have no cross").hasSize(2);
    }
  }

  @Test
  void oneHalfOfACrossSignatureSufficesInNeitherDirection() throws Exception {
    Bytes forward = cross(roots.get(0), roots.get(1));
    Bytes back = cross(roots.get(1), roots.get(0));
    for (Bytes half : List.of(forward, back)) {
      TrustedRoots offered = offered(List.of(half));
      assertThat(only(roots.get(0)).extendedBy(offered).fingerprints()).hasSize(1);
      assertThat(only(roots.get(1)).extendedBy(offered).fingerprints()).hasSize(1);
    }
  }

  @Test
  void aCrossSignatureBetweenStrangersAddsNobody() throws Exception {
    TrustedRoots offered = offered(both(roots.get(1), roots.get(2)));
    assertThat(only(roots.get(0)).extendedBy(offered).fingerprints()).hasSize(1);
  }

  @Test
  void rootsAreFollowedAtAnyRemoveAndRoundALoop() throws Exception {
    List<Bytes> crosses = new ArrayList<>();
    for (int[] pair : new int[][] {{0, 1}, {1, 2}, {2, 0}, {2, 3}}) {
      crosses.addAll(both(roots.get(pair[0]), roots.get(pair[1])));
    }
    TrustedRoots offered = offered(crosses);
    for (Signer pinned : roots) {
      assertThat(only(pinned).extendedBy(offered).fingerprints()).hasSize(4);
    }
  }

  @Test
  void aCertificateOfACollectorIsNoCrossSignature() throws Exception {
    Bytes collector =
        new CertificateAuthority(roots.get(0))
            .certifyCollector("spiffe://test/x", roots.get(1).publicKey(), NOW, YEAR);
    assertThatThrownBy(() -> offered(List.of(collector)))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "root.pub:5: expected the certificate of an Ed25519 ROOT, found Ed25519 COLLECTOR");
  }

  @Test
  void aKeyWithoutALineOfItsOwnIsNoRoot() throws Exception {
    TrustedRoots crossesOnly =
        new TrustedRoots(List.of(roots.get(0).publicKey()), both(roots.get(0), roots.get(1)));
    assertThat(only(roots.get(0)).extendedBy(crossesOnly).fingerprints()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "custody-cross-v1 ",
        "custody-cross-v1 AAAA",
        "custody-cross-v1 AAA",
        "custody-cross-v1 AAAA AAAA",
        "custody-cross-v2 AAAA",
        "custody-root-v1 AAAA",
        " custody-root-v1 AAAA"
      })
  void aLineOfAnotherFormMakesTheFileInvalid(String line) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("root.pub"),
            TrustedRoots.fileText(roots.get(0).publicKey()) + line + "\n");
    assertThatThrownBy(() -> TrustedRoots.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ":2: ");
  }

  @Test
  void moreThanSixteenKeysAreRefused() throws Exception {
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    List<Bytes> many = new ArrayList<>();
    for (int i = 0; i <= TrustedRoots.MAX_KEYS; i++) {
      many.add(keys.signer("many-" + i).publicKey());
    }
    Path file = Files.writeString(directory.resolve("root.pub"), new TrustedRoots(many).fileText());
    assertThatThrownBy(() -> TrustedRoots.read(file))
        .hasMessage(file + ": expected at most 16 root keys, found 17");
  }
}
