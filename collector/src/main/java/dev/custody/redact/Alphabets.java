package dev.custody.redact;

import java.util.Map;

/** The alphabets that a file of patterns need not declare. */
final class Alphabets {
  static final Map<String, CharSet> STANDARD =
      Map.of(
          "digit", CharSet.DIGIT,
          "hex", CharSet.of("0-9a-f"),
          "anyhex", CharSet.of("0-9A-Fa-f"),
          "lower", CharSet.of("0-9a-z"),
          "upper", CharSet.of("0-9A-Z"),
          "alnum", CharSet.ALNUM,
          "word", CharSet.WORD,
          "url", CharSet.BASE64URL,
          "base64", CharSet.of("A-Za-z0-9+/="),
          "dotted", CharSet.of("A-Za-z0-9._-"));

  private Alphabets() {}
}
