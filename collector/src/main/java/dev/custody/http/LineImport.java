package dev.custody.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Recorder;
import dev.custody.event.Event;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Records of an audit log, one a line; a line that is none is named, the others go on. */
final class LineImport {
  static final int MAX_RECORDS = 1_000;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final List<Event> events = new ArrayList<>();
  private final ArrayNode refused = JSON.createArrayNode();

  private LineImport() {}

  static LineImport read(byte[] body, RecordSource source) throws Refusal {
    LineImport found = new LineImport();
    int records = 0;
    int number = 0;
    for (String line : decode(body).split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      if (++records > MAX_RECORDS) {
        throw new Refusal(413, "more than " + MAX_RECORDS + " records, the limit of a request");
      }
      found.take(number, line, source);
    }
    return found;
  }

  private static String decode(byte[] body) throws Refusal {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(400, "the body is not UTF-8");
    }
  }

  private void take(int number, String line, RecordSource source) {
    try {
      events.addAll(source.events(JSON.readTree(line)));
    } catch (JsonProcessingException e) {
      // Jackson's own message would show what was sent.
      refuse(number, "no JSON from column " + e.getLocation().getColumnNr());
    } catch (BadInputException e) {
      refuse(number, e.getMessage());
    }
  }

  private void refuse(int line, String reason) {
    refused.addObject().put("line", line).put("reason", RefusalLog.neutral(reason));
  }

  List<Event> events() {
    return events;
  }

  int refused() {
    return refused.size();
  }

  byte[] answer(Recorder.Receipt receipt) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("recorded", receipt.recorded());
    answer.put("repeated", receipt.repeated());
    answer.set("refused", refused);
    return (answer + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
