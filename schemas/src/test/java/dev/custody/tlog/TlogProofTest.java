package dev.custody.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Bytes;
import dev.custody.merkle.ReferenceTree;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlogProofTest {
  @Test
  void aProofIncludesItsLeafAndNoOther() throws Exception {
    TlogProof proof = TlogProof.parse(TlogVectors.proof().encode());
    assertThat(proof.checkpoint()).isEqualTo(TlogVectors.checkpoint());
    for (int i = 0; i < TlogVectors.SIZE; i++) {
      assertThat(proof.includes(ReferenceTree.leaf(i))).isEqualTo(i == TlogVectors.INDEX);
    }
  }

  @Test
  void aProofUnderAnotherIndexIncludesNothing() {
    TlogProof proof = TlogVectors.proof();
    TlogProof moved = new TlogProof(null, 73, proof.inclusion(), proof.note());
    assertThat(moved.includes(ReferenceTree.leaf(72))).isFalse();
    assertThat(moved.includes(ReferenceTree.leaf(73))).isFalse();
  }

  @Test
  void anIndexOutsideTheLogMakesNoProof() {
    TlogProof proof = TlogVectors.proof();
    for (long index : new long[] {-1, 300, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> new TlogProof(null, index, proof.inclusion(), proof.note()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected an index below the size 300 of the checkpoint, found %d", index);
    }
  }

  @Test
  void extraDataIsCarriedUpToItsLimit() throws Exception {
    TlogProof proof = TlogVectors.proof();
    Bytes most = new Bytes(new byte[TlogProof.MAX_EXTRA_BYTES]);
    TlogProof carrying = new TlogProof(most, 72, proof.inclusion(), proof.note());
    assertThat(TlogProof.parse(carrying.encode())).isEqualTo(carrying);
    Bytes more = new Bytes(new byte[TlogProof.MAX_EXTRA_BYTES + 1]);
    assertThatThrownBy(() -> new TlogProof(more, 72, List.of(), proof.note()))
        .hasMessage("expected extra data of 1 to 65536 bytes, found 65537");
  }
}
