package dev.custody.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Connections that are kept alive, and the least of HTTP/1.1 over them: what a client costs should
 * not be in what a server is measured by.
 */
final class HttpLines implements AutoCloseable {
  /** As many requests as the collector takes at once. */
  private static final int CONNECTIONS = 32;

  private final int port;
  private final String path;
  private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(CONNECTIONS);

  private record Line(Socket socket, InputStream in) {}

  HttpLines(int port, String path) throws IOException {
    this.port = port;
    this.path = path;
    for (int i = 0; i < CONNECTIONS; i++) {
      lines.add(open());
    }
  }

  private Line open() throws IOException {
    Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    socket.setTcpNoDelay(true);
    return new Line(socket, new BufferedInputStream(socket.getInputStream(), 4096));
  }

  /** Posts {@code body}; anything but 200 fails. */
  void post(byte[] body) throws IOException, InterruptedException {
    Line line = lines.take();
    try {
      byte[] head =
          "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, body.length)
              .getBytes(StandardCharsets.US_ASCII);
      byte[] request = new byte[head.length + body.length];
      System.arraycopy(head, 0, request, 0, head.length);
      System.arraycopy(body, 0, request, head.length, body.length);
      line.socket().getOutputStream().write(request);
      String status = answer(line.in());
      if (!status.startsWith("HTTP/1.1 200")) {
        throw new IOException("expected 200, found " + status);
      }
    } finally {
      lines.add(line);
    }
  }

  private static String answer(InputStream in) throws IOException {
    String status = line(in);
    long length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Long.parseLong(header.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return status;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    for (Line line : lines) {
      line.socket().close();
    }
  }
}
