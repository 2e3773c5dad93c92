package dev.custody.merkle;

import dev.custody.digest.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A good proof, spoiled in every simple way, each named. */
final class WrongProofs {
  private WrongProofs() {}

  static Map<String, List<Digest>> of(List<Digest> proof) {
    Map<String, List<Digest>> wrong = new LinkedHashMap<>();
    Digest foreign = Digest.sha256(new byte[] {42});
    for (int i = 0; i < proof.size(); i++) {
      List<Digest> dropped = new ArrayList<>(proof);
      dropped.remove(i);
      wrong.put("hash " + i + " dropped", dropped);
      List<Digest> doubled = new ArrayList<>(proof);
      doubled.add(i, proof.get(i));
      wrong.put("hash " + i + " twice", doubled);
      List<Digest> flipped = new ArrayList<>(proof);
      flipped.set(i, flipped(proof.get(i), i * 37));
      wrong.put("one bit of hash " + i + " flipped", flipped);
      if (i > 0) {
        List<Digest> swapped = new ArrayList<>(proof);
        Collections.swap(swapped, i - 1, i);
        wrong.put("hash " + i + " swapped with the one before", swapped);
      }
    }
    List<Digest> before = new ArrayList<>(proof);
    before.addFirst(foreign);
    wrong.put("a hash before", before);
    List<Digest> after = new ArrayList<>(proof);
    after.add(foreign);
    wrong.put("a hash after", after);
    return wrong;
  }

  static Digest flipped(Digest digest, int bit) {
    byte[] bytes = digest.toByteArray();
    bytes[bit / 8 % Digest.SIZE] ^= (byte) (1 << (bit % 8));
    return new Digest(bytes);
  }
}
