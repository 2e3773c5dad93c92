package dev.custody.bench;

import dev.custody.capture.HookReply;
import dev.custody.collector.Collector;
import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.Machine;
import dev.custody.hook.Wire;
import dev.custody.http.HookSource;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an agent waits for where it runs commands: the forwarder with a collector and without one,
 * beside plain curl and a shell that does nothing, turn by turn. Prints milliseconds from the start
 * of the process to its end.
 */
public final class ForwarderRun {
  private static final int WARMUP = 20;

  private ForwarderRun() {}

  /** Calls each so often: one argument, 300 without. */
  public static void main(String[] arguments) throws Exception {
    int calls = arguments.length == 0 ? 300 : Integer.parseInt(arguments[0]);
    Path directory = Files.createTempDirectory("custody-bench");
    BenchMachine collectors = BenchMachine.in(directory);
    ClaudeCodeHooks hooks = new ClaudeCodeHooks(collectors.observer());
    Machine machine =
        new Machine(
            directory.resolve("home"),
            directory.resolve("home/.custody"),
            Map.of("PATH", "/usr/bin:/bin"),
            null);
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CODEX, HookOptions.ofUser()));
    String forward = machine.data().resolve("hook/forward").toString();
    byte[] body = body(directory);
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    // Codex has the same shape of hook; what is measured here is the way there.
    HookSource codex = (hook, delegation) -> HookReply.proceed(hooks.events(hook));
    try (Collector collector = collectors.start(Taken::new, Map.of("/hooks/codex", codex))) {
      String port = "" + collector.httpPort();
      Map<String, List<String>> commands =
          Map.of(
              "1 sh -c true", List.of("/bin/sh", "-c", "true"),
              "2 curl, collector up",
                  List.of(
                      "curl", "-q", "-s", "--noproxy", "*", "-H", "Content-Type: application/json", "--data-binary", "@-",
                      "http://127.0.0.1:" + port + "/hooks/codex"),
              "3 forward, collector up", List.of(forward, "codex", port),
              "4 forward, collector down", List.of(forward, "codex", "" + closed));
      measure(calls, body, commands);
    }
    if (Files.readAllLines(machine.data().resolve("missed")).size() != calls + WARMUP) {
      throw new IllegalStateException("expected one line for each hook that was not taken");
    }
  }

  private static void measure(int calls, byte[] body, Map<String, List<String>> commands)
      throws Exception {
    Map<String, long[]> nanos = new TreeMap<>();
    commands.keySet().forEach(name -> nanos.put(name, new long[calls]));
    for (int i = -WARMUP; i < calls; i++) {
      for (String name : nanos.keySet()) {
        long took = run(new ArrayList<>(commands.get(name)), body);
        if (i >= 0) {
          nanos.get(name)[i] = took;
        }
      }
    }
    nanos.forEach((name, took) -> {
      Arrays.sort(took);
      System.out.printf(
          "%-28s calls=%d p50=%.1f p90=%.1f p99=%.1f max=%.1f ms%n",
          name.substring(2),
          calls,
          took[calls / 2] / 1e6,
          took[calls * 9 / 10] / 1e6,
          took[calls * 99 / 100] / 1e6,
          took[calls - 1] / 1e6);
    });
  }

  private static long run(List<String> command, byte[] body) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    long begin = System.nanoTime();
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(body);
    } catch (IOException e) {
      // A shell that does nothing reads nothing.
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException("expected 0 from " + command);
    }
    return System.nanoTime() - begin;
  }

  private static byte[] body(Path directory) {
    return """
        {"session_id":"s1","turn_id":"p1","cwd":"%s","hook_event_name":"PreToolUse",
         "tool_name":"Bash","tool_use_id":"t1","tool_input":{"command":"%s"}}"""
        .formatted(directory, "ls -l; ".repeat(300))
        .getBytes(StandardCharsets.UTF_8);
  }
}
