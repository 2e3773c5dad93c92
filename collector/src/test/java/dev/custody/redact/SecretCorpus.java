package dev.custody.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The corpus as other packages' tests use it: each form of each kind, in texts chance chooses. */
public final class SecretCorpus {
  /**
   * A secret in a text.
   *
   * @param kind id of the secret's kind
   * @param context what kind of text it stands in
   */
  public record Entry(String kind, String context, String text, String secret) {}

  private SecretCorpus() {}

  /** Each form of each kind in {@code contexts} texts; {@code seed} makes the secrets, too. */
  public static List<Entry> sample(long seed, int contexts) {
    Random random = new Random(seed);
    List<Entry> entries = new ArrayList<>();
    for (Sample sample : new Sampler(random).all(SecretPatterns.builtIn())) {
      List<Carrier> carriers =
          Carriers.all().stream().filter(carrier -> carrier.carries(sample)).toList();
      for (int i = 0; i < contexts; i++) {
        Carrier carrier = carriers.get(random.nextInt(carriers.size()));
        entries.add(
            new Entry(sample.kind().id(), carrier.title(), carrier.text(sample), sample.secret()));
      }
    }
    return entries;
  }
}
