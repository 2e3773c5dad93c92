package dev.custody.sigma;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values under {@code expand} (rules specification, "Placeholders"): "if the tool isn't able to
 * handle placeholders, it must reject the rule", and this one is not.
 */
final class Placeholders {
  private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\\\)%\\w+%");

  private Placeholders() {}

  /** The value with its escaped percent signs read; a placeholder in it is an error. */
  static String refused(YamlNode value) {
    Matcher matcher = PLACEHOLDER.matcher(value.text());
    if (matcher.find()) {
      throw value.error(
          "placeholder " + matcher.group() + " has no values; placeholders are not supported");
    }
    return value.text().replace("\\%", "%");
  }
}
