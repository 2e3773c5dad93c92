package dev.custody.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for texts in the raw bytes of every file of a directory. */
final class SecretHunt {
  private SecretHunt() {}

  /**
   * None of {@code secrets} is anywhere below {@code directory}, as UTF-8 or UTF-16 of either
   * order; {@code known} is, so the hunt would have seen them.
   */
  static void findsNone(Path directory, List<String> secrets, String known) throws IOException {
    List<Path> knownIn = new ArrayList<>();
    List<String> leaks = new ArrayList<>();
    for (Path file : files(directory)) {
      String bytes;
      try {
        bytes = new String(Files.readAllBytes(file), ISO_8859_1);
      } catch (NoSuchFileException e) {
        continue; // Merged away by a running index.
      }
      secrets.stream()
          .filter(secret -> holds(bytes, secret))
          .forEach(secret -> leaks.add(secret + " in " + directory.relativize(file)));
      if (holds(bytes, known)) {
        knownIn.add(directory.relativize(file));
      }
    }
    assertThat(leaks).isEmpty();
    assertThat(knownIn.stream().map(Path::toString))
        .as("the hunt itself: %s is public, and recorded", known)
        .anyMatch(file -> file.contains("custody.events-"))
        .anyMatch(file -> file.startsWith("index/"));
  }

  private static boolean holds(String bytes, String text) {
    return Stream.of(UTF_8, UTF_16BE, UTF_16LE)
        .map(charset -> new String(text.getBytes(charset), ISO_8859_1))
        .anyMatch(bytes::contains);
  }

  private static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
