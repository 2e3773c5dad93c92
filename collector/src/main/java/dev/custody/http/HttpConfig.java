package dev.custody.http;

import dev.custody.access.Tokens;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the collector listens, and to whom.
 *
 * @param bindAddress address; loopback unless it runs in a container of its own
 * @param port port; 0 for any
 * @param hostNames further names that requests may call this host by, in lower case, without port
 * @param bodyTimeout longest time that a body may take
 * @param tokens of which every request but those of its health has to carry one; null for none,
 *     which loopback only allows
 * @param importTokens file of the tokens with one of which providers' records are imported,
 *     wherever it listens: what they say can be proof. Null for the collector's own data directory
 */
public record HttpConfig(
    String bindAddress,
    int port,
    Set<String> hostNames,
    Duration bodyTimeout,
    @Nullable Tokens tokens,
    @Nullable Path importTokens) {
  /** Longest time that a body may take, when nobody says otherwise. */
  public static final Duration BODY_TIMEOUT = Duration.ofSeconds(30);

  /** Copies. */
  public HttpConfig {
    hostNames = Set.copyOf(hostNames);
    if (tokens == null && !isLoopback(bindAddress)) {
      throw new IllegalArgumentException(
          "expected tokens for " + bindAddress + ", which is beyond loopback, found none");
    }
  }

  /** Without tokens but for imports. */
  public HttpConfig(String bindAddress, int port, Set<String> hostNames, Duration bodyTimeout) {
    this(bindAddress, port, hostNames, bodyTimeout, null);
  }

  /** With the tokens for imports where they are when nobody says otherwise. */
  public HttpConfig(
      String bindAddress,
      int port,
      Set<String> hostNames,
      Duration bodyTimeout,
      @Nullable Tokens tokens) {
    this(bindAddress, port, hostNames, bodyTimeout, tokens, null);
  }

  /** With {@code file} for the tokens of imports, where none is named. */
  public HttpConfig orImportTokens(Path file) {
    return importTokens == null
        ? new HttpConfig(bindAddress, port, hostNames, bodyTimeout, tokens, file)
        : this;
  }

  /** Listens for processes of this machine only. */
  public static HttpConfig loopback(int port) {
    return new HttpConfig("127.0.0.1", port, Set.of(), BODY_TIMEOUT);
  }

  /** Whether only this machine reaches {@code address}; what is no known address may be any. */
  public static boolean isLoopback(String address) {
    if (address.isBlank()) {
      return false;
    }
    try {
      for (InetAddress each : InetAddress.getAllByName(address)) {
        if (!each.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
