package dev.custody.source.records;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a log is called once another has its name: {@code audit.log.1}, {@code audit-2026.log.gz}.
 */
final class Siblings {
  private Siblings() {}

  /** The files beside {@code path} whose names begin like its own, the one changed first first. */
  static List<Path> of(Path path) throws IOException {
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String extension = dot > 0 ? name.substring(dot) : "";
    Path directory = path.toAbsolutePath().getParent();
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(file -> isCalledLike(String.valueOf(file.getFileName()), stem, extension))
          .filter(file -> !file.getFileName().equals(path.getFileName()))
          .forEach(found::add);
    }
    Map<Path, Long> times = new HashMap<>();
    for (Path file : found) {
      times.put(file, Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis());
    }
    found.sort(Comparator.<Path>comparingLong(times::get).thenComparing(Comparator.naturalOrder()));
    return found;
  }

  private static boolean isCalledLike(String name, String stem, String extension) {
    return name.startsWith(stem) && name.indexOf(extension, stem.length()) >= 0;
  }
}
