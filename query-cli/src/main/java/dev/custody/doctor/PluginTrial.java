package dev.custody.doctor;

import dev.custody.hook.Machine;
import dev.custody.hook.ProbeTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Loads opencode's plugin as opencode does, and has it tell of an event that is a probe. */
final class PluginTrial {
  private static final String DRIVER = "/dev/custody/doctor/opencode-driver.mjs";

  /** The plugin gives up after 1.5 s a request, and two are made. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Machine machine;

  PluginTrial(Machine machine) {
    this.machine = machine;
  }

  /** What came of it; null when a probe was sent and is to be looked for. */
  @Nullable Check run(Probe probe, ProbeTarget.Plugin plugin) throws InterruptedException {
    String found = sha256(plugin.text());
    if (!plugin.text().equals(plugin.expected())) {
      return Check.failed(
          probe.name(),
          "is not as this version installs it, and was not run: expected SHA-256 %s, found %s"
              .formatted(sha256(plugin.expected()), found),
          "custody hook install opencode writes it anew");
    }
    Optional<Path> runtime = Attempt.find(machine, "node").or(() -> Attempt.find(machine, "bun"));
    if (runtime.isEmpty()) {
      return Check.note(
          probe.name(),
          "is in place and unchanged (SHA-256 %s), but was not tried: neither node nor bun is on the PATH"
              .formatted(found),
          "opencode brings its own bun; to have it tried here, install Node.js");
    }
    try (Scratch scratch = Scratch.make()) {
      Attempt attempt = run(runtime.get(), probe, plugin, scratch);
      return attempt.succeeded()
          ? null
          : Check.failed(
              probe.name(),
              "cannot be loaded: %s %s".formatted(runtime.get(), attempt.end()),
              "is that Node.js 18 or newer?");
    } catch (IOException e) {
      return Check.note(
          probe.name(),
          "is in place and unchanged (SHA-256 %s), but was not tried: %s"
              .formatted(found, e.getMessage()),
          "java.io.tmpdir names another place for temporary files");
    }
  }

  private Attempt run(Path runtime, Probe probe, ProbeTarget.Plugin plugin, Scratch scratch)
      throws IOException, InterruptedException {
    Path driver = scratch.path().resolve("driver.mjs");
    try (InputStream in = PluginTrial.class.getResourceAsStream(DRIVER)) {
      if (in == null) {
        throw new IOException("this build has no " + DRIVER);
      }
      Files.copy(in, driver);
    }
    // A copy: in its own directory Node.js may take it for another kind of module than bun does.
    Path copy = Files.writeString(scratch.path().resolve("custody.mjs"), plugin.text());
    ProcessBuilder builder =
        new ProcessBuilder(
            runtime.toString(), driver.toString(), copy.toUri().toString(), probe.session());
    builder.directory(scratch.path().toFile());
    Map<String, String> given = builder.environment();
    given.clear();
    given.putAll(machine.environment());
    given.remove("NODE_OPTIONS");
    given.put("HOME", machine.home().toString());
    return Attempt.of(builder, scratch, LONGEST);
  }

  private static String sha256(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
