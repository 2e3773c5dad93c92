package dev.custody.source.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.sighting.StrictJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One hook, redacted. What should be a text and is none counts as absent.
 *
 * @param fields all that was sent
 * @param name the agent's name of the hook
 * @param session the agent's session, the main agent's where a sub-agent acts; null without one
 * @param prompt the prompt at work
 * @param toolCall the call of a tool that it is about
 * @param subAgent who acts in the session; null for the main agent
 * @param cwd where the agent works, null where the hook does not say
 * @param version version of the agent, null where the hook does not say
 * @param at when it happened, as the agent says; null where it does not say
 */
public record Hook(
    ObjectNode fields,
    String name,
    @Nullable String session,
    @Nullable String prompt,
    @Nullable String toolCall,
    @Nullable String subAgent,
    @Nullable String cwd,
    @Nullable String version,
    @Nullable Instant at) {
  /** Longest identifier, name or mode. */
  public static final int LONGEST_NAME = 256;

  static final int LONGEST_PATH = 4096;

  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
  private static final int LONGEST_TIME = 40;

  /** A hook that says no more than its name and its session. */
  public static Hook of(ObjectNode fields, String name, @Nullable String session) {
    return new Hook(fields, name, session, null, null, null, null, null, null);
  }

  /** With what it is about. */
  public Hook about(@Nullable String prompt, @Nullable String toolCall, @Nullable String subAgent) {
    return new Hook(fields, name, session, prompt, toolCall, subAgent, cwd, version, at);
  }

  /** With where the agent works. */
  public Hook in(@Nullable String directory) {
    return new Hook(fields, name, session, prompt, toolCall, subAgent, directory, version, at);
  }

  /** With the agent's version, and its time. */
  public Hook by(@Nullable String product, @Nullable Instant time) {
    return new Hook(fields, name, session, prompt, toolCall, subAgent, cwd, product, time);
  }

  /**
   * Requires a name of letters, digits and {@code more}.
   *
   * @throws BadInputException naming the field, what was expected and what was found
   */
  public static void requireName(ObjectNode body, String field, String more)
      throws BadInputException {
    require(body.path(field), field, "a name", c -> isLetterOrDigit(c) || more.indexOf(c) >= 0);
  }

  /**
   * Requires an identifier.
   *
   * @throws BadInputException naming the field, what was expected and what was found
   */
  public static void requireIdentifier(JsonNode value, String field) throws BadInputException {
    require(value, field, "an identifier", c -> c > ' ' && c < 127);
  }

  private static boolean isLetterOrDigit(int c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  private static void require(JsonNode value, String field, String what, IntPredicate allowed)
      throws BadInputException {
    String text = value.textValue();
    String found;
    if (text == null) {
      found = StrictJson.type(value);
    } else if (text.isEmpty() || text.length() > LONGEST_NAME) {
      found = text.length() + " characters";
    } else if (!text.chars().allMatch(allowed)) {
      found = "other characters";
    } else {
      return;
    }
    throw new BadInputException(
        "%s: expected %s of 1 to %d printable ASCII characters, found %s"
            .formatted(field, what, LONGEST_NAME, found));
  }

  /** A short text, null if it is absent, empty or no such thing. */
  public @Nullable String text(String field) {
    return text(fields, field);
  }

  /** A path, null if it is absent, empty or no such thing. */
  public @Nullable String path(String field) {
    return path(fields, field);
  }

  /** A whole number, null if it is absent or no such thing. */
  public @Nullable Long number(String field) {
    JsonNode value = fields.path(field);
    return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
  }

  /** A short text of {@code fields}, null if it is absent, empty or no such thing. */
  public static @Nullable String text(JsonNode fields, String field) {
    return text(fields, field, LONGEST_NAME);
  }

  /** A path of {@code fields}, null if it is absent, empty or no such thing. */
  public static @Nullable String path(JsonNode fields, String field) {
    return text(fields, field, LONGEST_PATH);
  }

  /** An identifier of {@code fields}: a short text of printable ASCII; else null. */
  public static @Nullable String identifier(JsonNode fields, String field) {
    return identifier(fields.path(field));
  }

  /** The identifier that {@code value} is: a short text of printable ASCII; else null. */
  public static @Nullable String identifier(JsonNode value) {
    String text = value.textValue();
    boolean fits = text != null && !text.isEmpty() && text.length() <= LONGEST_NAME;
    return text != null && fits && text.chars().allMatch(c -> c > ' ' && c < 127) ? text : null;
  }

  /** A time of {@code fields}, as ISO 8601 writes it, between 1970 and 9999; else null. */
  public static @Nullable Instant time(JsonNode fields, String field) {
    String text = text(fields, field, LONGEST_TIME);
    try {
      Instant time = text == null ? null : Instant.parse(text);
      return time == null || time.isBefore(FIRST) || time.isAfter(LAST) ? null : time;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable String text(JsonNode fields, String field, int longest) {
    String text = fields.path(field).textValue();
    return text == null || text.isEmpty() || text.length() > longest ? null : text;
  }
}
