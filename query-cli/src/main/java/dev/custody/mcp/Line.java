package dev.custody.mcp;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One message on its way, with its end of line: whole up to a bound, and counted beyond it. */
final class Line {
  /** Longest message that is kept, in bytes. */
  static final int MOST = 4 << 20;

  private static final int USUAL = 16 << 10;

  private final Skim skim = new Skim();
  private byte[] bytes = new byte[USUAL];
  private int size;
  private long total;

  /** Takes more of it; false when it is too long by now, and nothing of it is kept any more. */
  boolean take(byte[] from, int start, int end) {
    skim.take(from, start, end);
    boolean was = isKept();
    total += end - start;
    if (!isKept()) {
      if (was) {
        size = 0;
        bytes = new byte[USUAL];
      }
      return false;
    }
    int needed = size + end - start;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(MOST, Math.max(needed, 2 * bytes.length)));
    }
    System.arraycopy(from, start, bytes, size, end - start);
    size = needed;
    return true;
  }

  /** Whether so many more bytes fit. */
  boolean fits(int more) {
    return total + more <= MOST;
  }

  private boolean isKept() {
    return total <= MOST;
  }

  boolean isEmpty() {
    return total == 0;
  }

  boolean callsTool() {
    return skim.callsTool();
  }

  /** What is kept of it, end of line included. */
  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Puts it into the outbox, as far as it is kept. */
  void recordIn(Outbox outbox, String from, @Nullable Ask ask) {
    if (isKept()) {
      int end = size;
      while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
        end--;
      }
      // What waits is told of whatever it is: nobody else would settle it.
      boolean chatter = outbox.chatter().takes(from, skim, bytes, end) && ask == null;
      if (!isBlank(end) && !chatter) {
        outbox.put(from, Arrays.copyOf(bytes, end), Map.of(), ask);
      }
      return;
    }
    byte[] outline = CollectorDelivery.outline(skim);
    outbox.put(
        from,
        outline,
        outline == null
            ? Map.of("why", "too long", "bytes", total)
            : Map.of("omitted", total - outline.length));
  }

  private boolean isBlank(int end) {
    for (int i = 0; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  /** Begins anew with the next message. */
  void reset() {
    skim.reset();
    size = 0;
    total = 0;
    if (bytes.length > USUAL) {
      bytes = new byte[USUAL];
    }
  }

  /** Behind the next end of line in {@code bytes}, or {@code end} where there is none. */
  static int endOfLine(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return end;
  }
}
