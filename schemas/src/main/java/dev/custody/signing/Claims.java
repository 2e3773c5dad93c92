package dev.custody.signing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.Set;

/**
 * Header and claims of a token, read strictly: bounded, no member twice, no claim that is not
 * understood, numbers whole and in range. Nothing is verified here.
 */
final class Claims {
  private static final int MAX_NESTING = 32;
  private static final long LAST_SECOND = 253_402_300_799L;
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final JsonNode claims;

  private Claims(JsonNode claims) {
    this.claims = claims;
  }

  /** The {@code typ} of a token whose algorithm is ES256. */
  static String header(String token) throws InvalidDelegationException {
    JsonNode header = object("header", part(token, 0));
    JsonNode algorithm = header.path("alg");
    if (!algorithm.isTextual() || !algorithm.textValue().equals("ES256")) {
      throw new InvalidDelegationException(
          DelegationDefect.UNSUPPORTED_ALGORITHM,
          "expected alg ES256, found " + (algorithm.isTextual() ? algorithm : "none"));
    }
    JsonNode type = header.path("typ");
    if (!type.isTextual()) {
      throw new InvalidDelegationException(
          DelegationDefect.WRONG_TYPE, "expected a typ, found " + type.getNodeType());
    }
    return type.textValue();
  }

  /** The claims of a token; {@code known} are those that it may have. */
  static Claims of(String token, Set<String> known) throws InvalidDelegationException {
    JsonNode claims = object("payload", part(token, 1));
    for (Iterator<String> names = claims.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new InvalidDelegationException(
            DelegationDefect.MALFORMED,
            "expected claims that are understood, found '%s'; a restriction must not be ignored"
                .formatted(name));
      }
    }
    return new Claims(claims);
  }

  private static String part(String token, int index) throws InvalidDelegationException {
    if (token.length() > TokenVerifier.MAX_TOKEN_CHARS) {
      throw new InvalidDelegationException(
          DelegationDefect.TOO_LONG,
          "expected at most "
              + TokenVerifier.MAX_TOKEN_CHARS
              + " characters, found "
              + token.length());
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw new InvalidDelegationException(
          DelegationDefect.MALFORMED,
          "not a JSON Web Token: expected 3 parts, found " + parts.length);
    }
    return parts[index];
  }

  private static JsonNode object(String part, String base64Url) throws InvalidDelegationException {
    JsonNode read;
    try {
      read = JSON.readTree(Base64.getUrlDecoder().decode(base64Url));
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidDelegationException(
          DelegationDefect.MALFORMED,
          "not a JSON Web Token: the %s: %s".formatted(part, e.getMessage()),
          e);
    }
    if (read.isObject()) {
      return read;
    }
    throw new InvalidDelegationException(
        DelegationDefect.MALFORMED,
        "not a JSON Web Token: expected an object as %s, found %s"
            .formatted(part, read.getNodeType()));
  }

  static InvalidDelegationException malformed(Exception e) {
    return new InvalidDelegationException(
        DelegationDefect.MALFORMED, "not a delegation: " + e.getMessage(), e);
  }

  boolean has(String name) {
    return claims.has(name);
  }

  JsonNode node(String name) {
    return claims.path(name);
  }

  String json(String name) {
    JsonNode value = claims.path(name);
    return value.isMissingNode() ? "null" : value.toString();
  }

  String text(String name) throws InvalidDelegationException {
    JsonNode value = claims.path(name);
    if (!value.isTextual()) {
      throw expected("a string " + name, value);
    }
    return value.textValue();
  }

  /** A text that may be missing; then it is empty. */
  String optional(String name) throws InvalidDelegationException {
    return has(name) ? text(name) : "";
  }

  /** Seconds since 1970, up to the year 9999. */
  Instant time(String name) throws InvalidDelegationException {
    return Instant.ofEpochSecond(whole(name, LAST_SECOND));
  }

  /** A small whole number. */
  int number(String name) throws InvalidDelegationException {
    return (int) whole(name, Integer.MAX_VALUE);
  }

  private long whole(String name, long most) throws InvalidDelegationException {
    JsonNode value = claims.path(name);
    // Tink writes whole numbers given as doubles without a fraction.
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw expected("a whole number " + name, value);
    }
    long number = value.longValue();
    if (number < 0 || number > most) {
      throw new InvalidDelegationException(
          DelegationDefect.MALFORMED,
          "expected %s from 0 to %d, found %d".formatted(name, most, number));
    }
    return number;
  }

  private static InvalidDelegationException expected(String what, JsonNode found) {
    return new InvalidDelegationException(
        DelegationDefect.MALFORMED,
        "expected %s, found %s".formatted(what, found.isNumber() ? found : found.getNodeType()));
  }
}
