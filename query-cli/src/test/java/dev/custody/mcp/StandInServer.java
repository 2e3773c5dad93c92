package dev.custody.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An MCP server with one tool, {@code read}. Arguments: a file in which it notes each line that it
 * got, and what it says of its tool.
 */
final class StandInServer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StandInServer() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Files.writeString(
          Path.of(args[0]), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      JsonNode message = JSON.readTree(line);
      if (message.has("id") && message.has("method")) {
        out.print(JSON.writeValueAsString(answer(message, args[1])) + "\n");
        out.flush();
      }
    }
  }

  private static ObjectNode answer(JsonNode request, String description) {
    ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", request.path("id"));
    ObjectNode result = answer.putObject("result");
    switch (request.path("method").asText()) {
      case "initialize" -> {
        result.put("protocolVersion", "2025-06-18").putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "stand-in").put("version", "1.0");
      }
      case "tools/list" ->
          result
              .putArray("tools")
              .addObject()
              .put("name", "read")
              .put("description", description)
              .putObject("inputSchema")
              .put("type", "object");
      case "tools/call" -> {
        result
            .putArray("content")
            .addObject()
            .put("type", "text")
            .put("text", request.at("/params/arguments").toString());
        result.put("isError", request.at("/params/arguments/fail").asBoolean());
      }
      default -> {}
    }
    return answer;
  }
}
