package dev.custody.campaign;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a verifier says is not as it must be.
 *
 * @param name the verdict's name
 * @param spot where, null for what has no offset
 * @param detail in the verifier's words
 */
record Finding(String name, @Nullable Spot spot, String detail) {
  @Override
  public String toString() {
    return name + (spot == null ? "" : " at " + spot) + " (" + detail + ")";
  }
}
