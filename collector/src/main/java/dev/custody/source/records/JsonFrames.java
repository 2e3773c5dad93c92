package dev.custody.source.records;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into JSON values without understanding them, so that one bad record spoils
 * no other and no value needs more memory than the limit. Knows the place of each byte.
 *
 * <p>A value is one line when it leaves: line ends between its tokens become spaces.
 */
final class JsonFrames {
  static final int END = -1;

  private static final int PLAIN = 0;
  private static final int QUOTE = 1;
  private static final int ESCAPE = 2;
  private static final int OPEN = 3;
  private static final int CLOSE = 4;
  private static final int LINE_END = 5;
  private static final int SEPARATOR = 6;
  private static final byte[] KINDS = kinds();
  private static final int LOOK_AHEAD = 4096;

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[256 * 1024];
  private int at;
  private int filled;
  private long before;
  private long line = 1;
  private long lineStart;
  private byte[] value = new byte[4096];
  private int length;
  private boolean tooLarge;
  private boolean brokenText;

  // Where reading stands within a value.
  private int depth;
  private boolean string;
  private boolean escaped;

  /** Reads {@code in}, whose first byte is the one at {@code offset}, on line {@code line}. */
  JsonFrames(InputStream in, int limit, long offset, long line) {
    this.in = in;
    this.limit = limit;
    this.before = offset;
    this.lineStart = offset;
    this.line = line;
  }

  JsonFrames(InputStream in, int limit) {
    this(in, limit, 0, 1);
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    kinds['"'] = QUOTE;
    kinds['\\'] = ESCAPE;
    kinds['{'] = OPEN;
    kinds['['] = OPEN;
    kinds['}'] = CLOSE;
    kinds[']'] = CLOSE;
    kinds['\n'] = LINE_END;
    kinds[','] = SEPARATOR;
    kinds[' '] = SEPARATOR;
    kinds['\r'] = SEPARATOR;
    kinds['\t'] = SEPARATOR;
    return kinds;
  }

  long line() {
    return line;
  }

  long column() {
    return position() - lineStart + 1;
  }

  /** How many bytes are before the next one. */
  long position() {
    return before + at;
  }

  /** The next byte, which stays; {@link #END} after the last. */
  int peek() throws IOException {
    if (at == filled && !fill()) {
      return END;
    }
    return buffer[at] & 0xFF;
  }

  private boolean fill() throws IOException {
    before += filled;
    at = 0;
    filled = Math.max(0, in.read(buffer, 0, buffer.length));
    return filled > 0;
  }

  void skip() {
    if (buffer[at++] == '\n') {
      line++;
      lineStart = position();
    }
  }

  /** The first byte that is no white space. */
  int peekToken() throws IOException {
    int c = peek();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      skip();
      c = peek();
    }
    return c;
  }

  boolean skipIf(char expected) throws IOException {
    if (peekToken() != expected) {
      return false;
    }
    skip();
    return true;
  }

  void skipLine() throws IOException {
    for (int c = peek(); c != END && c != '\n'; c = peek()) {
      skip();
    }
  }

  /** What {@link #next} read; null if it was larger than the limit, of which no more was kept. */
  byte @Nullable [] bytes() {
    return tooLarge ? null : Arrays.copyOf(value, length);
  }

  /** Whether what was read has a line's end within a text, where JSON allows none. */
  boolean hasBrokenText() {
    return brokenText;
  }

  /**
   * Reads the value that begins here.
   *
   * @param oneLine whether a line's end ends the value, be it whole or not
   * @return whether the value is whole
   */
  boolean next(boolean oneLine) throws IOException {
    length = 0;
    tooLarge = false;
    brokenText = false;
    depth = 0;
    string = false;
    escaped = false;
    return read(oneLine);
  }

  private boolean read(boolean oneLine) throws IOException {
    boolean started = false;
    while (at < filled || fill()) {
      int from = at;
      Step step = scan(oneLine, started);
      keep(buffer, from, at);
      started |= at > from;
      if (step != Step.MORE) {
        return step == Step.WHOLE;
      }
    }
    return depth == 0 && !string && started;
  }

  private enum Step {
    MORE,
    WHOLE,
    LINE_ENDED
  }

  // As far as the buffer goes: up to the end of the value, or of the line.
  private Step scan(boolean oneLine, boolean begun) {
    int i = at;
    boolean started = begun;
    for (; i < filled; i++) {
      int kind = KINDS[buffer[i] & 0xFF];
      if (kind == PLAIN) {
        escaped = false;
        started = true;
        continue;
      }
      if (kind == LINE_END && oneLine) {
        at = i;
        return depth == 0 && !string && started ? Step.WHOLE : Step.LINE_ENDED;
      }
      if (string) {
        string = escaped || kind != QUOTE;
        escaped = !escaped && kind == ESCAPE;
        brokenText |= kind == LINE_END;
      } else if (depth == 0 && started && kind != QUOTE && kind != ESCAPE) {
        // The end of a number or a word; what ends it is not a part of it.
        at = i;
        return Step.WHOLE;
      } else if (kind == QUOTE) {
        string = true;
      } else if (kind == OPEN) {
        depth++;
      } else if (kind == CLOSE) {
        depth--;
      }
      started = true;
      if (kind == LINE_END) {
        line++;
        lineStart = before + i + 1;
        buffer[i] = ' ';
      }
      if (!string && depth <= 0 && (kind == CLOSE || kind == QUOTE)) {
        at = i + 1;
        return Step.WHOLE;
      }
    }
    at = i;
    return Step.MORE;
  }

  /** Whether nothing but a line's end follows the brace that is next: what follows is indented. */
  boolean lineEndsBehindBrace() throws IOException {
    lookAhead();
    int i = at + 1;
    while (i < filled && (buffer[i] == ' ' || buffer[i] == '\t' || buffer[i] == '\r')) {
      i++;
    }
    return i < filled && buffer[i] == '\n';
  }

  /**
   * Skips what is before the records of an object that begins here and carries an array of them
   * under one of {@code keys}, if that is what it is. Looks a few kilobytes ahead, no further.
   */
  boolean skipToWrapped(Set<String> keys) throws IOException {
    if (keys.isEmpty()) {
      return false;
    }
    lookAhead();
    int end = new ObjectHead(buffer, at, filled).endBefore(keys);
    if (end < 0) {
      return false;
    }
    while (at < end) {
      skip();
    }
    return true;
  }

  private void lookAhead() throws IOException {
    if (filled - at >= LOOK_AHEAD) {
      return;
    }
    System.arraycopy(buffer, at, buffer, 0, filled - at);
    before += at;
    filled -= at;
    at = 0;
    while (filled < LOOK_AHEAD) {
      int count = in.read(buffer, filled, buffer.length - filled);
      if (count <= 0) {
        return;
      }
      filled += count;
    }
  }

  private void keep(byte[] from, int first, int end) {
    int count = end - first;
    if (tooLarge || count > limit - length) {
      tooLarge = true;
      return;
    }
    if (count > value.length - length) {
      value = Arrays.copyOf(value, Math.max(length + count, Math.min(limit, value.length * 2)));
    }
    System.arraycopy(from, first, value, length, count);
    length += count;
  }
}
