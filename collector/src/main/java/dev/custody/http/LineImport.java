package dev.custody.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Recorder;
import dev.custody.event.Event;
import dev.custody.source.records.RecordReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Records of an audit log, one a line; a line that is none is named, the others go on. */
final class LineImport {
  static final int MAX_RECORDS = 1_000;

  private final List<Event> events = new ArrayList<>();
  private final ArrayNode refused = JsonNodeFactory.instance.arrayNode();
  private int records;

  private LineImport() {}

  static LineImport read(byte[] body, RecordReader reader) throws Refusal {
    LineImport found = new LineImport();
    int number = 0;
    int end;
    for (int from = 0; from < body.length; from = end + 1) {
      end = lineEnd(body, from);
      number++;
      if (isBlank(body, from, end)) {
        continue;
      }
      found.take(number, body, from, end, reader);
    }
    return found;
  }

  private static int lineEnd(byte[] body, int from) {
    int end = from;
    while (end < body.length && body[end] != '\n') {
      end++;
    }
    return end;
  }

  private static boolean isBlank(byte[] body, int from, int end) {
    int at = from;
    while (at < end && (body[at] == ' ' || body[at] == '\t' || body[at] == '\r')) {
      at++;
    }
    return at == end;
  }

  private void take(int number, byte[] body, int from, int end, RecordReader reader)
      throws Refusal {
    List<JsonNode> carried;
    try {
      carried = reader.records(body, from, end - from);
    } catch (BadInputException e) {
      count(1);
      refuse(number, e);
      return;
    }
    // A line may carry any number of records; counted before anything is made of them.
    count(Math.max(1, carried.size()));
    for (JsonNode record : carried) {
      take(number, record, reader);
    }
  }

  private void count(int more) throws Refusal {
    records += more;
    if (records > MAX_RECORDS) {
      throw new Refusal(413, "more than " + MAX_RECORDS + " records, the limit of a request");
    }
  }

  private void take(int number, JsonNode record, RecordReader reader) {
    try {
      events.addAll(reader.events(record));
    } catch (BadInputException e) {
      refuse(number, e);
    }
  }

  private void refuse(int number, BadInputException why) {
    refused.addObject().put("line", number).put("reason", RefusalLog.neutral(why.getMessage()));
  }

  List<Event> events() {
    return events;
  }

  int refused() {
    return refused.size();
  }

  byte[] answer(Recorder.Receipt receipt) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("recorded", receipt.recorded());
    answer.put("repeated", receipt.repeated());
    answer.set("refused", refused);
    return (answer + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
