package dev.custody.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.admission.TrustedRoots;
import dev.custody.digest.ChainId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Whatever comes instead of a bundle gets a verdict: nothing is thrown, nothing passes. */
class BundleFuzzTest {
  private static final byte[] BUNDLE = BundleVectorTest.bundle();
  private static final TrustedRoots ROOTS = BundleVectorTest.roots();

  @FuzzTest
  void anyBytesGetAVerdict(byte[] bytes) {
    boolean intact = new BundleVerifier(null, null, List.of()).verify(bytes).intact();
    assertThat(intact && !Arrays.equals(bytes, BUNDLE))
        .as("another bundle than the one that is known")
        .isFalse();
  }

  /** The first byte chooses a member, the others are its content; every digest is set right. */
  @FuzzTest
  void anyContentOfAnyMemberGetsAVerdict(byte[] bytes) throws Exception {
    if (bytes.length == 0) {
      return;
    }
    Forge forge = Forge.of(BUNDLE);
    List<Member> members = forge.members();
    Member member = members.get(Byte.toUnsignedInt(bytes[0]) % members.size());
    byte[] content = Arrays.copyOfRange(bytes, 1, bytes.length);
    boolean same = Arrays.equals(content, forge.get(member));
    BundleResult result =
        new BundleVerifier(ROOTS, null, List.of()).verify(forge.put(member, content).bundle());
    // Only who cosigned is not this auditor's business: there is no policy.
    boolean cosigned = member.kind() == Member.Kind.CHECKPOINT || member.kind() == Member.Kind.LOGS;
    assertThat(result.intact() && !same && !cosigned).isFalse();
  }

  @FuzzTest
  void aManifestThatIsReadIsWrittenBack(byte[] bytes) {
    try {
      assertThat(Manifest.parse(bytes).encode()).isEqualTo(bytes);
    } catch (Refusal refused) {
      assertThat(refused.failure().name()).isEqualTo("BadManifest");
    }
  }

  @FuzzTest
  void aSegmentIsReadToItsEndOrRefused(byte[] bytes) throws IOException {
    // The chain that the segment itself names, so that more than its first lines is read.
    byte[] head = Arrays.copyOf(bytes, 2 * ChainId.SIZE);
    Member chain = Member.chain(new ChainId(Arrays.copyOfRange(head, ChainId.SIZE, head.length)));
    try {
      SegmentFile.Reader reader = new SegmentFile.Reader(chain, new ByteArrayInputStream(bytes));
      long positions = 0;
      while (reader.next() != null) {
        positions++;
      }
      assertThat(positions).isEqualTo(reader.count());
    } catch (Refusal refused) {
      assertThat(refused.failure().name()).isEqualTo("BadMember");
    }
  }
}
