package dev.custody.redact;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What kind of secret a value is that stands under a secret's name. */
final class NamedValue {
  private static final int AWS_SECRET_KEY_LENGTH = 40;
  private static final int SHORTEST_SESSION_TOKEN = 100;
  private static final int SHORTEST_AZURE_KEY = 40;
  private static final int LONGEST_BASIC = 1024;
  private static final CharSet ENCODED = CharSet.of("A-Za-z0-9+/=%_-");
  private static final CharSet UUID = CharSet.of("0-9A-Fa-f-");

  private NamedValue() {}

  /** The kind; null if the name turns out to be of something else. */
  static @Nullable SecretKind kind(
      SecretPatterns patterns, SecretName says, String name, String value) {
    int length = value.length();
    return switch (says) {
      case PLAIN, COOKIE, SET_COOKIE -> null;
      case AWS_SECRET_KEY ->
          length == AWS_SECRET_KEY_LENGTH && CharSet.BASE64.hasAll(value, 0, length)
              ? SecretKind.AWS_SECRET_KEY
              : SecretKind.GENERIC_PASSWORD;
      case AWS_SESSION_TOKEN ->
          length >= SHORTEST_SESSION_TOKEN && ENCODED.hasAll(value, 0, length)
              ? SecretKind.AWS_SESSION_TOKEN
              : SecretKind.GENERIC_PASSWORD;
      case AZURE_STORAGE_KEY ->
          length >= SHORTEST_AZURE_KEY && ENCODED.hasAll(value, 0, length)
              ? SecretKind.AZURE_STORAGE_KEY
              : SecretKind.GENERIC_PASSWORD;
      case AUTHORIZATION -> SecretKind.AUTHORIZATION;
      case PASSWORD, SECRET -> ofKnownOwner(patterns, name, value, SecretKind.GENERIC_PASSWORD);
      case PASS -> isChosen(value) ? SecretKind.GENERIC_PASSWORD : null;
      case SECRET_ID -> isUuid(value) ? SecretKind.GENERIC_PASSWORD : null;
      case DOUBTFUL -> ofKnownOwner(patterns, name, value, doubtful(name, value));
    };
  }

  private static @Nullable SecretKind ofKnownOwner(
      SecretPatterns patterns, String name, String value, @Nullable SecretKind otherwise) {
    List<String> words = SecretName.words(name);
    SecretKind known = patterns.named(words, value, 0, value.length());
    return known != null ? known : otherwise;
  }

  private static @Nullable SecretKind doubtful(String name, String value) {
    if (Randomness.of(value, 0, value.length())) {
      return SecretKind.RANDOM_SECRET;
    }
    return name.endsWith("auth") && isBasic(value) ? SecretKind.GENERIC_PASSWORD : null;
  }

  /** Whether it is {@code user:password} in base64. */
  private static boolean isBasic(String value) {
    if (value.length() > LONGEST_BASIC) {
      return false;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(value);
      String text = new String(decoded, StandardCharsets.ISO_8859_1);
      return text.indexOf(':') > 0 && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Letters and digits in one word, as a password has them and a verdict has not. */
  private static boolean isChosen(String value) {
    boolean letter = false;
    boolean digit = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ') {
        return false;
      }
      digit |= CharSet.DIGIT.has(c);
      letter |= CharSet.ALNUM.has(c) && !CharSet.DIGIT.has(c);
    }
    return letter && digit;
  }

  private static boolean isUuid(String value) {
    return value.length() == 36
        && UUID.hasAll(value, 0, 36)
        && value.charAt(8) == '-'
        && value.charAt(23) == '-';
  }
}
