package dev.custody.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.access.TokenFile;
import dev.custody.access.Tokens;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.http.HttpConfig;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector that listens beyond loopback takes what a wrapper with its token hands in. */
class TokenWrapperTest {
  @TempDir Path directory;
  private McpRoom room;
  private Path tokens;

  @BeforeEach
  void open() throws Exception {
    room = new McpRoom(directory);
    tokens = directory.resolve("server.token");
    room.start(
        Policy.OBSERVE,
        new HttpConfig("0.0.0.0", 0, Set.of(), Duration.ofSeconds(20), Tokens.open(tokens)));
  }

  @AfterEach
  void close() {
    room.close();
  }

  private void call(Path token) throws Exception {
    Process wrapper =
        room.wrap(
            Map.of(TokenFile.VARIABLE, token.toString()), List.of(), room.address(), "/bin/cat");
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\"}}\n";
    try (OutputStream in = wrapper.getOutputStream()) {
      in.write(call.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(wrapper.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .as("the traffic flows, whatever is recorded")
        .isEqualTo(call);
    assertThat(McpRoom.exitOf(wrapper)).isZero();
  }

  private long recordedCalls() throws Exception {
    return room.recorded().stream().filter(e -> e.body() instanceof Body.ToolCallRequested).count();
  }

  @Test
  void withTheTokenACallIsRecordedAndWithoutItOnlyPassedOn() throws Exception {
    Path wrong = Files.copy(tokens, directory.resolve("wrong.token"));
    Files.writeString(wrong, "wrong-".repeat(8));
    call(wrong);
    assertThat(recordedCalls()).isZero();
    call(tokens);
    assertThat(recordedCalls()).isEqualTo(1);
  }

  @Test
  void whatWaitedForTheRightTokenIsHandedInWithIt() throws Exception {
    Path own = Files.copy(tokens, directory.resolve("own.token"));
    String right = Files.readString(own);
    Files.writeString(own, "wrong-".repeat(8));
    Process wrapper =
        room.wrap(
            Map.of(TokenFile.VARIABLE, own.toString()), List.of(), room.address(), "/bin/cat");
    OutputStream in = wrapper.getOutputStream();
    byte[] call =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\"}}\n"
            .getBytes(StandardCharsets.UTF_8);
    in.write(call);
    in.flush();
    assertThat(wrapper.getInputStream().readNBytes(call.length)).isEqualTo(call);
    assertThat(recordedCalls()).isZero();
    Files.writeString(own, right);
    McpRoom.until("the call is recorded", () -> recordedCalls() == 1);
    in.close();
    assertThat(McpRoom.exitOf(wrapper)).isZero();
  }
}
