package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.sighting.StrictJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one wrapper hands in at a time ({@code docs/mcp.md}, "What the wrapper sends").
 *
 * @param instance the wrapper's run
 * @param head session, product, server and directory as the wrapper knows them; not redacted
 * @param messages what passed, in its order
 * @param asks whether the last of them waits until it may pass
 */
record Delivery(String instance, ObjectNode head, List<Passed> messages, boolean asks) {
  /** Most messages in one delivery. */
  static final int MOST_MESSAGES = 256;

  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9-]{8,64}");
  private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();
  private static final long MOST_SEQUENCE = 1L << 53;

  Delivery {
    messages = List.copyOf(messages);
  }

  /** Who put a message on its way. */
  enum From {
    CLIENT,
    SERVER,
    /** The wrapper itself: a note, or an answer in the server's place. */
    WRAPPER;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * One message, or one note of the wrapper.
   *
   * @param sequence its place among all that passed this wrapper
   * @param at when it passed, by the wrapper's clock
   * @param text the message as sent; null where it could not be taken along
   * @param omitted bytes of a message that was too long: its text is then what is left of it
   * @param fields all that was handed in of it
   */
  record Passed(
      long sequence,
      Instant at,
      From from,
      @Nullable String text,
      long omitted,
      ObjectNode fields) {}

  /**
   * Reads a body.
   *
   * @throws BadInputException naming the member, what was expected and what was found
   */
  static Delivery parse(byte[] body) throws BadInputException {
    ObjectNode sent = StrictJson.object(body);
    String instance = sent.path("instance").textValue();
    if (instance == null || !INSTANCE.matcher(instance).matches()) {
      throw new BadInputException(
          "instance: expected 8 to 64 letters, digits and hyphens, found other");
    }
    JsonNode messages = sent.path("messages");
    if (!messages.isArray() || messages.isEmpty() || messages.size() > MOST_MESSAGES) {
      throw new BadInputException(
          "messages: expected an array of 1 to %d, found %s"
              .formatted(
                  MOST_MESSAGES,
                  messages.isArray() ? messages.size() + " of them" : StrictJson.type(messages)));
    }
    List<Passed> passed = new ArrayList<>();
    for (JsonNode message : messages) {
      passed.add(passed(message));
    }
    ObjectNode head = sent.deepCopy();
    head.remove(List.of("messages", "ask", "instance"));
    return new Delivery(instance, head, passed, sent.path("ask").asBoolean());
  }

  private static Passed passed(JsonNode message) throws BadInputException {
    if (!(message instanceof ObjectNode fields)) {
      throw new BadInputException(
          "messages: expected objects, found one " + StrictJson.type(message));
    }
    From from =
        switch (String.valueOf(fields.path("from").textValue())) {
          case "client" -> From.CLIENT;
          case "server" -> From.SERVER;
          case "wrapper" -> From.WRAPPER;
          default -> throw new BadInputException("from: expected client, server or wrapper");
        };
    return new Passed(
        number(fields, "sequence", MOST_SEQUENCE),
        Instant.ofEpochMilli(number(fields, "at", LAST_MILLI)),
        from,
        fields.path("text").textValue(),
        fields.has("omitted") ? number(fields, "omitted", Long.MAX_VALUE) : 0,
        fields);
  }

  private static long number(ObjectNode fields, String name, long most) throws BadInputException {
    JsonNode value = fields.path(name);
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < 0
        || value.longValue() > most) {
      throw new BadInputException(
          "%s: expected a number of 0 to %d, found another or none".formatted(name, most));
    }
    return value.longValue();
  }
}
