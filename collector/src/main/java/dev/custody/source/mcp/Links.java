package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import dev.custody.event.TraceContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a request says of the agent's own records: its {@code _meta}. */
final class Links {
  private static final Pattern TRACE_PARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}.*");
  private static final Pattern UNUSABLE = Pattern.compile("[^A-Za-z0-9_-]");

  private final Delivery delivery;
  private final KnownCalls known;

  Links(Delivery delivery, KnownCalls known) {
    this.delivery = delivery;
    this.known = known;
  }

  /**
   * The call that {@code request} is.
   *
   * @param own what names this message among all that passed
   * @param session of the wrapper's environment; null where it names none
   * @param listed the tool as it was listed last
   */
  Call call(
      Rpc request,
      String own,
      String server,
      @Nullable String session,
      java.util.function.Function<String, dev.custody.digest.@Nullable Digest> listed) {
    String name = Rpc.text(request.params(), "name", Rpc.LONGEST_NAME);
    String tool = name == null ? Settings.UNNAMED : name;
    JsonNode meta = request.params().path("_meta");
    String told = id(meta);
    String plain = request.plainId();
    String id =
        told != null
            ? told
            : "mcp:%s:%s".formatted(delivery.instance(), plain == null ? "#" + own : plain);
    return new Call(
        tool(server, tool),
        tool,
        id,
        place(meta, told, session),
        trace(meta),
        new ToolProvider(ToolProviderKind.MCP_SERVER, server, listed.apply(tool)));
  }

  /** A tool as agents name it. */
  static String tool(String server, String tool) {
    return "mcp__"
        + UNUSABLE.matcher(server).replaceAll("_")
        + "__"
        + UNUSABLE.matcher(tool).replaceAll("_");
  }

  /** Where a message belongs that names no call. */
  Place place(@Nullable String session) {
    return new Place(session == null ? "mcp:" + delivery.instance() : session, null, null);
  }

  private Place place(JsonNode meta, @Nullable String call, @Nullable String session) {
    Place told = known.of(call);
    if (told != null) {
      return told;
    }
    String thread = Rpc.text(meta, "threadId", Rpc.LONGEST_NAME);
    if (thread == null) {
      return place(session);
    }
    // A thread of its own within the session is a sub-agent's.
    return session == null || session.equals(thread)
        ? new Place(thread, null, null)
        : new Place(session, null, thread);
  }

  private static @Nullable String id(JsonNode meta) {
    String claude = Rpc.text(meta, "claudecode/toolUseId", Rpc.LONGEST_NAME);
    return claude == null ? Rpc.text(meta, "callId", Rpc.LONGEST_NAME) : claude;
  }

  static @Nullable TraceContext trace(JsonNode meta) {
    String parent = Rpc.text(meta, "traceparent", Rpc.LONGEST_NAME);
    Matcher matcher = TRACE_PARENT.matcher(parent == null ? "" : parent);
    return matcher.matches() ? new TraceContext(matcher.group(1), matcher.group(2)) : null;
  }
}
