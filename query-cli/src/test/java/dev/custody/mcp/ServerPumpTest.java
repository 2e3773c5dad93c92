package dev.custody.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A client may act on a message as soon as it has read it. */
class ServerPumpTest {
  private static final String LISTED = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[]}}";
  private static final byte[] CALL = "{\"method\":\"tools/call\"}".getBytes(UTF_8);

  @Test
  void whatTheClientSendsBecauseOfAMessageIsRecordedBehindIt() throws Exception {
    Outbox outbox = new Outbox();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    OutputStream client =
        new OutputStream() {
          @Override
          public void write(int b) {
            read.write(b);
            if (b == '\n') {
              outbox.put(Passage.CLIENT, CALL, Map.of());
            }
          }
        };
    String line = LISTED + "\n";
    new ServerPump(new ByteArrayInputStream(line.getBytes(UTF_8)), new ClientOut(client), outbox)
        .run();
    outbox.close();

    assertThat(outbox.take())
        .extracting(Passage::from)
        .containsExactly(Passage.SERVER, Passage.CLIENT);
    assertThat(read.toString(UTF_8)).isEqualTo(line);
  }
}
