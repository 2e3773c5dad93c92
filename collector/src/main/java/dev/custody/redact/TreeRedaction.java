package dev.custody.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON tree without its secrets: what holds none stays the instance that it is, the rest is
 * copied. Pointers are made of redacted keys: a key may itself be a secret.
 */
final class TreeRedaction {
  /** Pairs of a name and a value, as OTLP, Kubernetes and AWS tags write them. */
  private static final List<String> NAME_FIELDS = List.of("key", "name", "Key", "Name");

  private static final CharSet NAME = CharSet.of("A-Za-z0-9_./@ -");

  /** A name that stands above or beside a value, and what it says. */
  private record Name(SecretName says, String text) {
    static final Name NONE = new Name(SecretName.PLAIN, "");

    static Name of(String text) {
      SecretName says = says(text);
      return says == SecretName.PLAIN ? NONE : new Name(says, text);
    }

    /** Prose that mentions a secret is no name, nor is a marker. */
    static SecretName says(String text) {
      return NAME.hasAll(text, 0, text.length())
          ? SecretName.of(text, 0, text.length())
          : SecretName.PLAIN;
    }
  }

  private final Redaction redaction;
  private final SecretPatterns patterns;
  private final Pointer pointer = new Pointer();
  private final CommandWords commands;

  TreeRedaction(Redaction redaction) {
    this.redaction = redaction;
    this.patterns = redaction.patterns();
    this.commands = new CommandWords(patterns, this::mark);
  }

  JsonNode copy(JsonNode tree) {
    return copy(tree, Name.NONE, Name.NONE);
  }

  /**
   * Copies a node.
   *
   * @param name what the key above says of a value here, or of one in an array here
   * @param pair what the name beside a value field says, for that field's object
   */
  private JsonNode copy(JsonNode node, Name name, Name pair) {
    if (node instanceof ObjectNode object) {
      return copyObject(object, pair);
    }
    if (node instanceof ArrayNode array) {
      return copyArray(array, name, pair);
    }
    if (node.isTextual()) {
      String text = node.textValue();
      String value = value(text, name);
      return value.equals(text) ? node : TextNode.valueOf(value);
    }
    boolean digits =
        node.isNumber() && name.says == SecretName.PASSWORD && !Placeholder.is(node.asText());
    return digits ? TextNode.valueOf(value(node.asText(), name)) : node;
  }

  private String mark(SecretKind kind, String secret, int index) {
    pointer.enter(index);
    String marker = redaction.mark(kind, secret, pointer);
    pointer.leave();
    return marker;
  }

  private ArrayNode copyArray(ArrayNode words, Name name, Name pair) {
    ArrayNode array = commands.redacted(words);
    @Nullable ArrayNode copy = null;
    for (int i = 0; i < array.size(); i++) {
      pointer.enter(i);
      JsonNode value = copy(array.get(i), i == 0 ? name : nameOf(array, i, name), pair);
      pointer.leave();
      if (copy == null && !value.equals(array.get(i))) {
        copy = JsonNodeFactory.instance.arrayNode(array.size());
        for (int before = 0; before < i; before++) {
          copy.add(array.get(before));
        }
      }
      if (copy != null) {
        copy.add(value);
      }
    }
    return copy == null ? array : copy;
  }

  /** What the option before an element says of it: {@code ["--password", "hunter22"]}. */
  private Name nameOf(ArrayNode array, int at, Name otherwise) {
    @Nullable String before = array.get(at - 1).textValue();
    boolean option = before != null && before.startsWith("--") && before.length() > 2;
    @Nullable String value = array.get(at).textValue();
    Name name = option && (value == null || !value.startsWith("-")) ? Name.of(before) : Name.NONE;
    return name.says.isSecret() ? name : otherwise;
  }

