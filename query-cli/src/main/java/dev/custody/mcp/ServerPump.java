package dev.custody.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * Passes the server's bytes on to the client. A message is put into the outbox before its last byte
 * is passed on: what the client does because of it is recorded behind it.
 */
final class ServerPump implements Runnable {
  private static final int CHUNK = 64 << 10;

  private final InputStream server;
  private final ClientOut client;
  private final Outbox outbox;
  private final Line line = new Line();
  private volatile long lastMoved = System.nanoTime();

  ServerPump(InputStream server, ClientOut client, Outbox outbox) {
    this.server = server;
    this.client = client;
    this.outbox = outbox;
  }

  @Override
  public void run() {
    try (server) {
      byte[] chunk = new byte[CHUNK];
      for (int n = server.read(chunk); n >= 0; n = server.read(chunk)) {
        take(chunk, n);
        client.write(chunk, n);
        lastMoved = System.nanoTime();
      }
      client.close();
    } catch (IOException e) {
      // The client reads no more: the server sees that when it writes again.
      return;
    } finally {
      if (!line.isEmpty()) {
        line.recordIn(outbox, Passage.SERVER, null);
      }
    }
  }

  private void take(byte[] chunk, int n) {
    for (int from = 0; from < n; ) {
      int to = Line.endOfLine(chunk, from, n);
      var _ = line.take(chunk, from, to);
      if (chunk[to - 1] == '\n') {
        line.recordIn(outbox, Passage.SERVER, null);
        line.reset();
      }
      from = to;
    }
  }

  /** Waits in {@code self} for the last byte, or until nothing moves for so long. */
  void drain(Thread self, long quietMillis) throws InterruptedException {
    long quiet = TimeUnit.MILLISECONDS.toNanos(quietMillis);
    long from = System.nanoTime();
    while (self.isAlive() && System.nanoTime() - Math.max(from, lastMoved) < quiet) {
      self.join(20);
    }
  }
}
