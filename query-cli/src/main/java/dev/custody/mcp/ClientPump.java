package dev.custody.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * Passes the client's messages on to the server. A message is passed on when it is whole, or longer
 * than is kept: a server that reads lines could do nothing with it before. Only a call of a tool
 * waits longer, for the collector's decision, and what comes behind it keeps its place.
 */
final class ClientPump implements Runnable {
  private static final int CHUNK = 64 << 10;

  private final InputStream client;
  private final OutputStream server;
  private final ClientOut back;
  private final Outbox outbox;
  private final long decisionMillis;
  private final Line line = new Line();
  private boolean passing;

  ClientPump(
      InputStream client, OutputStream server, ClientOut back, Outbox outbox, long decisionMillis) {
    this.client = client;
    this.server = server;
    this.back = back;
    this.outbox = outbox;
    this.decisionMillis = decisionMillis;
  }

  @Override
  public void run() {
    try (client;
        server) {
      byte[] chunk = new byte[CHUNK];
      for (int n = client.read(chunk); n >= 0; n = client.read(chunk)) {
        take(chunk, n);
        server.flush();
      }
      if (!line.isEmpty()) {
        ends();
      }
    } catch (IOException e) {
      // One side is gone: both streams are closed, and the other side sees that, as it would have
      // seen it without us.
      return;
    }
  }

  private void take(byte[] chunk, int n) throws IOException {
    for (int from = 0; from < n; ) {
      int to = Line.endOfLine(chunk, from, n);
      if (!passing && !line.fits(to - from)) {
        passing = true;
        server.write(line.bytes(), 0, line.size());
      }
      var _ = line.take(chunk, from, to);
      if (passing) {
        server.write(chunk, from, to - from);
      }
      if (chunk[to - 1] == '\n') {
        ends();
      }
      from = to;
    }
  }

  private void ends() throws IOException {
    if (passing) {
      line.recordIn(outbox, Passage.CLIENT, null);
    } else if (line.callsTool()) {
      waits();
    } else {
      // Told before it is answered: a response is looked at by another thread.
      line.recordIn(outbox, Passage.CLIENT, null);
      server.write(line.bytes(), 0, line.size());
    }
    passing = false;
    line.reset();
  }

  private void waits() throws IOException {
    server.flush();
    Ask ask = new Ask();
    line.recordIn(outbox, Passage.CLIENT, ask);
    Ask.Verdict verdict = ask.await(decisionMillis);
    if (!verdict.denied()) {
      server.write(line.bytes(), 0, line.size());
      return;
    }
    byte[] reply = verdict.reply();
    if (reply != null) {
      byte[] message = java.util.Arrays.copyOf(reply, reply.length - 1);
      outbox.put(Passage.WRAPPER, message, Map.of());
      back.reply(reply);
    }
  }
}
