package dev.custody.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.TrustedRoots;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A bundle that an earlier build wrote: it is part of the format, and stays intact for ever. */
class BundleVectorTest {
  static byte[] bundle() {
    return resource("/evidence/case.tar");
  }

  static TrustedRoots roots() {
    try {
      return TrustedRoots.parse(
          "root.pub", new String(resource("/evidence/root.pub"), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(BundleVectorTest.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theVectorIsIntact() {
    BundleResult result = new BundleVerifier(roots(), null, List.of()).verify(bundle());
    assertThat(result.failures()).isEmpty();
    assertThat(result.chains())
        .singleElement()
        .satisfies(chain -> {
          assertThat(chain.last()).isEqualTo(6);
          assertThat(chain.disclosed()).isEqualTo(4);
          assertThat(chain.withheld()).isEqualTo(3);
        });
  }
}
