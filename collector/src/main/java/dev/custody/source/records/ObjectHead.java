package dev.custody.source.records;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The first keys of an object, to see whether it carries records or is one. */
final class ObjectHead {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** The object whose brace is at {@code from}, as far as {@code end}. */
  ObjectHead(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from + 1;
    this.end = end;
  }

  /** The place behind the bracket of the array under one of {@code keys}; -1 if none is seen. */
  int endBefore(Set<String> keys) {
    while (token('"')) {
      int from = at;
      if (!skipText()) {
        return -1;
      }
      String key = new String(bytes, from, at - 1 - from, StandardCharsets.UTF_8);
      if (!token(':')) {
        return -1;
      }
      if (keys.contains(key) && token('[')) {
        return at;
      }
      if (!skipValue() || !token(',')) {
        return -1;
      }
    }
    return -1;
  }

  private boolean token(char expected) {
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    if (at == end || bytes[at] != expected) {
      return false;
    }
    at++;
    return true;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  // Behind its first quote.
  private boolean skipText() {
    for (; at < end; at++) {
      if (bytes[at] == '\\') {
        at++;
      } else if (bytes[at] == '"') {
        at++;
        return true;
      }
    }
    return false;
  }

  // Up to the comma or brace behind it.
  private boolean skipValue() {
    int depth = 0;
    while (at < end) {
      byte b = bytes[at];
      if (depth == 0 && (b == ',' || b == '}')) {
        return true;
      }
      at++;
      if (b == '"' && !skipText()) {
        return false;
      }
      depth += b == '{' || b == '[' ? 1 : b == '}' || b == ']' ? -1 : 0;
    }
    return false;
  }
}
