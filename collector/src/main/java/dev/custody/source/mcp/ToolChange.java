package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.digest.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A tool that its server now describes otherwise.
 *
 * @param tool as the server calls it
 * @param beforeVersion of the server when it was described as before
 */
record ToolChange(
    String server,
    String tool,
    Digest before,
    Digest after,
    @Nullable String beforeVersion,
    @Nullable String afterVersion) {
  /** Content of the event that tells of it. */
  ObjectNode toJson() {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content
        .put(
            "message",
            "tool %s of MCP server %s is described otherwise: %s before, %s now"
                .formatted(tool, server, shortly(before), shortly(after)))
        .put("server", server)
        .put("tool", tool);
    content.putObject("before").put("digest", before.hex()).put("version", beforeVersion);
    content.putObject("after").put("digest", after.hex()).put("version", afterVersion);
    return content;
  }

  private static String shortly(Digest digest) {
    return digest.hex().substring(0, 12);
  }
}
