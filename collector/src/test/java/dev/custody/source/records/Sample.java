package dev.custody.source.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Records of a file made for tests, read as an import reads them. */
public final class Sample {
  private Sample() {}

  /** The text of a resource. */
  public static String text(String resource) {
    try (InputStream in = Sample.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The events that one line tells of. */
  static List<Event> events(RecordReader reader, byte[] line) throws BadInputException {
    List<Event> events = new ArrayList<>();
    for (JsonNode record : reader.records(line, 0, line.length)) {
      events.addAll(reader.events(record));
    }
    return events;
  }

  /** What {@code log} makes of each record in {@code text}, which is put into {@code file}. */
  public static List<List<Event>> events(AuditLog log, Path file, String text) throws Exception {
    Files.writeString(file, text);
    List<byte[]> records = new ArrayList<>();
    RecordFiles.Totals totals =
        RecordFiles.read(
            log.shape(),
            List.of(file),
            InputStream.nullInputStream(),
            new RecordFiles.Sink() {
              @Override
              public void record(RecordFiles.Item item) {
                records.add(item.record());
              }

              @Override
              public void problem(RecordFiles.Problem problem) {
                throw new AssertionError(problem.toString());
              }
            },
            (at, total) -> {});
    List<List<Event>> events = new ArrayList<>();
    RecordReader reader = new RecordReader(log);
    for (byte[] record : records) {
      events.add(events(reader, record));
    }
    if (totals.read() != records.size()) {
      throw new AssertionError("expected " + totals.read() + ", found " + records.size());
    }
    return events;
  }
}
