package dev.custody.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.digest.Bytes;
import dev.custody.merkle.ReferenceTree;
import dev.custody.tlog.AddCheckpoint;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.HashTile;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.TlogProof;
import dev.custody.tlog.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

class TlogFuzzTest {
  @FuzzTest
  void aTilePathThatIsReadIsWrittenBack(byte[] bytes) {
    String path = new String(bytes, StandardCharsets.UTF_8);
    try {
      assertThat(Tile.parse(path).path()).isEqualTo(path);
    } catch (TlogException refused) {
      assertThat(refused).hasMessageStartingWith("not a tile: ");
    }
  }

  /** The first byte is the width, less one. */
  @FuzzTest
  void aTileThatIsReadIsWrittenBack(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    byte[] tile = Arrays.copyOfRange(bytes, 1, bytes.length);
    try {
      assertThat(HashTile.encode(HashTile.parse(tile, 1 + (bytes[0] & 0xff)))).isEqualTo(tile);
    } catch (TlogException refused) {
      assertThat(refused).hasMessageStartingWith("expected a tile of ");
    }
  }

  /** The first byte is the width, less one. */
  @FuzzTest
  void aBundleThatIsReadIsWrittenBack(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    byte[] bundle = Arrays.copyOfRange(bytes, 1, bytes.length);
    try {
      assertThat(
              EntryBundle.encode(
                  EntryBundle.parse(bundle, 1 + (bytes[0] & 0xff)).stream()
                      .map(Bytes::toByteArray)
                      .toList()))
          .isEqualTo(bundle);
    } catch (TlogException refused) {
      assertThat(refused).hasMessageStartingWith("expected ");
    }
  }

  @FuzzTest
  void aProofThatIsReadIsWrittenBack(byte[] bytes) {
    TlogProof proof;
    try {
      proof = TlogProof.parse(bytes);
    } catch (TlogException refused) {
      return;
    }
    assertThat(proof.encode()).isEqualTo(bytes);
    assertThat(proof.index()).isLessThan(proof.checkpoint().size());
    assertThat(proof.includes(ReferenceTree.leaf(-1))).isFalse();
  }

  @FuzzTest
  void aRequestThatIsReadIsWrittenBack(byte[] bytes) {
    AddCheckpoint request;
    try {
      request = AddCheckpoint.parse(bytes);
    } catch (TlogException refused) {
      return;
    }
    assertThat(request.encode()).isEqualTo(bytes);
  }

  @FuzzTest
  void aPolicyThatIsReadSaysTheSameWhenWrittenBack(byte[] bytes) throws Exception {
    WitnessPolicy policy;
    try {
      policy = WitnessPolicy.parse(bytes);
    } catch (TlogException refused) {
      return;
    }
    assertThat(WitnessPolicy.parse(policy.encode())).isEqualTo(policy);
    assertThat(policy.quorumOf(Set.of())).isEqualTo(policy.quorum().equals(WitnessPolicy.NONE));
  }
}
