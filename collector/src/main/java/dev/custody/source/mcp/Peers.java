package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Who speaks to whom, as both say it of themselves when they begin. */
record Peers(
    @Nullable String client,
    @Nullable String clientVersion,
    @Nullable String server,
    @Nullable String serverVersion) {
  static final Peers UNKNOWN = new Peers(null, null, null, null);

  private static final int LONGEST = 128;

  /** With what a client's {@code initialize} says. */
  Peers withClient(Rpc request) {
    JsonNode info = request.params().path("clientInfo");
    return new Peers(
        Rpc.text(info, "name", LONGEST), Rpc.text(info, "version", LONGEST), server, serverVersion);
  }

  /** With what a server answers to it. */
  Peers withServer(Rpc response) {
    JsonNode info = response.result().path("serverInfo");
    return new Peers(
        client, clientVersion, Rpc.text(info, "name", LONGEST), Rpc.text(info, "version", LONGEST));
  }

  ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("client", client)
        .put("clientVersion", clientVersion)
        .put("server", server)
        .put("serverVersion", serverVersion);
  }

  static Peers of(JsonNode note) {
    return new Peers(
        Rpc.text(note, "client", LONGEST),
        Rpc.text(note, "clientVersion", LONGEST),
        Rpc.text(note, "server", LONGEST),
        Rpc.text(note, "serverVersion", LONGEST));
  }
}
