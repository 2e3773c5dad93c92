package dev.custody.mcp;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Map;

/**
 * Runs an MCP server between this process's standard input and output, and records what passes
 * ({@code docs/mcp.md}).
 */
public final class Wrapper {
  /** Exit code when the command cannot be started, as shells have it. */
  public static final int CANNOT_START = 127;

  /** How long an ended server's children may be silent before nobody listens to them any more. */
  private static final long QUIET_MILLIS = 1000;

  /** How long the end of the conversation may take to be recorded. */
  private static final long LAST_MILLIS = 2000;

  private Wrapper() {}

  /** Runs until the server has ended; returns its exit code. */
  public static int run(WrapperOptions options) {
    Process server;
    try {
      server =
          new ProcessBuilder(options.command())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException | RuntimeException e) {
      System.err.println(
          "custody: cannot start '%s': it is not there, or no program; try: command -v %1$s"
              .formatted(printable(options.command().getFirst())));
      return CANNOT_START;
    }
    Signals.passOnTo(server);
    Outbox outbox = new Outbox();
    outbox.put(
        Passage.WRAPPER,
        null,
        Map.of("note", "started", "command", String.join(" ", options.command())));
    Surroundings around = Surroundings.of(options, System.getenv(), System.getProperty("user.dir"));
    Courier courier = new Courier(outbox, around, options);
    Thread recording = start("custody-mcp-courier", courier);
    ClientOut client = new ClientOut(new FileOutputStream(FileDescriptor.out));
    ServerPump answers = new ServerPump(server.getInputStream(), client, outbox);
    Thread answering = start("custody-mcp-server", answers);
    var _ =
        start(
            "custody-mcp-client",
            new ClientPump(
                new FileInputStream(FileDescriptor.in),
                server.getOutputStream(),
                client,
                outbox,
                options.decisionMillis()));
    int code = await(server, answers, answering);
    outbox.put(Passage.WRAPPER, null, Map.of("note", "ended", "exit", code));
    finish(outbox, courier, recording);
    return code;
  }

  private static int await(Process server, ServerPump answers, Thread answering) {
    int code = server.onExit().join().exitValue();
    try {
      answers.drain(answering, QUIET_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return code;
  }

  private static void finish(Outbox outbox, Courier courier, Thread recording) {
    outbox.close();
    courier.hurry();
    try {
      recording.join(LAST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long missing = outbox.unrecorded();
    if (missing > 0) {
      System.err.println(
          "custody: %d MCP messages are not recorded: no collector took them; try: custody up"
              .formatted(missing));
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private static Thread start(String name, Runnable task) {
    return Thread.ofPlatform().name(name).daemon().start(task);
  }
}
