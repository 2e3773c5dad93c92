package dev.custody.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.access.TokenFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies of 64 MiB to a collector whose whole heap is as large as one of them: who kept them would
 * end, for the process ends when its heap does not suffice.
 */
final class LargeBodiesTest {
  private static final int LARGE = 64 << 20;

  /** As much as is taken. */
  private static final int MOST = 8 << 20;

  @TempDir Path directory;

  private Process process;
  private int port;
  private String importing = "";

  @BeforeEach
  void start() throws Exception {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapCollector.class.getName(),
                directory.toString())
            .redirectError(directory.resolve("err").toFile())
            .start();
    BufferedReader out = process.inputReader(UTF_8);
    String line = out.readLine();
    while (line != null && !line.startsWith("port ")) {
      line = out.readLine();
    }
    assertThat(line).as(Files.readString(directory.resolve("err"))).isNotNull();
    port = Integer.parseInt(line.substring("port ".length()));
    Path token = directory.resolve("data").resolve(TokenFile.IMPORT_NAME);
    importing = "Authorization: Bearer " + TokenFile.importToken(token) + "\r\n";
    Thread.ofVirtual().start(() -> out.lines().forEach(l -> {}));
  }

  @AfterEach
  void stop() throws Exception {
    process.getOutputStream().close();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private String send(String path, String type, boolean chunked) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\n%s\r\nConnection: close\r\n\r\n"
              .formatted(
                  path,
                  path.startsWith("/import/") ? importing : "",
                  type,
                  chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + LARGE)
              .getBytes(ISO_8859_1));
      byte[] piece = new byte[64 << 10];
      java.util.Arrays.fill(piece, (byte) ' ');
      try {
        for (int sent = 0; sent < LARGE; sent += piece.length) {
          if (chunked) {
            out.write((Integer.toHexString(piece.length) + "\r\n").getBytes(ISO_8859_1));
          }
          out.write(piece);
          if (chunked) {
            out.write("\r\n".getBytes(ISO_8859_1));
          }
        }
        if (chunked) {
          out.write("0\r\n\r\n".getBytes(ISO_8859_1));
        }
        out.flush();
      } catch (SocketException e) {
        // Refused before all was sent; the answer is there to be read.
      }
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  /** Sends {@code body}. */
  private String post(String path, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(
                  path, path.startsWith("/import/") ? importing : "", type(path), body.length)
              .getBytes(ISO_8859_1));
      try {
        out.write(body);
        out.flush();
      } catch (SocketException e) {
        // Refused before all was sent; the answer is there to be read.
      }
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  /** {@code begin}, then as many empty objects as make it so long, then {@code end}. */
  private static String emptyObjects(String begin, int bytes, String end) {
    return begin + "{},".repeat((bytes - begin.length() - end.length() - 2) / 3) + "{}" + end;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/hooks/claude-code", "/v1/logs", "/v1/traces"})
  void eightMebibytesOfEmptyObjectsAreRefusedByASmallHeap(String path) throws Exception {
    String body =
        emptyObjects("{\"session_id\":\"s-1\",\"hook_event_name\":\"x\",\"n\":[", MOST, "]}");
    for (int i = 0; i < 3; i++) {
      assertThat(post(path, body.getBytes(UTF_8)))
          .startsWith("HTTP/1.1 4")
          .containsPattern("[Tt]oken.*500000|500000.*[Tt]oken");
      assertThat(process.isAlive()).as(Files.readString(directory.resolve("err"))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {MOST, 1 << 20, 64 << 10})
  void linesThatCarryRecordsWithoutEndAreRefusedByASmallHeap(int line) throws Exception {
    String carrying = emptyObjects("{\"Records\":[", Math.min(line, (1 << 20) - 1), "]}") + "\n";
    String answer =
        post(
            "/import/cloudtrail",
            carrying.repeat(Math.max(1, MOST / carrying.length())).getBytes(UTF_8));
    assertThat(process.isAlive()).as(Files.readString(directory.resolve("err"))).isTrue();
    assertThat(answer.length()).as("of what is answered").isLessThan(1 << 20);
    assertThat(answer).containsPattern("^HTTP/1.1 (413|200) ").doesNotContain("\"recorded\":1");
  }

  @Test
  void aThousandAndOneRecordsInOneLineAreRefusedAsAWhole() throws Exception {
    String answer =
        post(
            "/import/cloudtrail", ("{\"Records\":[" + "{},".repeat(1000) + "{}]}").getBytes(UTF_8));
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("more than 1000 records");
    assertThat(
            post(
                "/import/cloudtrail",
                ("{\"Records\":[" + "{},".repeat(999) + "{}]}").getBytes(UTF_8)))
        .startsWith("HTTP/1.1 200 ");
  }

  private static String type(String path) {
    return path.startsWith("/import/") ? "application/x-ndjson" : "application/json";
  }

  @ParameterizedTest
  @ValueSource(strings = {"/hooks/claude-code", "/v1/logs", "/v1/traces", "/import/cloudtrail"})
  void sixtyFourMebibytesAreRefusedByAHeapOfTheSameSize(String path) throws Exception {
    for (boolean chunked : List.of(false, true)) {
      assertThat(send(path, type(path), chunked))
          .startsWith("HTTP/1.1 413 ")
          .contains("8388608 bytes");
      assertThat(process.isAlive()).as(Files.readString(directory.resolve("err"))).isTrue();
    }
  }

  @Test
  void sixteenAtOnceThatSaidTheirSizeAreRefusedByAHeapOfOne() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String path = i % 2 == 0 ? "/hooks/claude-code" : "/v1/logs";
        answers.add(threads.submit(() -> send(path, type(path), false)));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get(60, TimeUnit.SECONDS)).startsWith("HTTP/1.1 413 ");
      }
    }
    assertThat(process.isAlive()).as(Files.readString(directory.resolve("err"))).isTrue();
  }
}
