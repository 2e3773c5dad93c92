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
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rules in force, loaded as a whole or not at all, and matched against single events. Immutable
 * and safe to share between threads.
 *
 * <p>Files may hold several documents (rules specification, "File Structure"). Rules keep the order
 * in which they were loaded: roots as given, files by their names below a root, documents as
 * written.
 */
public final class RuleSet {
  private final List<SigmaRule> rules;
  private final String digest;
  private final RuleIndex index;

  /** A file's bytes, its name below its root and the name by which messages call it. */
  private static final class RuleFile {
    private final String name;
    private final String shown;
    private final byte[] content;

    RuleFile(String name, String shown, byte[] content) {
      this.name = name;
      this.shown = shown;
      this.content = content;
    }
  }

  private RuleSet(List<RuleFile> files) {
    this.rules = List.copyOf(parse(files));
    this.digest = digest(files);
    this.index = new RuleIndex(rules);
  }

  /**
   * Loads rule files, and directories with all {@code *.yml} and {@code *.yaml} files below them.
   *
   * @throws RuleError if anything in them can't be loaded, an id is given twice, or a root holds no
   *     rule file
   * @throws IOException if they can't be read
   */
  public static RuleSet load(Path... roots) throws IOException {
    List<RuleFile> files = new ArrayList<>();
    for (Path root : roots) {
      for (Path path : ruleFiles(root)) {
        Path name = path.equals(root) ? root.getFileName() : root.relativize(path);
        files.add(new RuleFile(slashes(name), slashes(path), read(path)));
      }
    }
    return new RuleSet(files);
  }

  /**
   * Loads rule files that the caller has read, under their names and in the order of their names.
   *
   * @throws RuleError if anything in them can't be loaded or an id is given twice
   */
  public static RuleSet of(Map<String, byte[]> files) {
    return new RuleSet(
        files.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(file -> new RuleFile(file.getKey(), file.getKey(), file.getValue()))
            .toList());
  }

  /** All rules, in the order in which they were loaded. */
  public List<SigmaRule> rules() {
    return rules;
  }

  /**
   * SHA-256, in hexadecimal, over the name and then the bytes of each file in order, each preceded
   * by its length as an 8-byte big-endian number. Names are relative to the root, with slashes.
   */
  public String digest() {
    return digest;
  }

  /** The rules that an event from this source matches, in the order in which they were loaded. */
  public List<SigmaRule> match(Logsource eventLogsource, FieldSource event) {
    BitSet candidates = index.candidates(eventLogsource, event);
    if (candidates.isEmpty()) {
      return List.of();
    }
    List<SigmaRule> matched = new ArrayList<>();
    for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
      if (rules.get(i).detection().matches(event)) {
        matched.add(rules.get(i));
      }
    }
    return matched;
  }

  private static List<Path> ruleFiles(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of(root);
    }
    try (Stream<Path> paths = Files.walk(root)) {
      List<Path> found =
          paths
              .filter(RuleSet::isRuleFile)
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
  private static byte[] read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(YamlNode.MAX_BYTES + 1);
    }
  }

  private static List<SigmaRule> parse(List<RuleFile> files) {
    List<SigmaRule> rules = new ArrayList<>();
    List<RuleError> errors = new ArrayList<>();
    Map<String, String> firstUse = new HashMap<>();
    for (RuleFile file : files) {
      for (YamlNode document : documents(file, errors)) {
        try {
          SigmaRule rule = RuleParser.parse(document);
          String earlier = firstUse.putIfAbsent(rule.id(), file.shown);
          if (earlier != null) {
            throw document.error("rule id " + rule.id() + " is already used in " + earlier);
          }
          rules.add(rule);
        } catch (RuleError e) {
          errors.add(e);
        }
      }
    }
    throwFirst(errors);
    return rules;
  }

  private static List<YamlNode> documents(RuleFile file, Collection<RuleError> errors) {
    try {
      List<YamlNode> documents = YamlNode.documents(file.shown, file.content);
      if (documents.isEmpty()) {
        throw new RuleError(file.shown, 0, "no rule in this file");
      }
      return documents;
    } catch (RuleError e) {
      errors.add(e);
      return List.of();
    }
  }

  private static void throwFirst(List<RuleError> errors) {
    if (!errors.isEmpty()) {
      RuleError first = errors.getFirst();
      errors.subList(1, errors.size()).forEach(first::addSuppressed);
      throw first;
    }
  }

  private static String digest(List<RuleFile> files) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (RuleFile file : files) {
        update(sha256, file.name.getBytes(StandardCharsets.UTF_8));
        update(sha256, file.content);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, part.length));
    digest.update(part);
  }
}
