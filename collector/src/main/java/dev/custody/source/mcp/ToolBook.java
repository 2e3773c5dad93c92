package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.SourceNotes;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.sighting.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How each server described its tools when they were last recorded: kept over restarts, for the
 * {@link #MOST_SERVERS} servers that listed last. Safe for use by several threads.
 */
final class ToolBook {
  static final int MOST_SERVERS = 128;

  private static final String NOTES = "mcp-tools/";
  private static final Logger LOG = LoggerFactory.getLogger(ToolBook.class);

  private final SourceNotes notes;
  private final Map<String, Server> servers = new LinkedHashMap<>();

  private ToolBook(SourceNotes notes) {
    this.notes = notes;
  }

  /**
   * A tool's description.
   *
   * @param version of the server that gave it
   */
  record Known(Digest digest, @Nullable String version) {}

  private record Server(Instant at, Map<String, Known> tools) {}

  /**
   * What was listed in earlier runs.
   *
   * @throws CaptureException when the notes cannot be read
   */
  static ToolBook open(SourceNotes notes) throws CaptureException {
    ToolBook book = new ToolBook(notes);
    for (Map.Entry<String, byte[]> note : notes.all(NOTES).entrySet()) {
      try {
        book.servers.put(note.getKey(), read(StrictJson.object(note.getValue())));
      } catch (BadInputException | RuntimeException e) {
        LOG.warn("the tools of an MCP server are not known any more: its note cannot be read");
      }
    }
    return book;
  }

  synchronized @Nullable Known of(String server, String tool) {
    Server known = servers.get(server);
    return known == null ? null : known.tools().get(tool);
  }

  /** Takes over what is now recorded. That a note cannot be written is no failure: it is known. */
  synchronized void recorded(Body.ToolsListed listed, Instant at) {
    String server = listed.provider();
    Server before = servers.get(server);
    Map<String, Known> tools = before == null ? new LinkedHashMap<>() : before.tools();
    for (Body.DescribedTool tool : listed.tools()) {
      // The latest stay: of a server with too many the first are forgotten.
      tools.remove(tool.name());
      tools.put(tool.name(), new Known(tool.description(), listed.version()));
    }
    while (tools.size() > ToolList.MOST) {
      tools.remove(tools.keySet().iterator().next());
    }
    Server now = new Server(at, tools);
    servers.put(server, now);
    try {
      notes.put(NOTES + server, write(now));
      forgetTooMany();
    } catch (CaptureException e) {
      LOG.warn("the tools of an MCP server are not noted: {}", e.getMessage());
    }
  }

  private void forgetTooMany() throws CaptureException {
    while (servers.size() > MOST_SERVERS) {
      String oldest =
          servers.entrySet().stream()
              .min(java.util.Comparator.comparing(e -> e.getValue().at()))
              .orElseThrow()
              .getKey();
      servers.remove(oldest);
      notes.remove(NOTES + oldest);
    }
  }

  private static byte[] write(Server server) {
    ObjectNode note = JsonNodeFactory.instance.objectNode().put("at", server.at().toEpochMilli());
    ObjectNode tools = note.putObject("tools");
    server
        .tools()
        .forEach((name, known) ->
            tools
                .putObject(name)
                .put("digest", known.digest().hex())
                .put("version", known.version()));
    return note.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Server read(JsonNode note) {
    Map<String, Known> tools = new LinkedHashMap<>();
    note.path("tools")
        .properties()
        .forEach(tool ->
            tools.put(
                tool.getKey(),
                new Known(
                    Digest.ofHex(tool.getValue().path("digest").asText()),
                    tool.getValue().path("version").textValue())));
    return new Server(Instant.ofEpochMilli(note.path("at").asLong()), tools);
  }
}
