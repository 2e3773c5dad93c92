package dev.custody.http;

import dev.custody.access.Tokens;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose requests are looked at. A browser on this machine can be lured into sending requests here:
 * they carry {@code Origin}, or, after DNS rebinding, a {@code Host} that is not this one.
 */
final class Admittance {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> hosts = new HashSet<>(LOOPBACK);
  private final @Nullable Tokens tokens;
  private final Tokens imports;

  Admittance(HttpConfig config, Tokens imports) {
    String bound = config.bindAddress().toLowerCase(Locale.ROOT);
    hosts.add(bound.contains(":") ? "[" + bound + "]" : bound);
    hosts.addAll(config.hostNames());
    this.tokens = config.tokens();
    this.imports = imports;
  }

  void check(ServerRequest request) throws Refusal {
    if (request.headers().contains(HeaderNames.ORIGIN)) {
      throw new Refusal(403, "requests of web pages are refused (Origin)");
    }
    List<String> named = request.headers().all(HeaderNames.HOST, List::of);
    if (named.size() != 1 || !hosts.contains(withoutPort(named.getFirst()))) {
      throw new Refusal(403, "Host is not this collector; try: http://127.0.0.1");
    }
  }

  /** Refuses a sender without a token, where the collector has any. */
  void requireToken(ServerRequest request) throws Refusal {
    if (tokens == null) {
      return;
    }
    switch (tokens.presented(request.headers().all(HeaderNames.AUTHORIZATION, List::of))) {
      case VALID -> {}
      case NONE ->
          throw new Refusal(401, "expected Authorization: Bearer TOKEN, found no Authorization");
      case UNKNOWN ->
          throw new Refusal(
              401, "expected Authorization: Bearer TOKEN with a token of this collector");
    }
  }

  /**
   * Refuses a sender without a token for imports, wherever the collector listens: what a provider
   * recorded can be proof, so who may post hooks, an agent above all, may not post that.
   */
  void requireImportToken(ServerRequest request) throws Refusal {
    String found =
        switch (imports.presented(request.headers().all(HeaderNames.AUTHORIZATION, List::of))) {
          case VALID -> null;
          case NONE -> "no Authorization";
          case UNKNOWN -> "another token";
        };
    if (found != null) {
      throw new Refusal(
          401,
          "imports need a token of their own: expected Authorization: Bearer TOKEN with the one in the collector's import.token, found "
              + found
              + "; try: custody import with --import-token-file");
    }
  }

  /** Refuses a sender that is not on this machine, wherever the collector listens. */
  static void requireLoopback(ServerRequest request) throws Refusal {
    boolean local =
        request.remotePeer().address() instanceof InetSocketAddress from
            && from.getAddress() != null
            && from.getAddress().isLoopbackAddress();
    if (!local) {
      throw new Refusal(403, "expected a request from this machine");
    }
  }

  private static String withoutPort(String host) {
    String name = host.strip().toLowerCase(Locale.ROOT);
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf(']') ? name.substring(0, colon) : name;
  }
}
