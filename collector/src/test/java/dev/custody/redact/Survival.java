package dev.custody.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks for a secret, or a part of it, in what a redactor left: as it is, escaped, in base64. */
final class Survival {
  /** Most that may be left of a secret: a shorter part may be there by chance. */
  private static final int LONGEST_PART = 10;

  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/_-]{12,}");
  private static final Pattern ESCAPE =
      Pattern.compile("%([0-9A-Fa-f]{2})|\\\\u00([0-9A-Fa-f]{2})|\\\\+([/\"])");

  private Survival() {}

  /** A part of {@code secret} that is still in {@code output}, null if there is none. */
  static @Nullable String of(String output, String secret) {
    List<String> readings = new ArrayList<>(List.of(output, unescaped(output)));
    readings.add(unescaped(readings.getLast()));
    readings.add(output.replaceAll("\u001b\\[[0-9;]*m", ""));
    Matcher runs = RUN.matcher(output.replaceAll("(?<=[A-Za-z0-9+/]{60})\\\\?n?\\s+", ""));
    while (runs.find()) {
      for (int offset = 0; offset < 4; offset++) {
        readings.add(decoded(runs.group(), offset));
      }
    }
    for (String line : secret.split("\n")) {
      for (int at = 0; at == 0 || at + LONGEST_PART <= line.length(); at++) {
        String part = line.substring(at, Math.min(line.length(), at + LONGEST_PART));
        boolean public_ = part.contains("PRIVATE KEY") || part.contains("----") || part.isEmpty();
        if (!public_ && readings.stream().anyMatch(reading -> reading.contains(part))) {
          return part;
        }
      }
    }
    return null;
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(match -> {
          String hex = match.group(1) == null ? match.group(2) : match.group(1);
          return Matcher.quoteReplacement(
              hex == null ? match.group(3) : "" + (char) Integer.parseInt(hex, 16));
        });
  }

  private static String decoded(String run, int offset) {
    String part = run.substring(offset).replace('-', '+').replace('_', '/');
    byte[] bytes = Base64.getDecoder().decode(part.substring(0, part.length() / 4 * 4));
    return new String(bytes, ISO_8859_1).replace("\0", "");
  }
}
