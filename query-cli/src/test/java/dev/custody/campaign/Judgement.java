package dev.custody.campaign;

import java.util.List;
import java.util.Optional;

/**
 * What a verifier says of an input: nothing, or its findings, the one to look at first in front.
 *
 * @param findings empty when all is well
 * @param repeats records that are there once more and are none the worse for it
 */
record Judgement(List<Finding> findings, long repeats) {
  static final Judgement CLEAN = new Judgement(List.of(), 0);

  Judgement {
    findings = List.copyOf(findings);
  }

  static Judgement of(String name, String detail) {
    return new Judgement(List.of(new Finding(name, null, detail)), 0);
  }

  boolean clean() {
    return findings.isEmpty();
  }

  Optional<Finding> first() {
    return findings.stream().findFirst();
  }
}
