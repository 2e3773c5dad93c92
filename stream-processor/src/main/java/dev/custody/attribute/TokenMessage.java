package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import org.jspecify.annotations.Nullable;

/**
 * What travels to a token's partition.
 *
 * @param claim a claim, or null
 * @param ask an ask, or null
 * @param draft what is known of the event that asks; with one of its asks only, whose answer brings
 *     it to where the answers meet
 */
public record TokenMessage(@Nullable Claim claim, @Nullable Ask ask, @Nullable Attribution draft) {
  /** A claim. */
  public static TokenMessage ofClaim(Claim claim) {
    return new TokenMessage(claim, null, null);
  }

  /** An ask, with what is known of the event or without. */
  public static TokenMessage ofAsk(Ask ask, @Nullable Attribution draft) {
    return new TokenMessage(null, ask, draft);
  }
}