  private ObjectNode copyObject(ObjectNode object, Name above) {
    @Nullable Name beside = null;
    @Nullable ObjectNode copy = null;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String original = field.getKey();
      SecretName says = patterns.cleanKey(original);
      String key = says == null ? key(original) : original;
      if (copy == null && !key.equals(original)) {
        copy = before(original, object);
      }
      while (copy != null && copy.has(key)) {
        key += "~"; // Two secrets with one fingerprint: neither value may be lost.
      }
      Name name = nameOf(original, says);
      Name pair = Name.NONE;
      if (isValueField(original)) {
        beside = beside == null ? nameBeside(object) : beside;
        pair = beside.says.isSecret() ? beside : above;
        name = name.says.isSecret() ? name : pair;
      }
      boolean data = isDataField(original) && isKubernetesSecret(object);
      pointer.enter(key);
      JsonNode value = data ? copyData(field.getValue()) : copy(field.getValue(), name, pair);
      pointer.leave();
      if (copy == null && !value.equals(field.getValue())) {
        copy = before(original, object);
      }
      if (copy != null) {
        copy.set(key, value);
      }
    }
    return copy == null ? object : copy;
  }

  private static boolean isValueField(String key) {
    return switch (key) {
      case "value", "Value", "stringValue", "arrayValue", "values" -> true;
      default -> false;
    };
  }

  /** Where a Kubernetes Secret has its secrets. */
  private static boolean isDataField(String key) {
    return switch (key) {
      case "data", "stringData" -> true;
      default -> false;
    };
  }

  /** The fields of {@code object} before {@code key}. */
  private static ObjectNode before(String key, ObjectNode object) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getKey().equals(key)) {
        break;
      }
      copy.set(field.getKey(), field.getValue());
    }
    return copy;
  }

  private static boolean isKubernetesSecret(ObjectNode object) {
    return "Secret".equals(object.path("kind").asText());
  }

  /** Every value of a Kubernetes Secret is one. */
  private JsonNode copyData(JsonNode data) {
    if (!(data instanceof ObjectNode object)) {
      return copy(data, new Name(SecretName.SECRET, "data"), Name.NONE);
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String key = key(field.getKey());
      while (copy.has(key)) {
        key += "~";
      }
      pointer.enter(key);
      copy.set(key, copy(field.getValue(), new Name(SecretName.SECRET, field.getKey()), Name.NONE));
      pointer.leave();
    }
    return copy;
  }

  private String key(String key) {
    if (patterns.cleanKey(key) != null) {
      return key;
    }
    String redacted = redaction.of(key, pointer);
    if (redacted.equals(key)) {
      patterns.keepCleanKey(key, Name.says(key));
    }
    return redacted;
  }

  private Name nameOf(String key) {
    return nameOf(key, patterns.cleanKey(key));
  }

  private static Name nameOf(String key, @Nullable SecretName known) {
    if (known == null) {
      return Name.of(key);
    }
    return known == SecretName.PLAIN ? Name.NONE : new Name(known, key);
  }

  private Name nameBeside(ObjectNode object) {
    for (String field : NAME_FIELDS) {
      @Nullable JsonNode name = object.get(field);
      if (name != null && name.isTextual()) {
        return nameOf(name.textValue());
      }
    }
    return Name.NONE;
  }

  private String value(String value, Name name) {
    SecretName says = name.says;
    if (!says.isSecret()
        || patterns.marker().endOfAll(value, 0) == value.length()
        || Placeholder.is(value)) {
      return redaction.of(value, pointer);
    }
    Span known = known(value, says);
    if (known != null) {
      return value.substring(0, known.start())
          + redaction.mark(known.kind(), value.substring(known.start(), known.end()), pointer)
          + value.substring(known.end());
    }
    SecretKind kind =
        says == SecretName.AUTHORIZATION ? null : NamedValue.kind(patterns, says, name.text, value);
    return kind == null ? redaction.of(value, pointer) : redaction.mark(kind, value, pointer);
  }

  /** A secret of a form of its own that is all of a value, or all that its kind of header hides. */
  private @Nullable Span known(String value, SecretName says) {
    if (says == SecretName.COOKIE || says == SecretName.SET_COOKIE) {
      return new Cookies(value, patterns.marker()).after(0, says == SecretName.SET_COOKIE);
    }
    boolean header = says == SecretName.AUTHORIZATION;
    Span known = header ? new Credential(value, patterns).after(0) : patterns.at(value, 0);
    boolean whole =
        known != null && known.end() == value.length() && (header || known.start() == 0);
    return whole ? known : null;
  }
}
