package dev.custody.http;

/** Somebody else listens on the port. */
public final class PortTakenException extends Exception {
  private static final long serialVersionUID = 1L;

  PortTakenException(int port, Throwable cause) {
    super("http port " + port + " is taken; try: --http-port 0", cause);
  }
}
