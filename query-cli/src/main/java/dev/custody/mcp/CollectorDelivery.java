package dev.custody.mcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form in which passages are handed in, and in which the collector answers. */
final class CollectorDelivery {
  private static final JsonFactory JSON = new JsonFactory();

  private CollectorDelivery() {}

  /** The body of a request. */
  static byte[] write(Surroundings around, List<Passage> passages) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, String> fact : around.facts().entrySet()) {
        json.writeStringField(fact.getKey(), fact.getValue());
      }
      json.writeObjectFieldStart("sessions");
      for (Map.Entry<String, String> session : around.sessions().entrySet()) {
        json.writeStringField(session.getKey(), session.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("messages");
      for (Passage passage : passages) {
        passage(json, passage);
      }
      json.writeEndArray();
      Ask ask = passages.getLast().ask();
      json.writeBooleanField("ask", ask != null && !ask.isOver());
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void passage(JsonGenerator json, Passage passage) throws IOException {
    json.writeStartObject();
    json.writeNumberField("sequence", passage.sequence());
    json.writeNumberField("at", passage.at());
    json.writeStringField("from", passage.from());
    byte[] bytes = passage.bytes();
    if (bytes != null) {
      String text = text(bytes);
      if (text == null) {
        json.writeStringField("why", "not UTF-8");
        json.writeNumberField("bytes", bytes.length);
      } else {
        json.writeStringField("text", text);
      }
    }
    for (Map.Entry<String, Object> fact : passage.facts().entrySet()) {
      if (fact.getValue() instanceof Number number) {
        json.writeNumberField(fact.getKey(), number.longValue());
      } else {
        json.writeStringField(fact.getKey(), String.valueOf(fact.getValue()));
      }
    }
    json.writeEndObject();
  }

  private static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** What is left of a message that is too long: what pairs it with others. Null for nothing. */
  static byte @Nullable [] outline(Skim skim) {
    if (!skim.isMessage()) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("jsonrpc", "2.0");
      id(json, skim);
      if (skim.method() != null) {
        json.writeStringField("method", skim.method());
        if (skim.tool() != null) {
          json.writeObjectFieldStart("params");
          json.writeStringField("name", skim.tool());
          json.writeEndObject();
        }
      } else {
        json.writeObjectFieldStart(skim.isError() ? "error" : "result");
        if (!skim.isError()) {
          json.writeBooleanField("isError", skim.hasFailed());
        }
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }

  private static void id(JsonGenerator json, Skim skim) throws IOException {
    String id = skim.id();
    if (id == null) {
      return;
    }
    if (skim.hasTextId()) {
      json.writeStringField("id", id);
    } else if (id.matches("-?(0|[1-9][0-9]*)")) {
      json.writeFieldName("id");
      json.writeRawValue(id);
    }
  }

  /** What the collector said of a message that waits. */
  static Ask.Verdict verdict(byte[] answer) throws IOException {
    if (answer.length == 0) {
      return Ask.Verdict.PASS;
    }
    try (JsonParser json = JSON.createParser(answer)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String member = json.currentName();
        JsonToken value = json.nextToken();
        if (member.equals("reply") && value == JsonToken.VALUE_NULL) {
          return new Ask.Verdict(true, null);
        }
        if (member.equals("reply")) {
          int from = (int) json.currentTokenLocation().getByteOffset();
          json.skipChildren();
          int to = (int) json.currentLocation().getByteOffset();
          byte[] line = new byte[to - from + 1];
          System.arraycopy(answer, from, line, 0, to - from);
          line[to - from] = '\n';
          return new Ask.Verdict(true, line);
        }
        json.skipChildren();
      }
    }
    return Ask.Verdict.PASS;
  }
}
