package dev.custody.hook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A home directory of its own, and nothing of the environment that runs the tests. */
final class TestMachine {
  private TestMachine() {}

  static Machine in(Path directory) {
    return in(directory, Map.of());
  }

  static Machine in(Path directory, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
    all.putAll(environment);
    Path home = directory.resolve("home dir");
    return new Machine(
        home, home.resolve(".custody"), all, directory.resolve("opt").resolve("custody"));
  }

  /** Every file below {@code directory} but Custody's own, with mode and content. */
  static Map<String, String> files(Path directory) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(f -> !f.toString().contains(".custody")).toList()) {
        files.put(
            directory.relativize(file).toString(),
            Files.getPosixFilePermissions(file)
                + (Files.isRegularFile(file) ? Files.readString(file) : ""));
      }
    }
    return files;
  }
}
