package dev.custody.source.records;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of one stream, whose shape its first bytes tell. */
final class RecordStream {
  /** Takes what is read, in order. */
  interface Sink {
    void record(long line, long column, byte[] record);

    void problem(long line, long column, String what);
  }

  private final JsonFrames frames;
  private final RecordShape shape;
  private final Sink sink;
  private boolean any;
  private boolean broken;

  RecordStream(JsonFrames frames, RecordShape shape, Sink sink) {
    this.frames = frames;
    this.shape = shape;
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
      problem("the file is empty: expected %s records".formatted(shape.title()));
      return;
    }
    while (!broken && frames.peekToken() != JsonFrames.END) {
      if (frames.skipIf('[')) {
        readArray();
      } else if (frames.peekToken() == '{') {
        readObject();
      } else {
        problem(
            any
                ? "expected the end or another record, found something else"
                : "expected { or [, is this a %s file?".formatted(shape.title()));
        broken = true;
      }
    }
  }

  /** How far reading came: the first byte that was not taken, and its line. */
  record Reached(long offset, long line) {}

  /** Whether records stand one a line, as far as the first bytes tell; reads no further. */
  boolean isOfLines() throws IOException {
    skipByteOrderMark();
    return frames.peekToken() == '{'
        && !frames.lineEndsBehindBrace()
        && !frames.skipToWrapped(shape.wrappers());
  }

  /** Reads records one a line as far as they are whole: one may still be being written. */
  Reached readWholeLines() throws IOException {
    if (frames.position() == 0) {
      skipByteOrderMark();
    }
    while (frames.peekToken() != JsonFrames.END) {
      long start = frames.position();
      long line = frames.line();
      long column = frames.column();
      boolean object = frames.peekToken() == '{';
      boolean whole = frames.next(true);
      if (!whole && frames.peek() == JsonFrames.END) {
        return new Reached(start, line);
      }
      takeLine(object, whole, line, column);
    }
    return new Reached(frames.position(), frames.line());
  }

  private void skipByteOrderMark() throws IOException {
    if (frames.peek() == 0xEF) {
      for (int i = 0; i < 3 && frames.peek() >= 0x80; i++) {
        frames.skip();
      }
    }
  }

  /** A wrapper if it has a key that wraps; else this record, and those on the lines behind it. */
  private void readObject() throws IOException {
    long line = frames.line();
    long column = frames.column();
    boolean lines = !frames.lineEndsBehindBrace();
    if (frames.skipToWrapped(shape.wrappers())) {
      readArray();
      closeWrapper();
      return;
    }
    take(frames.next(lines), line, column, lines);
    while (lines && frames.peekToken() == '{') {
      long nextLine = frames.line();
      long nextColumn = frames.column();
      boolean nextWhole = frames.next(true);
      take(nextWhole, nextLine, nextColumn, true);
    }
    if (lines && frames.peekToken() != JsonFrames.END) {
      problem("expected a record, found something else");
      frames.skipLine();
      readLines();
    }
  }

  private void readLines() throws IOException {
    while (frames.peekToken() != JsonFrames.END) {
      long line = frames.line();
      long column = frames.column();
      boolean object = frames.peekToken() == '{';
      takeLine(object, frames.next(true), line, column);
    }
  }

  private void takeLine(boolean object, boolean whole, long line, long column) throws IOException {
    if (object) {
      take(whole, line, column, true);
    } else {
      sink.problem(line, column, "expected a record, found something else");
      frames.skipLine();
    }
  }

  private void readArray() throws IOException {
    any = true;
    if (frames.skipIf(']')) {
      return;
    }
    while (!broken) {
      frames.peekToken();
      long line = frames.line();
      long column = frames.column();
      boolean whole = frames.next(false);
      take(whole, line, column, false);
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
        problem("expected a key and its value after the records");
        broken = true;
      }
    }
    if (!broken && !frames.skipIf('}')) {
      problem("expected } after the records");
      broken = true;
    }
  }

  private void take(boolean whole, long line, long column, boolean lines) {
    any = true;
    byte @Nullable [] bytes = frames.bytes();
    if (bytes == null) {
      sink.problem(line, column, "a record larger than %,d bytes".formatted(shape.largest()));
      broken |= !whole && !lines;
    } else if (!whole) {
      sink.problem(line, column, "the record is cut off");
      broken |= !lines;
    } else if (frames.hasBrokenText()) {
      sink.problem(line, column, "a line ends within a text");
    } else {
      sink.record(line, column, bytes);
    }
  }

  private void problem(String what) {
    sink.problem(frames.line(), frames.column(), what);
  }
}
