package dev.custody.sigma;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The bytes of rule files, in order, and the digest over them. */
final class RuleFiles {
  private static final int MAX_FILES = 20_000;
  private static final long MAX_TOTAL = 256L << 20;

  private final List<RuleFile> files;

  /** A file's bytes, its name below its root and the name by which messages call it. */
  static final class RuleFile {
    private final String name;
    private final String shown;
    private final byte[] content;

    RuleFile(String name, String shown, byte[] content) {
      this.name = name;
      this.shown = shown;
      this.content = content;
    }

    String shown() {
      return shown;
    }

    /** Its documents; empty ones are left out. */
    List<YamlNode> documents() {
      List<YamlNode> documents = YamlNode.documents(shown, content);
      if (documents.isEmpty()) {
        throw new RuleError(shown, 0, "no rule in this file");
      }
      return documents;
    }
  }

  private RuleFiles(List<RuleFile> files) {
    this.files = files;
  }

  /** Reads files, and all {@code *.yml} and {@code *.yaml} below directories. */
  static RuleFiles read(Path... roots) throws IOException {
    List<RuleFile> files = new ArrayList<>();
    long total = 0;
    for (Path root : roots) {
      for (Path path : below(root)) {
        Path name = path.equals(root) ? root.getFileName() : root.relativize(path);
        byte[] content = bytes(path);
        total += content.length;
        if (files.size() == MAX_FILES || total > MAX_TOTAL) {
          throw new RuleError(
              slashes(path),
              0,
              "more than %d rule files or %d MiB of them; load fewer"
                  .formatted(MAX_FILES, MAX_TOTAL >> 20));
        }
        files.add(new RuleFile(slashes(name), slashes(path), content));
      }
    }
    return new RuleFiles(files);
  }

  /** Files that the caller has read, in the order of their names. */
  static RuleFiles of(Map<String, byte[]> files) {
    return new RuleFiles(
        files.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(file -> new RuleFile(file.getKey(), file.getKey(), file.getValue()))
            .toList());
  }

  List<RuleFile> files() {
    return files;
  }

  private static List<Path> below(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of(root);
    }
    try (Stream<Path> paths = Files.walk(root)) {
      List<Path> found =
          paths
              .filter(RuleFiles::isRuleFile)
              .limit(MAX_FILES + 1L)
              .sorted((a, b) -> slashes(a).compareTo(slashes(b)))
              .toList();
      if (found.isEmpty()) {
        throw new RuleError(slashes(root), 0, "no *.yml or *.yaml file in this directory");
      }
      return found;
    }
  }

  private static boolean isRuleFile(Path path) {
    String name = path.toString();
    return Files.isRegularFile(path) && (name.endsWith(".yml") || name.endsWith(".yaml"));
  }

  private static String slashes(Path path) {
    return path.toString().replace('\\', '/');
  }

  // One byte more than is allowed is enough to refuse the file.
  private static byte[] bytes(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(YamlNode.MAX_BYTES + 1);
    }
  }

  /** {@link RuleSet#digest}. */
  String digest(RuleContext context) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (RuleFile file : files) {
        update(sha256, file.name.getBytes(StandardCharsets.UTF_8));
        update(sha256, file.content);
      }
      context
          .digested()
          .forEach((name, part) -> {
            update(sha256, name.getBytes(StandardCharsets.UTF_8));
            update(sha256, part);
          });
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** SHA-256 over the parts, one behind the other. */
  static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        sha256.update(part);
      }
      return sha256.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, part.length));
    digest.update(part);
  }
}
