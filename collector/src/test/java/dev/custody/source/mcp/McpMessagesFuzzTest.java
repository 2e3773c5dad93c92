package dev.custody.source.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import dev.custody.fuzz.Written;

class McpMessagesFuzzTest {
  /** Lines of what passes, in turn of the client and of the server. */
  @FuzzTest
  void whateverPassesIsToldOrPassedOver(byte[] bytes) throws Exception {
    Wire wire = new Wire();
    String from = "client";
    for (String line : new String(bytes, UTF_8).split("\n", 16)) {
      try {
        Written.allReadBack(wire.send(from, line, from.equals("client")).events());
      } catch (BadInputException refused) {
        // With a reason, and nothing came of it.
      } finally {
        from = from.equals("client") ? "server" : "client";
      }
    }
  }

  @FuzzTest
  void aDeliveryIsTakenOrRefused(byte[] bytes) throws Exception {
    Wire wire = new Wire();
    try {
      HookReply reply = wire.source().receive(bytes, null);
      Written.allReadBack(reply.events());
      wire.source().recorded(reply.events());
    } catch (BadInputException refused) {
      // With a reason, and nothing came of it.
    }
  }
}
