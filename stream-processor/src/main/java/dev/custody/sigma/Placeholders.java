package dev.custody.sigma;

import dev.custody.sigma.YamlNode.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands for the placeholders of rules (rules specification, "Placeholders"): names of one's
 * own administrators, servers, countries, which a rule that many use can't know. Only values under
 * {@code expand} are read for them. Immutable.
 *
 * <p>The file is a YAML map from the name, without its percent signs, to a value or a list of
 * values, in which wildcards and their escapes mean what they mean in a rule:
 *
 * <pre>{@code
 * Administrators: [root, adm-*]
 * dc_machine_accounts: DC01$
 * }</pre>
 */
public final class Placeholders {
  /** What one value of a rule may become. */
  static final int MAX_COMBINATIONS = 1024;

  private static final int MAX_VALUES = 1024;

  // The specification shows letters, digits and underscores; public rules also use hyphens.
  private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\\\)%([\\w-]+)%");

  private static final Placeholders NONE = new Placeholders(Map.of(), new byte[0]);

  private final Map<String, List<String>> values;
  private final byte[] content;

  private Placeholders(Map<String, List<String>> values, byte[] content) {
    this.values = Map.copyOf(values);
    this.content = content.clone();
  }

  /** No placeholder has values: a rule that needs one is refused. */
  public static Placeholders none() {
    return NONE;
  }

  /**
   * Reads a file of values.
   *
   * @throws RuleError if it is not a map of names to values
   * @throws IOException if it can't be read
   */
  public static Placeholders load(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(file.toString(), in.readNBytes(YamlNode.MAX_BYTES + 1));
    }
  }

  /**
   * Reads the values that {@code content} gives, which messages call {@code file}.
   *
   * @throws RuleError if it is not a map of names to values
   */
  public static Placeholders of(String file, byte[] content) {
    List<YamlNode> documents = YamlNode.documents(file, content);
    if (documents.size() != 1) {
      throw new RuleError(file, 0, "expected one map from placeholders to their values");
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    documents.getFirst().entries().forEach((name, entry) -> values.put(name(entry), texts(entry)));
    return new Placeholders(values, content);
  }

  private static String name(Entry entry) {
    String name = entry.key().text();
    if (!PLACEHOLDER.matcher('%' + name + '%').matches()) {
      throw entry
          .key()
          .error(
              "expected a name of letters, digits, '_' and '-', as it stands between percent signs,"
                  + " found '"
                  + name
                  + "'");
    }
    return name;
  }

  private static List<String> texts(Entry entry) {
    YamlNode value = entry.value();
    List<YamlNode> items = value.isList() ? value.items() : List.of(value);
    if (items.isEmpty() || items.size() > MAX_VALUES) {
      throw value.error("a placeholder has 1 to " + MAX_VALUES + " values");
    }
    return items.stream().map(YamlNode::text).toList();
  }

  /** The bytes that were read, for the digest of a rule set; empty where nothing has values. */
  byte[] content() {
    return content.clone();
  }

  /** What the value becomes: every combination of the values of the placeholders in it. */
  List<String> expanded(YamlNode value) {
    List<String> drafts = new ArrayList<>(List.of(""));
    String text = value.text();
    Matcher matcher = PLACEHOLDER.matcher(text);
    int from = 0;
    while (matcher.find()) {
      List<String> stand = values.get(matcher.group(1));
      if (stand == null) {
        throw value.error(
            "placeholder "
                + matcher.group()
                + " has no values; give them in the file that --placeholders names: "
                + matcher.group(1)
                + ": [...]");
      }
      if ((long) drafts.size() * stand.size() > MAX_COMBINATIONS) {
        throw value.error("the placeholders make more than " + MAX_COMBINATIONS + " values");
      }
      drafts = joined(drafts, plain(text.substring(from, matcher.start())), stand);
      from = matcher.end();
    }
    return joined(drafts, plain(text.substring(from)), List.of(""));
  }

  private static String plain(String text) {
    return text.replace("\\%", "%");
  }

  private static List<String> joined(List<String> drafts, String between, List<String> stand) {
    List<String> joined = new ArrayList<>(drafts.size() * stand.size());
    for (String draft : drafts) {
      for (String value : stand) {
        joined.add(draft + between + value);
      }
    }
    return joined;
  }
}
