package dev.custody.mcp;

import static dev.custody.mcp.McpRoom.exitOf;
import static dev.custody.mcp.McpRoom.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through the wrapper comes out as it went in, and its process behaves as the server. */
class WrapperTest {
  /** Nobody listens there: port 9 is "discard", and closed. */
  private static final String NOBODY = "http://127.0.0.1:9";

  @TempDir Path directory;
  private McpRoom room;

  @BeforeEach
  void open() throws Exception {
    room = new McpRoom(directory);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private static byte[] traffic(long seed, boolean withCalls) throws Exception {
    Random random = new Random(seed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      switch (random.nextInt(withCalls ? 8 : 7)) {
        case 0 -> out.write(text("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"ping\"}\n"));
        case 1 -> out.write(text("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"result\":{}}\r\n"));
        case 2 -> {
          byte[] noise = new byte[random.nextInt(2000)];
          random.nextBytes(noise);
          out.write(noise);
        }
        case 3 ->
            out.write(text("\n".repeat(random.nextInt(3)) + "{\"a\":\"\\u00e9é\",\"a\":[[[\n"));
        case 4 -> out.write(text("[".repeat(random.nextInt(50_000)) + "\n"));
        case 5 -> out.write(text("{\"id\":" + "7".repeat(random.nextInt(3000)) + "}\n\r\r\n \n"));
        case 6 ->
            out.write(
                text(
                    "{\"method\":\"x\",\"params\":\""
                        + "y".repeat(random.nextInt(90_000))
                        + "\"}\n"));
        default ->
            out.write(
                text(
                    "{\"id\":\""
                        + i
                        + "\",\"method\":\"tools/call\",\"params\":{\"name\":\"t\"}}\n"));
      }
    }
    out.write(text("\n{\"id\":1000001,\"result\":\"" + "z".repeat(10_000_000) + "\"}\n"));
    out.write(text("{\"half\":"));
    return out.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] through(Process wrapper, byte[] bytes, long seed) throws Exception {
    CompletableFuture<byte[]> read =
        CompletableFuture.supplyAsync(() -> {
          try (InputStream in = wrapper.getInputStream()) {
            return in.readAllBytes();
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    Random random = new Random(seed);
    try (OutputStream out = wrapper.getOutputStream()) {
      for (int at = 0; at < bytes.length; ) {
        int n = Math.min(bytes.length - at, 1 + random.nextInt(200_000));
        out.write(bytes, at, n);
        out.flush();
        at += n;
      }
    }
    return read.get(60, java.util.concurrent.TimeUnit.SECONDS);
  }

  private static void assertSame(byte[] found, byte[] sent) {
    assertThat(found.length).isEqualTo(sent.length);
    assertThat(Arrays.mismatch(found, sent)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void bytesComeOutAsTheyWentInAndAllIsRecorded(long seed) throws Exception {
    room.start(Policy.OBSERVE, 0);
    byte[] sent = traffic(seed, true);
    Process wrapper = room.wrap(room.address(), "cat");
    assertSame(through(wrapper, sent, seed), sent);
    assertThat(exitOf(wrapper)).isZero();
    List<Event> events = room.recorded();
    assertThat(Files.readString(directory.resolve("stderr"))).isEmpty();
    assertThat(events.getFirst().source().event()).isEqualTo("wrapper:started");
    assertThat(events.getLast().source().event()).isEqualTo("wrapper:ended");
    assertThat(events).extracting(e -> e.source().event()).doesNotContain("wrapper:gap");
    assertThat(events)
        .as("the ten megabytes, there and back")
        .filteredOn(
            e -> e.content().utf8().matches("\\{\"from\":\"[a-z]+\",\"omitted\":\\d{7,8},.*"))
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void withoutACollectorBytesComeOutAsTheyWentIn(long seed) throws Exception {
    byte[] sent = traffic(seed, true);
    Process wrapper = room.wrap(NOBODY, "cat");
    assertSame(through(wrapper, sent, seed), sent);
    assertThat(exitOf(wrapper)).isZero();
    assertThat(Files.readAllLines(directory.resolve("stderr")))
        .singleElement()
        .asString()
        .containsPattern("custody: [0-9]+ MCP messages are not recorded: no collector took them");
  }

  @Test
  void aCollectorThatDoesNotAnswerHoldsACallForItsTimeAndNothingElse() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Process wrapper = room.wrap("http://127.0.0.1:" + silent.getLocalPort(), "cat");
      byte[] sent =
          text(
              """
              {"id":0,"method":"ping"}
              {"id":1,"method":"tools/call"}
              {"id":2,"method":"ping"}
              """);
      assertSame(through(wrapper, sent, 6), sent);
      assertThat(exitOf(wrapper)).isZero();
    }
  }

  @Test
  void whatIsNotRecordedOnPurposeTakesNoNumber() throws Exception {
    room.start(Policy.OBSERVE, 0);
    Process wrapper =
        room.wrap(room.address(), room.standIn(directory.resolve("received"), "Reads."));
    byte[] sent =
        text(
            """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read"}}
            {"jsonrpc":"2.0","id":2,"method":"ping"}

            {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}
            {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"read"}}
            {"jsonrpc":"2.0","id":4,"method":"ping"}
            """);
    assertThat(new String(through(wrapper, sent, 8), StandardCharsets.UTF_8).lines()).hasSize(4);
    assertThat(exitOf(wrapper)).isZero();
    List<Event> events = room.recorded();
    assertThat(events)
        .extracting(e -> e.source().event())
        .containsExactlyInAnyOrder(
            "wrapper:started",
            "tools/call",
            "tools/call:result",
            "tools/call",
            "tools/call:result",
            "wrapper:ended");
    assertThat(events)
        .extracting(e -> e.source().sequence())
        .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void theExitCodeIsTheServers() throws Exception {
    assertThat(exitOf(room.wrap(NOBODY, "sh", "-c", "exit 7"))).isEqualTo(7);
    assertThat(exitOf(room.wrap(NOBODY, "sh", "-c", "kill -9 $$"))).isEqualTo(137);
    assertThat(exitOf(room.wrap(NOBODY, directory.resolve("none").toString()))).isEqualTo(127);
    assertThat(Files.readString(directory.resolve("stderr"))).contains("custody: cannot start");
  }

  @Test
  void aServerThatReadsNothingEndsTheConversation() throws Exception {
    Process wrapper = room.wrap(NOBODY, "sh", "-c", "exec 0<&-; echo done; exit 3");
    assertThat(new String(wrapper.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("done\n");
    assertThat(exitOf(wrapper)).isEqualTo(3);
  }

  @Test
  void theEndOfTheClientsInputReachesTheServer() throws Exception {
    Process wrapper = room.wrap(NOBODY, "sh", "-c", "cat >/dev/null; echo ended; exit 5");
    wrapper.getOutputStream().close();
    assertThat(new String(wrapper.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("ended\n");
    assertThat(exitOf(wrapper)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalReachesTheServerWhichDecides(String signal) throws Exception {
    assumeFalse(isIgnored(signal), "started in the background: its children ignore " + signal);
    Process wrapper =
        room.wrap(
            NOBODY,
            "sh",
            "-c",
            "trap 'echo told "
                + signal
                + "; exit 42' "
                + signal
                + "; echo ready; while :; do sleep 0.05; done");
    InputStream out = wrapper.getInputStream();
    assertThat(new String(out.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("ready\n");
    ProcessHandle server = wrapper.children().findFirst().orElseThrow();
    Process kill = new ProcessBuilder("kill", "-" + signal, "" + wrapper.pid()).start();
    assertThat(exitOf(kill)).isZero();
    assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("told " + signal + "\n");
    assertThat(exitOf(wrapper)).isEqualTo(42);
    assertThat(server.isAlive()).isFalse();
  }

  /**
   * Whether this process, and so whatever it starts, ignores a signal, as in a shell's background.
   */
  private static boolean isIgnored(String signal) throws Exception {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    int number = signal.equals("INT") ? 2 : 15;
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
        .anyMatch(ignored -> (ignored >> (number - 1) & 1) == 1);
  }

  @Test
  void anEndlessLineTakesNoMemory() throws Exception {
    room.start(Policy.OBSERVE, 0);
    Process wrapper =
        room.wrap(
            Map.of(),
            List.of("-Xmx40m", "-XX:+ExitOnOutOfMemoryError"),
            room.address(),
            "sh",
            "-c",
            "wc -c; head -c 200000000 /dev/zero");
    byte[] chunk = new byte[1 << 20];
    Arrays.fill(chunk, (byte) '[');
    try (OutputStream out = wrapper.getOutputStream()) {
      for (int i = 0; i < 200; i++) {
        out.write(chunk);
      }
    }
    InputStream in = wrapper.getInputStream();
    StringBuilder count = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      count.append((char) c);
    }
    assertThat(count.toString().strip()).isEqualTo("" + 200 * (1 << 20));
    long zeros = in.transferTo(OutputStream.nullOutputStream());
    assertThat(zeros).isEqualTo(200_000_000);
    assertThat(exitOf(wrapper)).isZero();
    assertThat(room.recorded())
        .extracting(e -> e.source().event())
        .containsExactly(
            "wrapper:started", "message:untaken", "unreadable", "message:untaken", "wrapper:ended");
  }

  @Test
  void whatPassedBeforeTheCollectorCameIsRecordedInItsOrder() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process wrapper = room.wrap("http://127.0.0.1:" + port, "cat");
    OutputStream out = wrapper.getOutputStream();
    InputStream in = wrapper.getInputStream();
    byte[] call = text("{\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"read\"}}\n");
    byte[] note = text("{\"method\":\"notifications/one\"}\n");
    for (byte[] message : List.of(call, note)) {
      out.write(message);
      out.flush();
      assertThat(in.readNBytes(message.length)).isEqualTo(message);
    }
    room.start(Policy.OBSERVE, port);
    until("both are recorded", () -> room.recorded().size() >= 5);
    out.close();
    assertThat(exitOf(wrapper)).isZero();
    assertThat(room.recorded())
        .filteredOn(e -> !(e.body() instanceof Body.PolicyDecision))
        .extracting(e -> e.source().sequence())
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
  }
}
