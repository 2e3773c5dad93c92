package dev.custody.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plain reader of Avro single-object encoding, written from the specification for the vectors: it
 * shares no code with what it checks, and reads the schema files with a JSON parser only.
 */
final class ReferenceAvro {
  private static final long EMPTY = 0xc15d213aa4d7a795L;
  private static final int HEADER_BYTES = 10;

  private final Map<String, JsonNode> named = new HashMap<>();
  private final JsonNode schema;
  private final List<ReferenceAvro> earlier;

  private ReferenceAvro(JsonNode schema, List<ReferenceAvro> earlier) {
    this.schema = schema;
    this.earlier = earlier;
    collect(schema);
  }

  /** Reads records of {@code file}, and those of the schemas before it as they were written. */
  static ReferenceAvro of(String file, String... earlier) {
    try (InputStream in = ReferenceAvro.class.getResourceAsStream("/dev/custody/wire/" + file)) {
      return new ReferenceAvro(
          new ObjectMapper().readTree(in), Stream.of(earlier).map(ReferenceAvro::of).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void collect(JsonNode node) {
    if (node.isObject() && node.has("name") && node.path("type").isTextual()) {
      String type = node.path("type").textValue();
      if (type.equals("record") || type.equals("enum") || type.equals("fixed")) {
        named.put(fullName(node), node);
      }
    }
    node.forEach(this::collect);
  }

  private static String fullName(JsonNode node) {
    String name = node.path("name").asText();
    return name.contains(".") ? name : node.path("namespace").asText("dev.custody") + "." + name;
  }

  /** Parsing Canonical Form. */
  String canonical() {
    return canonical(schema);
  }

  private static String canonical(JsonNode node) {
    if (node.isTextual()) {
      return "\"" + node.textValue() + "\"";
    }
    if (node.isArray()) {
      return "[" + joined(node) + "]";
    }
    return switch (node.path("type").asText()) {
      case "record" -> {
        List<String> fields = new ArrayList<>();
        for (JsonNode field : node.path("fields")) {
          fields.add(
              "{\"name\":\"%s\",\"type\":%s}"
                  .formatted(field.path("name").asText(), canonical(field.path("type"))));
        }
        yield "{\"name\":\"%s\",\"type\":\"record\",\"fields\":[%s]}"
            .formatted(fullName(node), String.join(",", fields));
      }
      case "enum" ->
          "{\"name\":\"%s\",\"type\":\"enum\",\"symbols\":[%s]}"
              .formatted(fullName(node), joined(node.path("symbols")));
      case "fixed" ->
          "{\"name\":\"%s\",\"type\":\"fixed\",\"size\":%d}"
              .formatted(fullName(node), node.path("size").asInt());
      case "array" -> "{\"type\":\"array\",\"items\":" + canonical(node.path("items")) + "}";
      default -> canonical(node.path("type"));
    };
  }

  private static String joined(JsonNode nodes) {
    List<String> parts = new ArrayList<>();
    nodes.forEach(part -> parts.add(canonical(part)));
    return String.join(",", parts);
  }

  /** CRC-64-AVRO of the canonical form. */
  long fingerprint() {
    long[] table = new long[256];
    for (int i = 0; i < 256; i++) {
      long row = i;
      for (int bit = 0; bit < 8; bit++) {
        row = (row >>> 1) ^ (EMPTY & -(row & 1L));
      }
      table[i] = row;
    }
    long crc = EMPTY;
    for (byte b : canonical().getBytes(StandardCharsets.UTF_8)) {
      crc = (crc >>> 8) ^ table[(int) (crc ^ b) & 0xff];
    }
    return crc;
  }

  /** All of {@code bytes}, or an {@link IllegalArgumentException}. */
  Map<String, @Nullable Object> decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[0] != (byte) 0xc3 || bytes[1] != 1) {
      throw new IllegalArgumentException("no single-object header");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ReferenceAvro writer = writer(in.getLong(2));
    in.position(HEADER_BYTES);
    Map<String, @Nullable Object> record = writer.record(writer.schema, in);
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("more bytes");
    }
    return record;
  }

  private ReferenceAvro writer(long fingerprint) {
    return Stream.concat(Stream.of(this), earlier.stream())
        .filter(one -> one.fingerprint() == fingerprint)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("another schema"));
  }

  private Map<String, @Nullable Object> record(JsonNode type, ByteBuffer in) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("@type", type.path("name").asText());
    for (JsonNode field : type.path("fields")) {
      values.put(field.path("name").asText(), read(field.path("type"), in));
    }
    return values;
  }

  private @Nullable Object read(JsonNode type, ByteBuffer in) {
    if (type.isArray()) {
      return read(type.get(index(in, type.size())), in);
    }
    String name = type.isTextual() ? type.textValue() : type.path("type").asText();
    JsonNode reference = named.get(name);
    if (reference != null) {
      return read(reference, in);
    }
    return switch (name) {
      case "null" -> null;
      case "boolean" -> index(next(in), 2) == 1;
      case "int", "long" -> varint(in);
      case "string" -> text(bytes(in, varint(in)));
      case "bytes" -> bytes(in, varint(in));
      case "fixed" -> bytes(in, type.path("size").asInt());
      case "enum" -> type.path("symbols").get(index(in, type.path("symbols").size())).textValue();
      case "array" -> array(type.path("items"), in);
      case "record" -> record(type, in);
      default -> throw new IllegalStateException("no such type: " + type);
    };
  }

  private List<@Nullable Object> array(JsonNode items, ByteBuffer in) {
    List<@Nullable Object> values = new ArrayList<>();
    for (long count = varint(in); count != 0; count = varint(in)) {
      if (count < 0) {
        count = -count;
        varint(in);
      }
      for (long i = 0; i < count; i++) {
        values.add(read(items, in));
      }
    }
    return values;
  }

  private static int index(ByteBuffer in, int size) {
    return index(varint(in), size);
  }

  private static int index(long index, int size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("no branch or symbol " + index);
    }
    return (int) index;
  }

  private static long varint(ByteBuffer in) {
    long raw = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = next(in);
      raw |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }

  private static byte next(ByteBuffer in) {
    if (!in.hasRemaining()) {
      throw new IllegalArgumentException("the record ends early");
    }
    return in.get();
  }

  private static byte[] bytes(ByteBuffer in, long length) {
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("the record ends early");
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  private static String text(byte[] bytes) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("no UTF-8", e);
    }
  }
}
