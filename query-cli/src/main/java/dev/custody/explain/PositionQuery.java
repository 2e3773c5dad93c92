package dev.custody.explain;

import dev.custody.digest.ChainId;
import dev.custody.digest.StrictText;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which position is asked for: {@code CHAIN#SEQUENCE}, of the chain its first digits.
 *
 * @param chain the beginning of a chain id, 4 to 32 hex digits
 * @param sequence the position
 */
public record PositionQuery(String chain, long sequence) {
  private static final Pattern FORM = Pattern.compile("([0-9a-f]{4,32})#([0-9]{1,19})");

  /**
   * Parses {@code 7f3a#42}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static PositionQuery parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected CHAIN#SEQUENCE with 4 to 32 hex digits of the chain, such as 7f3a#42, found "
              + StrictText.shown(text));
    }
    return new PositionQuery(matcher.group(1), StrictText.decimal(matcher.group(2)));
  }

  /** Whether the chain may be the one that is meant. */
  public boolean names(ChainId id) {
    return id.hex().startsWith(chain);
  }

  @Override
  public String toString() {
    return chain + "#" + sequence;
  }
}
