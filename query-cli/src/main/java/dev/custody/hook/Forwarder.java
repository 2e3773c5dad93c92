package dev.custody.hook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The script that agents call where they take commands only. It needs sh and curl. */
final class Forwarder {
  private static final String RESOURCE = "forward";

  /** Longest time that the script takes, in seconds; an agent's own limit has to be above. */
  static final int LONGEST_SECONDS = 2;

  private Forwarder() {}

  /** Where it is installed. */
  static Path path(Machine machine) {
    return machine.data().resolve("hook").resolve("forward");
  }

  static FileChange change(Machine machine) throws HookException {
    Path file = TextFile.target(path(machine));
    return FileChange.own(file, TextFile.read(file), resource(RESOURCE), FileChange.PROGRAM);
  }

  /** The command line that agents run. */
  static String command(Machine machine, Wire wire, int port) {
    return "%s %s %d".formatted(quoted(path(machine).toString()), wire.id(), port);
  }

  /** The port that {@code command} names, if it is one of ours for {@code wire}. */
  static OptionalInt port(String command, Wire wire) {
    Matcher ours =
        Pattern.compile("'?/.*/hook/forward'? " + wire.id() + " ([0-9]{1,5})").matcher(command);
    return ours.matches() ? OptionalInt.of(Integer.parseInt(ours.group(1))) : OptionalInt.empty();
  }

  /** The port that {@code url} names, if it is where {@code wire}'s hooks go. */
  static OptionalInt portOfUrl(String url, String path) {
    Matcher ours =
        Pattern.compile(
                "http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\]):([0-9]{1,5})" + Pattern.quote(path))
            .matcher(url);
    return ours.matches() ? OptionalInt.of(Integer.parseInt(ours.group(1))) : OptionalInt.empty();
  }

  /** For every shell that an agent may run it with. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./@%+=:,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  static String resource(String name) throws HookException {
    return find(name)
        .orElseThrow(() ->
            new HookException(
                "this build of Custody has no %s".formatted(name),
                "install a whole one; nothing was changed"));
  }

  private static Optional<String> find(String name) {
    try (InputStream in = Forwarder.class.getResourceAsStream("/dev/custody/hook/" + name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("a resource cannot be read", e);
    }
  }
}
