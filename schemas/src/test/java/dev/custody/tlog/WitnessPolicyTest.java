package dev.custody.tlog;

import static dev.custody.tlog.TlogVectors.LOG;
import static dev.custody.tlog.TlogVectors.W1;
import static dev.custody.tlog.TlogVectors.W2;
import static dev.custody.tlog.TlogVectors.W3;
import static dev.custody.tlog.TlogVectors.cosigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Bytes;
import dev.custody.merkle.ReferenceTree;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.signing.TestSigner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WitnessPolicyTest {
  private static WitnessPolicy policy(String text) throws TlogException {
    return WitnessPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String witnesses() {
    return "witness w1 %s\nwitness w2 %s\nwitness w3 %s\n".formatted(W1.key(), W2.key(), W3.key());
  }

  @Test
  void twoOfThreeAreAQuorumAndOneIsNone() throws Exception {
    WitnessPolicy policy = policy(TlogVectors.POLICY);
    assertThat(policy.satisfiedBy(cosigned())).isFalse();
    assertThat(policy.satisfiedBy(cosigned(W2))).isFalse();
    assertThat(policy.satisfiedBy(cosigned(W2, W3))).isTrue();
    assertThat(policy.satisfiedBy(cosigned(W1, W2, W3))).isTrue();
    assertThat(policy.cosignedBy(cosigned(W3, W1))).containsExactlyInAnyOrder("w1", "w3");
  }

  @Test
  void aCheckpointWithoutTheLogsSignatureIsNotBelieved() throws Exception {
    WitnessPolicy policy = policy(TlogVectors.POLICY);
    String text = TlogVectors.checkpoint().text();
    SignedNote unsigned =
        new SignedNote(
            text, List.of(W1.cosign(text, TlogVectors.SEEN), W2.cosign(text, TlogVectors.SEEN)));
    assertThat(policy.satisfiedBy(unsigned)).isFalse();
    assertThat(policy(TlogVectors.POLICY.replaceFirst("(?m)^log .*\n", "")).satisfiedBy(unsigned))
        .isTrue();
  }

  @Test
  void aLogSpeaksForItsOwnOriginOnly() throws Exception {
    NoteSigner other = new NoteSigner("other.example", TestSigner.named("other"));
    WitnessPolicy policy =
        policy("log %s\nlog %s\nquorum none\n".formatted(LOG.key(), other.key()));
    Checkpoint checkpoint = TlogVectors.checkpoint();
    SignedNote foreign = new SignedNote(checkpoint.text(), List.of(other.sign(checkpoint.text())));
    assertThat(policy.satisfiedBy(foreign)).isFalse();
    assertThat(policy.satisfiedBy(TlogVectors.signed(checkpoint))).isTrue();
  }

  @Test
  void aFailingSignatureOfAKnownWitnessRefusesTheCheckpoint() throws Exception {
    WitnessPolicy policy = policy(TlogVectors.POLICY);
    String other = new Checkpoint(TlogVectors.ORIGIN, 1, ReferenceTree.leaf(0)).text();
    SignedNote note = cosigned(W1, W2).with(W3.cosign(other, TlogVectors.SEEN));
    assertThatThrownBy(() -> policy.satisfiedBy(note))
        .isInstanceOf(NoteException.class)
        .hasMessage("the signature of witness.example/w3+%08x fails", W3.key().id());
  }

  @Test
  void groupsOfGroupsCountTheirMembers() throws Exception {
    WitnessPolicy policy =
        policy(witnesses() + "group a any w1 w2\ngroup both all a w3\nquorum both\n");
    assertThat(policy.quorumOf(Set.of("w1", "w2"))).isFalse();
    assertThat(policy.quorumOf(Set.of("w3"))).isFalse();
    assertThat(policy.quorumOf(Set.of("w2", "w3"))).isTrue();
    assertThat(policy.quorumOf(Set.of("a", "both"))).as("groups do not cosign").isFalse();
    assertThat(policy(witnesses() + "quorum w2\n").quorumOf(Set.of("w1", "w3"))).isFalse();
    assertThat(policy(witnesses() + "quorum w2\n").quorumOf(Set.of("w2"))).isTrue();
  }

  @Test
  void thirtyTwoOfEachAreRead() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WitnessPolicy.MAX_ENTRIES; i++) {
      Bytes key = TestSigner.named("key " + i).publicKey();
      text.append("log ").append(VerifierKey.ed25519("log.example/" + i, key)).append('\n');
      text.append("witness w").append(i).append(' ');
      text.append(VerifierKey.cosigner("w.example/" + i, key)).append('\n');
      text.append("group g").append(i).append(" all w").append(i).append('\n');
    }
    WitnessPolicy policy = policy(text + "quorum g0\n");
    assertThat(policy.groups()).hasSize(256);
    assertThat(WitnessPolicy.parse(policy.encode())).isEqualTo(policy);
    assertThatThrownBy(() -> policy(text + "group x any g1\nquorum x\n"))
        .isInstanceOf(TlogException.class)
        .hasMessage("policy, line 769: expected at most 256 groups, found more");
    assertThatThrownBy(() -> WitnessPolicy.parse(new byte[WitnessPolicy.MAX_BYTES + 1]))
        .hasMessage("policy: expected at most 1048576 bytes, found 1048577");
  }

  @Test
  void namesAreOctetsAndKeysAreUtf8() throws Exception {
    VerifierKey key = VerifierKey.cosigner("w\u00e9.example", TestSigner.named("e").publicKey());
    WitnessPolicy policy =
        policy("witness \u212a %s https://\u00e9.example/\nquorum \u212a\n".formatted(key));
    assertThat(policy.witnesses().getFirst().key()).isEqualTo(key);
    assertThat(policy.witnesses().getFirst().name()).isEqualTo("\u00e2\u0084\u00aa");
    assertThat(WitnessPolicy.parse(policy.encode())).isEqualTo(policy);
  }
}
