package dev.custody.source.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.custody.capture.BadInputException;
import dev.custody.sighting.StrictJson;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a request in OTLP's JSON (the protocol's specification, "JSON Protobuf Encoding"): names in
 * lowerCamelCase, ids in hexadecimal, 64-bit integers as numbers or as strings; unknown names are
 * ignored. What it makes is the message that protobuf would have carried.
 */
final class JsonRequest {
  /** A token becomes a node of some hundred bytes. */
  static final int MOST_TOKENS = StrictJson.MOST_TOKENS;

  private static final Set<String> HEXADECIMAL = Set.of("traceId", "spanId", "parentSpanId");
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,20}");
  private static final Pattern DECIMAL =
      Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?");
  private static final BigInteger UNSIGNED_END = BigInteger.ONE.shiftLeft(Long.SIZE);
  private static final JsonFactory TOKENS = new JsonFactory();

  private JsonRequest() {}

  /**
   * The message that is all of {@code body}.
   *
   * @param form any message of its type
   */
  static Message read(byte[] body, Message form) throws BadInputException, TooMuchException {
    requireFewTokens(body);
    Message.Builder request = form.newBuilderForType();
    fill(request, StrictJson.object(body));
    return request.build();
  }

  private static void requireFewTokens(byte[] body) throws TooMuchException {
    int tokens = 0;
    try (JsonParser parser = TOKENS.createParser(body)) {
      while (parser.nextToken() != null) {
        if (++tokens > MOST_TOKENS) {
          throw new TooMuchException(
              "the request has more than " + MOST_TOKENS + " JSON tokens, the limit here");
        }
      }
    } catch (IOException e) {
      // What is wrong with it is said by who reads it in earnest.
    }
  }

  private static void fill(Message.Builder message, ObjectNode object) throws BadInputException {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      JsonNode value = object.get(field.getJsonName());
      if (value == null || value.isNull()) {
        continue;
      }
      if (field.isRepeated()) {
        if (!value.isArray()) {
          throw unexpected(field, "an array", value);
        }
        for (JsonNode element : value) {
          Message.Builder ignored = message.addRepeatedField(field, value(message, field, element));
        }
      } else {
        if (field.getContainingOneof() != null && message.hasOneof(field.getContainingOneof())) {
          throw unexpected(field, "one value", value);
        }
        Message.Builder ignored = message.setField(field, value(message, field, value));
      }
    }
  }

  private static Object value(Message.Builder in, FieldDescriptor field, JsonNode value)
      throws BadInputException {
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        if (!(value instanceof ObjectNode object)) {
          throw unexpected(field, "an object", value);
        }
        Message.Builder inner = in.newBuilderForField(field);
        fill(inner, object);
        yield inner.build();
      }
      case STRING -> text(field, value, "a string");
      case BYTE_STRING -> bytes(field, text(field, value, "a string"), value);
      case BOOLEAN -> {
        if (!value.isBoolean()) {
          throw unexpected(field, "true or false", value);
        }
        yield value.booleanValue();
      }
      case LONG -> integer(field, value, Long.SIZE).longValue();
      case INT -> integer(field, value, Integer.SIZE).intValue();
      case ENUM ->
          field
              .getEnumType()
              .findValueByNumberCreatingIfUnknown(integer(field, value, Integer.SIZE).intValue());
      case DOUBLE -> decimal(field, value);
      case FLOAT -> (float) decimal(field, value);
    };
  }

  private static String text(FieldDescriptor field, JsonNode value, String expected)
      throws BadInputException {
    if (!value.isTextual()) {
      throw unexpected(field, expected, value);
    }
    return value.textValue();
  }

  private static ByteString bytes(FieldDescriptor field, String text, JsonNode value)
      throws BadInputException {
    boolean hexadecimal = HEXADECIMAL.contains(field.getJsonName());
    try {
      return ByteString.copyFrom(
          hexadecimal
              ? HexFormat.of().parseHex(text)
              : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')));
    } catch (IllegalArgumentException e) {
      throw unexpected(field, hexadecimal ? "hexadecimal digits" : "base64", value);
    }
  }

  private static BigInteger integer(FieldDescriptor field, JsonNode value, int bits)
      throws BadInputException {
    String text = value.isTextual() ? value.textValue() : "";
    BigInteger number;
    if (value.isIntegralNumber()) {
      number = value.bigIntegerValue();
    } else if (INTEGER.matcher(text).matches()) {
      number = new BigInteger(text);
    } else {
      throw unexpected(field, "an integer", value);
    }
    boolean unsigned =
        switch (field.getType()) {
          case FIXED64, UINT64, FIXED32, UINT32 -> true;
          default -> false;
        };
    boolean fits =
        unsigned
            ? number.signum() >= 0
                && (bits == Long.SIZE
                    ? number.compareTo(UNSIGNED_END) < 0
                    : number.bitLength() <= bits)
            : number.bitLength() < bits;
    if (!fits) {
      throw unexpected(field, "an integer of " + bits + " bits", value);
    }
    return number;
  }

  private static double decimal(FieldDescriptor field, JsonNode value) throws BadInputException {
    if (value.isNumber()) {
      return value.doubleValue();
    }
    String text = text(field, value, "a number");
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> {
        if (!DECIMAL.matcher(text).matches()) {
          throw unexpected(field, "a number", value);
        }
        yield Double.parseDouble(text);
      }
    };
  }

  private static BadInputException unexpected(
      FieldDescriptor field, String expected, JsonNode found) {
    return new BadInputException(
        "%s.%s: expected %s, found %s"
            .formatted(
                field.getContainingType().getName(),
                field.getJsonName(),
                expected,
                found.isTextual() || found.isNumber()
                    ? "another " + StrictJson.type(found)
                    : StrictJson.type(found)));
  }
}
