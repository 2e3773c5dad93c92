package dev.custody.redact;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.Locale;
import java.util.function.BinaryOperator;

/**
 * Text that secrets stand in.
 *
 * @param telling whether the value's name stands where it tells of the value
 */
record Carrier(String title, boolean telling, BinaryOperator<String> write) {
  private static final ObjectMapper JSON = new ObjectMapper();

  String text(Sample sample) {
    return write.apply(sample.nameOr("ITEM"), sample.value());
  }

  /** Whether this text can hold the value, and says enough of it. */
  boolean carries(Sample sample) {
    boolean told = telling || sample.isSelfTelling();
    return told
        && switch (title) {
          case "pgpass" -> !sample.value().matches("(?s).*[:\\s].*");
          case "netrc", "URL query", "docker ENV" -> !sample.value().matches("(?s).*[\\s&#?%].*");
          case "cookie header", "bearer header" -> !sample.value().matches("(?s).*[\\s;,)}\"<].*");
          case "word-diff" -> !sample.value().endsWith("-");
          case "command option", "command option =", "sentence" ->
              !sample.value().matches("(?s).*\\s.*");
          default -> true;
        };
  }

  static Carrier telling(String title, BinaryOperator<String> write) {
    return new Carrier(title, true, write);
  }

  static Carrier plain(String title, BinaryOperator<String> write) {
    return new Carrier(title, false, write);
  }

  static String line(String value) {
    return value.replace("\n", "\\n");
  }

  static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  static String wide(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_16LE));
  }

  static String wrapped(String text) {
    return Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(text.getBytes(UTF_8));
  }

  static String indented(String text, String by) {
    return text.replace("\n", "\n" + by);
  }

  static String header(String name) {
    return "X-" + name.replace('_', '-');
  }

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
