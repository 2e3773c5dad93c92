package dev.custody.source.cloudtrail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The records of one stream, whose shape its first bytes tell. */
final class RecordStream {
  private static final byte[] RECORDS = "\"Records\"".getBytes(StandardCharsets.UTF_8);
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(CloudTrailFiles.DEEPEST_RECORD)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Takes what is read, in order. */
  interface Sink {
    void record(long index, JsonNode record);

    void problem(long line, long column, String what);
  }

  private final JsonFrames frames;
  private final Sink sink;
  private long index;
  private boolean broken;

  RecordStream(JsonFrames frames, Sink sink) {
    this.frames = frames;
    this.sink = sink;
  }

  long line() {
    return frames.line();
  }

  long column() {
    return frames.column();
  }

  void readAll() throws IOException {
    skipByteOrderMark();
    if (frames.peekToken() == JsonFrames.END) {
      problem("the file is empty: expected CloudTrail records");
      return;
    }
    while (!broken && frames.peekToken() != JsonFrames.END) {
      if (frames.skipIf('[')) {
        readArray();
      } else if (frames.peekToken() == '{') {
        readObject();
      } else {
        problem(
            index == 0
                ? "expected { or [, is this a CloudTrail file?"
                : "expected the end or another record, found something else");
        broken = true;
      }
    }
  }

  private void skipByteOrderMark() throws IOException {
    if (frames.peek() == 0xEF) {
      for (int i = 0; i < 3 && frames.peek() >= 0x80; i++) {
        frames.skip();
      }
    }
  }

  /**
   * A wrapper if its first key is Records; else this record, and those on the lines that follow it.
   */
  private void readObject() throws IOException {
    long line = frames.line();
    long column = frames.column();
    Start start = new Start(frames);
    if (start.isWrapper()) {
      readArray();
      closeWrapper();
      return;
    }
    boolean lines = frames.line() == line;
    boolean whole = start.finish(lines);
    take(whole, start.bytes(), line, column, lines);
    while (lines && frames.peekToken() == '{') {
      long nextLine = frames.line();
      long nextColumn = frames.column();
      boolean nextWhole = frames.next(true);
      take(nextWhole, frames.bytes(), nextLine, nextColumn, true);
    }
    if (lines && frames.peekToken() != JsonFrames.END) {
      problem("expected a record, found something else");
      frames.skipLine();
      index++;
      readLines();
    }
  }

  private void readLines() throws IOException {
    while (frames.peekToken() != JsonFrames.END) {
      long line = frames.line();
      long column = frames.column();
      boolean object = frames.peekToken() == '{';
      boolean whole = frames.next(true);
      if (object) {
        take(whole, frames.bytes(), line, column, true);
      } else {
        sink.problem(line, column, "expected a record, found something else");
        frames.skipLine();
        index++;
      }
    }
  }

  private void readArray() throws IOException {
    if (frames.skipIf(']')) {
      return;
    }
    while (!broken) {
      frames.peekToken();
      long line = frames.line();
      long column = frames.column();
      boolean whole = frames.next(false);
      take(whole, frames.bytes(), line, column, false);
      if (broken || frames.skipIf(']')) {
        return;
      }
      if (!frames.skipIf(',')) {
        problem("expected , or ] after a record");
        broken = true;
      }
    }
  }

  private void closeWrapper() throws IOException {
    while (!broken && frames.skipIf(',')) {
      frames.peekToken();
      boolean key = frames.next(false) && frames.skipIf(':');
      frames.peekToken();
      if (!key || !frames.next(false)) {
        problem("expected a key and its value after Records");
        broken = true;
      }
    }
    if (!broken && !frames.skipIf('}')) {
      problem("expected } after Records");
      broken = true;
    }
  }

  private void take(boolean whole, byte @Nullable [] bytes, long line, long column, boolean lines) {
    String what = null;
    JsonNode record = null;
    if (bytes == null) {
      what = "a record larger than %,d bytes".formatted(CloudTrailFiles.LARGEST_RECORD);
      broken |= !whole && !lines;
    } else if (!whole) {
      what = "the record is cut off";
      broken |= !lines;
    } else {
      try {
        record = JSON.readTree(bytes);
        what = CloudTrailRecord.defect(record).orElse(null);
      } catch (IOException e) {
        what = describe(e);
        broken |= !lines && what.startsWith("not JSON");
      }
    }
    if (what != null) {
      sink.problem(line, column, what);
    } else if (record != null) {
      sink.record(index, record);
    }
    index++;
  }

  /** Says what is wrong without Jackson's words, which quote the input. */
  private static String describe(IOException e) {
    if (e instanceof StreamConstraintsException) {
      return "a record nested deeper than %d, or with a number or key too long"
          .formatted(CloudTrailFiles.DEEPEST_RECORD);
    }
    if (e instanceof JsonProcessingException json) {
      if (json.getOriginalMessage().startsWith("Duplicate")) {
        return "a key stands twice in one object";
      }
      return "not JSON at byte %d of the record"
          .formatted(json.getLocation() == null ? 0 : json.getLocation().getByteOffset());
    }
    return "not JSON";
  }

  private void problem(String what) {
    sink.problem(frames.line(), frames.column(), what);
  }

  /** The first bytes of an object, read to see whether it is a wrapper, and the rest of it. */
  private static final class Start {
    private final JsonFrames frames;
    private final boolean wrapper;
    private byte[] head = {'{'};
    private byte @Nullable [] all;

    Start(JsonFrames frames) throws IOException {
      this.frames = frames;
      frames.skip();
      this.wrapper = readKey();
    }

    private boolean readKey() throws IOException {
      if (frames.peekToken() != '"') {
        return false;
      }
      boolean closed = frames.next(true);
      byte[] key = frames.bytes();
      if (key == null || !closed) {
        head = new byte[CloudTrailFiles.LARGEST_RECORD];
        return false;
      }
      byte[] joined = Arrays.copyOf(head, head.length + key.length);
      System.arraycopy(key, 0, joined, head.length, key.length);
      head = joined;
      if (!Arrays.equals(key, RECORDS)) {
        return false;
      }
      boolean colon = frames.skipIf(':');
      if (colon && frames.skipIf('[')) {
        return true;
      }
      head = Arrays.copyOf(head, head.length + (colon ? 1 : 0));
      head[head.length - 1] = colon ? (byte) ':' : head[head.length - 1];
      return false;
    }

    boolean isWrapper() {
      return wrapper;
    }

    boolean finish(boolean oneLine) throws IOException {
      boolean complete = frames.nextInside(head, oneLine);
      all = frames.bytes();
      return complete;
    }

    byte @Nullable [] bytes() {
      return all;
    }
  }
}
