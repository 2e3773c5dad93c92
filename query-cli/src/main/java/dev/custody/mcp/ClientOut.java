package dev.custody.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What the client reads: the server's bytes as they are, and between two of its lines, never within
 * one, what is answered in its place.
 */
final class ClientOut {
  private final OutputStream out;
  private final Queue<byte[]> replies = new ArrayDeque<>();
  private boolean withinLine;

  ClientOut(OutputStream out) {
    this.out = out;
  }

  /** Writes the server's bytes up to {@code end}. */
  synchronized void write(byte[] bytes, int end) throws IOException {
    int from = 0;
    if (!replies.isEmpty()) {
      int line = Line.endOfLine(bytes, 0, end);
      if (line > 0 && bytes[line - 1] == '\n') {
        out.write(bytes, 0, line);
        from = line;
        writeReplies();
      }
    }
    out.write(bytes, from, end - from);
    if (end > 0) {
      withinLine = bytes[end - 1] != '\n';
    }
    out.flush();
  }

  /** Writes one line of our own as soon as no line of the server's is open. */
  synchronized void reply(byte[] line) throws IOException {
    replies.add(line);
    if (!withinLine) {
      writeReplies();
      out.flush();
    }
  }

  private void writeReplies() throws IOException {
    for (byte[] line = replies.poll(); line != null; line = replies.poll()) {
      out.write(line);
    }
  }

  /** The server has no more to say. */
  synchronized void close() throws IOException {
    writeReplies();
    out.close();
  }
}
