package dev.custody.source.mcp;

import dev.custody.digest.Digest;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SecretPrints;
import dev.custody.signing.FingerprintKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one run of a wrapper: who speaks, which requests wait for a response, which
 * tools were listed. Safe for use by several threads: an answer at the deadline waits for nobody.
 */
final class Conversation {
  private static final int MOST_REQUESTS = 256;

  private final Redactor redactor;
  private final Map<String, Request> byClient = latest(MOST_REQUESTS);
  private final Map<String, Request> byServer = latest(MOST_REQUESTS);
  private final Map<String, Digest> listed = latest(ToolList.MOST);
  private final Map<String, ToolChange> changed = latest(ToolList.MOST);
  private final Set<String> told = new HashSet<>();
  private Peers peers;

  Conversation(FingerprintKey organisation, Peers peers) {
    this.redactor = SecretPrints.redactor(organisation, FingerprintKey.ephemeral());
    this.peers = peers;
  }

  /**
   * A request that waits for its response.
   *
   * @param call the call of a tool that it is; else null
   * @param at when it passed
   */
  record Request(String method, @Nullable Call call, Instant at) {}

  Redactor redactor() {
    return redactor;
  }

  synchronized Peers peers() {
    return peers;
  }

  synchronized void begins(Peers both) {
    peers = both;
  }

  /** Remembers a request under its id; a second one with the same takes the first one's place. */
  synchronized void requested(Delivery.From from, Rpc message, Request request) {
    String key = message.key();
    if (key != null) {
      requestsOf(from).put(key, request);
    }
  }

  /** The request that a response of {@code from} belongs to, which then waits no more. */
  synchronized @Nullable Request answered(Delivery.From from, @Nullable String key) {
    // A client answers what the server asked; the wrapper answers in the server's place.
    Delivery.From asker =
        from == Delivery.From.CLIENT ? Delivery.From.SERVER : Delivery.From.CLIENT;
    return key == null ? null : requestsOf(asker).remove(key);
  }

  private Map<String, Request> requestsOf(Delivery.From from) {
    return from == Delivery.From.SERVER ? byServer : byClient;
  }

  synchronized @Nullable Digest listed(String tool) {
    return listed.get(tool);
  }

  synchronized void lists(ToolList list) {
    list.tools().forEach(tool -> listed.put(tool.name(), tool.description()));
  }

  /** That {@code change} was seen: the next call of its tool is told together with it. */
  synchronized void changes(ToolChange change) {
    changed.put(change.tool(), change);
    told.remove(change.tool());
  }

  /** The change of {@code tool}, for its first call since; else null. */
  synchronized @Nullable ToolChange changeToTell(String tool) {
    ToolChange change = changed.get(tool);
    return change != null && told.add(tool) ? change : null;
  }

  private static <V> Map<String, V> latest(int most) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }
}
