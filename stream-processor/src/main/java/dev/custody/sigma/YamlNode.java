package dev.custody.sigma;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A node of a rule file that knows its line (rules specification, "Yaml File": YAML 1.2.2, UTF-8;
 * scalars by the core schema). Asking it for what it is not is a {@link RuleError}.
 *
 * <p>Bounds against hostile files: size, depth, aliases, and the number of nodes looked at, which
 * is what aliases of aliases would multiply.
 */
final class YamlNode {
  /** The longest file, in bytes; the longest public rule has a hundredth of it. */
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_ALIASES = 32;
  private static final int MAX_VISITS = 100_000;

  private static final Set<Tag> TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ);

  private final Node node;
  private final Origin origin;

  /** The file that nodes come from, and how many of them were looked at. */
  private static final class Origin {
    private final String file;
    private final List<RuleError> warnings = new ArrayList<>();
    private int visits;

    Origin(String file) {
      this.file = file;
    }
  }

  private YamlNode(Node node, Origin origin) {
    this.node = node;
    this.origin = origin;
    if (++origin.visits > MAX_VISITS) {
      throw error("the file has more than " + MAX_VISITS + " values, aliases expanded");
    }
    if (!TAGS.contains(node.getTag())) {
      throw error("tag " + node.getTag() + " is not supported");
    }
  }

  /** The documents of a file; empty ones are left out. */
  static List<YamlNode> documents(String file, byte[] content) {
    if (content.length > MAX_BYTES) {
      throw new RuleError(file, 0, "the file is longer than " + MAX_BYTES + " bytes");
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setCodePointLimit(MAX_BYTES)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    try {
      String text = utf8(file, content);
      checkShape(file, new Parse(settings).parseString(text));
      return compose(new Origin(file), new Compose(settings).composeAllFromString(text));
    } catch (MarkedYamlEngineException e) {
      throw new RuleError(file, line(e.getProblemMark()), "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new RuleError(file, 0, "not YAML: " + e.getMessage());
    }
  }

  private static String utf8(String file, byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new RuleError(file, 0, "the file is not UTF-8");
    }
  }

  // Before composing, which recurses: a file of a million brackets must not exhaust the stack.
  private static void checkShape(String file, Iterable<Event> events) {
    int depth = 0;
    int aliases = 0;
    for (Event event : events) {
      checkNoMerge(file, event);
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case Alias -> aliases++;
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        throw new RuleError(file, line(event.getStartMark()), "nested deeper than " + MAX_DEPTH);
      }
      if (aliases > MAX_ALIASES) {
        throw new RuleError(
            file, line(event.getStartMark()), "more than " + MAX_ALIASES + " aliases");
      }
    }
  }

  // The composer would follow it, and duplicates between the merged maps would go unseen.
  private static void checkNoMerge(String file, Event event) {
    if (event instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().equals("<<")) {
      throw new RuleError(
          file,
          line(event.getStartMark()),
          "merge keys are not supported; quote '<<' if it is text");
    }
  }

  private static List<YamlNode> compose(Origin origin, Iterable<Node> nodes) {
    List<YamlNode> documents = new ArrayList<>();
    for (Node node : nodes) {
      YamlNode document = new YamlNode(node, origin);
      if (!document.isNull()) {
        documents.add(document);
      }
    }
    return documents;
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(0);
  }

  /** The error to throw about this node. */
  RuleError error(String problem) {
    return new RuleError(origin.file, line(node.getStartMark()), problem);
  }

  /** Notes what an author should know although the document loads. */
  void warn(String problem) {
    origin.warnings.add(error(problem));
  }

  /** What was noted in this file since it was last asked for. */
  List<RuleError> takeWarnings() {
    List<RuleError> taken = List.copyOf(origin.warnings);
    origin.warnings.clear();
    return taken;
  }

  /** What it says, without layout, comments and the order of files; for a digest of it. */
  void canonical(StringBuilder text) {
    if (isMap()) {
      text.append('{');
      entries()
          .forEach((key, entry) -> {
            quote(key, text);
            entry.value().canonical(text);
          });
      text.append('}');
    } else if (isList()) {
      text.append('[');
      items().forEach(item -> item.canonical(text));
      text.append(']');
    } else {
      quote(isNull() ? "null:" : node.getTag() + text(), text);
    }
  }

  private static void quote(String part, StringBuilder text) {
    text.append(part.length()).append(':').append(part);
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  boolean isString() {
    return node.getTag().equals(Tag.STR);
  }

  boolean isNumber() {
    return node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
  }

  boolean isBoolean() {
    return node.getTag().equals(Tag.BOOL);
  }

  /** The elements of a list. */
  List<YamlNode> items() {
    if (!(node instanceof SequenceNode list)) {
      throw error("expected a list, found " + kind());
    }
    return list.getValue().stream().map(item -> new YamlNode(item, origin)).toList();
  }

  /** A map's values under their keys, in the order of the file. */
  Map<String, Entry> entries() {
    if (!(node instanceof MappingNode map)) {
      throw error("expected a map, found " + kind());
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      YamlNode key = new YamlNode(tuple.getKeyNode(), origin);
      Entry entry = new Entry(key, new YamlNode(tuple.getValueNode(), origin));
      if (entries.put(key.text(), entry) != null) {
        throw key.error("duplicate key '" + key.text() + "'");
      }
    }
    return entries;
  }

  /** One key of a map, and what is under it. */
  record Entry(YamlNode key, YamlNode value) {}

  /** A scalar's text: as written, but for booleans, which JSON writes in lower case. */
  String text() {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw error("expected a text, found " + kind());
    }
    return isBoolean() ? scalar.getValue().toLowerCase(Locale.ROOT) : scalar.getValue();
  }

  private String kind() {
    return isMap() ? "a map" : isList() ? "a list" : isNull() ? "null" : "'" + text() + "'";
  }
}
