package dev.custody.source.cloudtrail;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into JSON values without understanding them, so that one bad record spoils
 * no other and no value needs more memory than the limit. Knows the place of each byte.
 */
final class JsonFrames {
  static final int END = -1;

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int filled;
  private long line = 1;
  private long column = 1;
  private byte[] value = new byte[4096];
  private int length;
  private boolean tooLarge;

  JsonFrames(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  long line() {
    return line;
  }

  long column() {
    return column;
  }

  /** The next byte, which stays; {@link #END} after the last. */
  int peek() throws IOException {
    if (at == filled) {
      at = 0;
      filled = Math.max(0, in.read(buffer, 0, buffer.length));
      if (filled == 0) {
        return END;
      }
    }
    return buffer[at] & 0xFF;
  }

  void skip() {
    if (buffer[at++] == '\n') {
      line++;
      column = 1;
    } else {
      column++;
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

  /**
   * Reads the value that begins here.
   *
   * @param oneLine whether a line's end ends the value, be it whole or not
   * @return whether the value is whole
   */
  boolean next(boolean oneLine) throws IOException {
    length = 0;
    tooLarge = false;
    return read(0, oneLine);
  }

  /**
   * Reads the rest of an object of which {@code head} was read before, up to where a key or a sign
   * follows.
   */
  boolean nextInside(byte[] head, boolean oneLine) throws IOException {
    length = 0;
    tooLarge = false;
    for (byte b : head) {
      keep(b);
    }
    return read(1, oneLine);
  }

  private boolean read(int opened, boolean oneLine) throws IOException {
    int depth = opened;
    boolean string = false;
    boolean escaped = false;
    for (int c = peek(); c != END; c = peek()) {
      if (oneLine && c == '\n') {
        return depth == 0 && !string;
      }
      if (!string && depth == 0 && length > 0 && endsScalar(c)) {
        return true;
      }
      keep(c);
      skip();
      if (string) {
        string = escaped || c != '"';
        escaped = !escaped && c == '\\';
      } else if (c == '"') {
        string = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      if (!string && depth <= 0 && (c == '}' || c == ']' || c == '"')) {
        return true;
      }
    }
    return depth == 0 && !string && length > 0;
  }

  private static boolean endsScalar(int c) {
    return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t'
        || c == '{' || c == '[';
  }

  private void keep(int c) {
    if (length == limit) {
      tooLarge = true;
      return;
    }
    if (length == value.length) {
      value = Arrays.copyOf(value, Math.min(limit, length * 2));
    }
    value[length++] = (byte) c;
  }
}
