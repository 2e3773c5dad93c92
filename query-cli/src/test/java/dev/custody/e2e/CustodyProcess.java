package dev.custody.e2e;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code custody} in a process of its own, with its output in files. */
public final class CustodyProcess implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(4);

  private final Process process;
  private final Path out;
  private final Path err;
  private final long began;

  private CustodyProcess(Process process, Path out, Path err, long began) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.began = began;
  }

  /** Starts it; {@code directory} gets its output, and holds the key that wraps its keys. */
  public static CustodyProcess start(Path directory, String name, String... words)
      throws IOException {
    return startIn(directory, name, Map.of(), words);
  }

  /** Starts it with further variables in its environment. */
  public static CustodyProcess startIn(
      Path directory, String name, Map<String, String> environment, String... words)
      throws IOException {
    return startUnder(List.of(), directory, name, environment, words);
  }

  /** Starts it with further options of its JVM. */
  public static CustodyProcess startUnder(
      List<String> options,
      Path directory,
      String name,
      Map<String, String> environment,
      String... words)
      throws IOException {
    Path out = Files.createTempFile(directory, name + "-", ".out");
    Path err = directory.resolve(out.getFileName().toString().replace(".out", ".err"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            // They live for seconds, and several share two cores.
            "-XX:TieredStopAtLevel=1",
            "-Xmx640m",
            // The product's own, not the tests'.
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.custody.cli.Main"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CUSTODY_WRAPPING_KEY", wrappingKey(directory).toString());
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    long began = System.nanoTime();
    return new CustodyProcess(builder.start(), out, err, began);
  }

  /** Where processes of this directory keep the key that wraps their keys. */
  public static Path wrappingKey(Path directory) {
    return directory.resolve("wrapping.key");
  }

  /** Waits for the ready line, and answers the value of {@code name} in it. */
  public String ready(String name) throws IOException, InterruptedException {
    Await.until(
        "ready, standard error:\n" + Files.readString(err),
        LONGEST_START,
        () -> !process.isAlive() || Files.readString(out).endsWith("\n"));
    String line = out();
    for (String part : line.strip().split(" ")) {
      if (line.startsWith("ready ") && part.startsWith(name + "=")) {
        return part.substring(name.length() + 1);
      }
    }
    throw new AssertionError(
        "expected ready %s=..., found '%s'; standard error:\n%s".formatted(name, line, err()));
  }

  /** Time since it was started. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** SIGTERM, and does not wait. */
  public void askToStop() {
    process.destroy();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its own end; answers the exit code. */
  public int exitCode(Duration atMost) throws InterruptedException, IOException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "still running after %s; standard error:\n%s".formatted(atMost, err()));
    }
    return process.exitValue();
  }

  /** SIGTERM; answers how long it took to end. */
  public Duration terminate(Duration atMost) throws InterruptedException, IOException {
    long from = System.nanoTime();
    process.destroy();
    exitCode(atMost);
    return Duration.ofNanos(System.nanoTime() - from);
  }

  /** SIGKILL: no shutdown hook, no flush, no farewell. Returns when it is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** What it printed so far. */
  public String out() throws IOException {
    return Files.readString(out);
  }

  /** What it complained of so far. */
  public String err() throws IOException {
    return Files.readString(err);
  }

  /** What a running collector's metrics say of {@code name}. */
  public static double metric(String http, String name) throws IOException {
    try (var in = URI.create(http + "/metrics").toURL().openStream()) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElse(0);
    }
  }
}
