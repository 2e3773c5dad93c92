package dev.custody.bench;

import dev.custody.capture.HookReply;
import dev.custody.collector.Collector;
import dev.custody.http.Routes;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From a hook to its answer, by which its event is on disk: open-loop load, and beside it what the
 * machine allows at the same rate in the same run: the round trip of an HTTP server that records
 * nothing, and a write of as many bytes, to room that the file has already, that is forced to disk.
 *
 * <p>Arguments: an empty directory, then {@code RATE:SECONDS} for each measurement.
 */
public final class HookRun {
  private static final int WARM_UP_RATE = 500;
  private static final int WARM_UP_SECONDS = 10;

  /** What an event of this hook comes to in the spool, salt, seal and row header included. */
  private static final int EVENT_BYTES = 1_900;

  private HookRun() {}

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    BenchMachine machine = BenchMachine.in(directory);
    ClaudeCodeHooks hooks = new ClaudeCodeHooks(machine.observer());
    WebServer bare = bareServer();
    try (Collector collector =
            machine.start(
                Taken::new,
                Map.of(
                    Routes.CLAUDE_CODE,
                    (body, _) -> HookReply.proceed(hooks.events(body))));
        HttpLines recording = new HttpLines(collector.httpPort(), Routes.CLAUDE_CODE);
        HttpLines echo = new HttpLines(bare.port(), "/");
        FileChannel file =
            FileChannel.open(
                directory.resolve("bare"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      measure(WARM_UP_RATE, WARM_UP_SECONDS, recording, echo, file);
      System.out.println(
          "| hooks/s | for | recorded: p50 ms | p99 | max | bare HTTP: p50 ms | p99 | max"
              + " | write and force: p50 ms | p99 | max |");
      System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
      for (String measurement : List.of(arguments).subList(1, arguments.length)) {
        String[] parts = measurement.split(":", -1);
        System.out.println(
            measure(
                Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), recording, echo, file));
      }
    } finally {
      bare.stop();
    }
  }

  private static String measure(
      int rate, int seconds, HttpLines recording, HttpLines echo, FileChannel file)
      throws Exception {
    int count = rate * seconds;
    OpenLoop loop = new OpenLoop(rate, count);
    long run = System.nanoTime();
    Latencies recorded = loop.run(i -> recording.post(hook(run, i)));
    Latencies answered = loop.run(i -> echo.post(hook(run, i)));
    Latencies forced = force(loop, count, file);
    return String.format(
        Locale.ROOT, "| %d | %d s | %s | %s | %s |", rate, seconds, recorded, answered, forced);
  }

  /** One thread writes whatever is due and forces it once: the least that durability costs. */
  private static Latencies force(OpenLoop loop, int count, FileChannel file) throws Exception {
    Latencies latencies = new Latencies(count);
    ByteBuffer bytes = ByteBuffer.allocateDirect(EVENT_BYTES);
    // The room is there already: only the bytes themselves have to go to disk.
    ByteBuffer room = ByteBuffer.allocateDirect(1 << 20);
    for (long size = 0; size < (long) count * EVENT_BYTES; size += room.capacity()) {
      file.write(room.clear(), size);
    }
    file.force(true);
    file.position(0);
    long begin = System.nanoTime();
    int next = 0;
    while (next < count) {
      OpenLoop.waitUntil(begin + loop.dueNanos(next));
      int first = next;
      while (next < count && begin + loop.dueNanos(next) <= System.nanoTime()) {
        int written = file.write(bytes.clear());
        if (written != EVENT_BYTES) {
          throw new IllegalStateException("expected a whole write, found " + written);
        }
        next++;
      }
      file.force(false);
      for (int i = first; i < next; i++) {
        latencies.took(i, System.nanoTime() - begin - loop.dueNanos(i));
      }
    }
    return latencies;
  }

  private static byte[] hook(long run, int number) {
    return """
        {"hook_event_name":"PostToolUse","session_id":"session-%d","prompt_id":"prompt-%d",
         "cwd":"/nowhere/project","tool_name":"Bash","tool_use_id":"toolu_%d_%d",
         "tool_input":{"command":"cd infra && terraform plan -out plan-%d"},
         "tool_response":{"stdout":"%s","stderr":""}}"""
        .formatted(
            number % 8, number / 50, run, number, number, "Refreshing state... done. ".repeat(30))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static WebServer bareServer() {
    return WebServer.builder()
        .host("127.0.0.1")
        .port(0)
        .routing(
            HttpRouting.builder()
                .any((request, response) -> {
                  try (InputStream in = request.content().inputStream()) {
                    byte[] _ = in.readAllBytes();
                  }
                  response.send(new byte[0]);
                }))
        .build()
        .start();
  }
}
