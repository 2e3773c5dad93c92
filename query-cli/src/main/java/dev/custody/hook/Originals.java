package dev.custody.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.hook.JsonText.Dialect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies of files as they were before the first edit: what the uninstall puts back when nothing
 * else has changed since. Two files for each, {@code ID.original} and {@code ID.json}.
 */
final class Originals {
  private final Path directory;

  Originals(Machine machine) {
    this.directory = machine.data().resolve("hook").resolve("originals");
  }

  /**
   * What is kept of a file.
   *
   * @param text how it was; null when there was none
   * @param written digest of what was last written in its place
   * @param made directories that were made for it, outermost first
   */
  record Original(@Nullable String text, String written, List<Path> made) {
    /** Whether nobody else has changed the file since. */
    boolean isUnchanged(String now) {
      return written.equals(digest(now));
    }
  }

  Optional<Original> of(Path file) throws HookException {
    Path about = about(file);
    String text = TextFile.read(about);
    if (text == null) {
      return Optional.empty();
    }
    JsonNode json = JsonText.parse(text, Dialect.STRICT, about.toString()).tree();
    List<Path> made = new ArrayList<>();
    json.path("made").forEach(m -> made.add(Path.of(m.asText())));
    boolean existed = json.path("existed").asBoolean();
    String original = existed ? TextFile.read(copy(file)) : null;
    // Without its copy nothing is known: ours is taken out of what is there.
    return existed && original == null
        ? Optional.empty()
        : Optional.of(new Original(original, json.path("written").asText(), made));
  }

  /** Keeps {@code original} of {@code file}, in whose place {@code written} is put next. */
  void keep(Path file, @Nullable String original, String written) throws HookException {
    List<Path> made = new ArrayList<>(of(file).map(Original::made).orElse(List.of()));
    for (Path at = file.getParent(); at != null && !Files.exists(at); at = at.getParent()) {
      made.addFirst(at);
    }
    ObjectNode about = JsonNodeFactory.instance.objectNode();
    about.put("file", file.toString());
    about.put("existed", original != null);
    about.put("written", digest(written));
    made.forEach(m -> about.withArray("made").add(m.toString()));
    if (original != null) {
      TextFile.write(copy(file), original, FileChange.PRIVATE);
    }
    TextFile.write(about(file), about.toPrettyString() + "\n", FileChange.PRIVATE);
  }

  /** The file is as it was: nothing is kept any more, and directories made for it go when empty. */
  void forget(Path file) throws HookException {
    List<Path> made = of(file).map(Original::made).orElse(List.of());
    for (Path directoryMade : made.reversed()) {
      try {
        Files.deleteIfExists(directoryMade);
      } catch (IOException e) {
        break; // Something else is in it by now.
      }
    }
    TextFile.delete(about(file));
    TextFile.delete(copy(file));
  }

  private Path about(Path file) {
    return directory.resolve(id(file) + ".json");
  }

  private Path copy(Path file) {
    return directory.resolve(id(file) + ".original");
  }

  private static String id(Path file) {
    return digest(file.toString()).substring(0, 16);
  }

  static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
