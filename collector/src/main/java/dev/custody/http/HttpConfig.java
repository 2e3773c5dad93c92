package dev.custody.http;

import java.time.Duration;
import java.util.Set;

/**
 * Where the collector listens.
 *
 * @param bindAddress address; loopback unless it runs in a container of its own
 * @param port port; 0 for any
 * @param hostNames further names that requests may call this host by, in lower case, without port
 * @param bodyTimeout longest time that a body may take
 */
public record HttpConfig(
    String bindAddress, int port, Set<String> hostNames, Duration bodyTimeout) {
  /** Longest time that a body may take, when nobody says otherwise. */
  public static final Duration BODY_TIMEOUT = Duration.ofSeconds(30);

  /** Copies. */
  public HttpConfig {
    hostNames = Set.copyOf(hostNames);
  }

  /** Listens for processes of this machine only. */
  public static HttpConfig loopback(int port) {
    return new HttpConfig("127.0.0.1", port, Set.of(), BODY_TIMEOUT);
  }
}
