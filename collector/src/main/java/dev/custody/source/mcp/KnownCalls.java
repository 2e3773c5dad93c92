package dev.custody.source.mcp;

import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the latest tool calls belong that an agent itself told of: its hook comes before the MCP
 * request that carries the same id. Safe for use by several threads.
 */
final class KnownCalls {
  private static final int MOST = 4096;

  private final Map<String, Place> places =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Place> eldest) {
          return size() > MOST;
        }
      };

  synchronized void recorded(Event event) {
    String call = event.toolCall();
    String session = event.session();
    if (call != null && session != null && event.body() instanceof Body.ToolCallRequested) {
      Agent agent = event.actor().agent();
      places.put(call, new Place(session, event.prompt(), agent == null ? null : agent.subAgent()));
    }
  }

  synchronized @Nullable Place of(@Nullable String call) {
    return call == null ? null : places.get(call);
  }
}
