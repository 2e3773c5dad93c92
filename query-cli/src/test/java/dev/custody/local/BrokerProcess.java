package dev.custody.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An embedded broker in a JVM of its own, which a test may kill. */
final class BrokerProcess implements AutoCloseable {
  private static final String READY = "ready ";

  private final Process process;
  private final BufferedReader answer;

  private BrokerProcess(Process process) {
    this.process = process;
    this.answer = process.inputReader(UTF_8);
  }

  /**
   * Runs in the child: says where it listens, then lives until it is killed or its parent is gone.
   */
  public static void main(String[] args) throws IOException {
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), 0)) {
      System.out.println(READY + broker.bootstrapServers());
      while (System.in.read() >= 0) {}
    }
  }

  /** Spawns a JVM with this one's class path and flags, on any free port. */
  static BrokerProcess spawn(Path directory) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(BrokerProcess.class.getName());
    command.add(directory.toString());
    return new BrokerProcess(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  /** Waits until the child's broker takes records. */
  String bootstrapServers() throws IOException {
    String line = answer.readLine();
    if (line == null || !line.startsWith(READY)) {
      throw new IOException("expected \"" + READY + "address\" from the child, found " + line);
    }
    return line.substring(READY.length());
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL: no shutdown hook, no flush, no farewell. Returns when the process is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
