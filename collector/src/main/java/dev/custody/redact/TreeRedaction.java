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
 * Copies a JSON tree without its secrets. Pointers are made of redacted keys: a key may itself be a
 * secret.
 */
final class TreeRedaction {
  /** Pairs of a name and a value, as OTLP, Kubernetes and AWS tags write them. */
  private static final List<String> NAME_FIELDS = List.of("key", "name", "Key", "Name");

  private static final List<String> VALUE_FIELDS =
      List.of("value", "Value", "stringValue", "arrayValue", "values");

  private static final CharSet NAME = CharSet.of("A-Za-z0-9_./@ -");

  private final Fingerprint fingerprint;
  private final List<Finding> findings;

  TreeRedaction(Fingerprint fingerprint, List<Finding> findings) {
    this.fingerprint = fingerprint;
    this.findings = findings;
  }

  JsonNode copy(JsonNode tree) {
    return copy(tree, SecretName.PLAIN, SecretName.PLAIN, "");
  }

  /**
   * Copies a node.
   *
   * @param name what the key above says of a value here, or of one in an array here
   * @param pair what the name beside a value field says, for that field's object
   */
  private JsonNode copy(JsonNode node, SecretName name, SecretName pair, String pointer) {
    if (node instanceof ObjectNode object) {
      return copyObject(object, pair, pointer);
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
      for (int i = 0; i < array.size(); i++) {
        copy.add(copy(array.get(i), name, pair, pointer + '/' + i));
      }
      return copy;
    }
    if (node.isTextual()) {
      return TextNode.valueOf(value(node.textValue(), name, pointer));
    }
    boolean digits =
        node.isNumber() && name == SecretName.PASSWORD && !Placeholder.is(node.asText());
    return digits ? TextNode.valueOf(value(node.asText(), name, pointer)) : node.deepCopy();
  }

  private ObjectNode copyObject(ObjectNode object, SecretName above, String pointer) {
    SecretName beside = nameBeside(object);
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String key = Scan.redact(field.getKey(), pointer, fingerprint, findings);
      while (copy.has(key)) {
        key += "~"; // Two secrets with one fingerprint: neither value may be lost.
      }
      SecretName name = nameOf(field.getKey());
      SecretName pair = SecretName.PLAIN;
      if (VALUE_FIELDS.contains(field.getKey())) {
        pair = beside != SecretName.PLAIN ? beside : above;
        name = name != SecretName.PLAIN ? name : pair;
      }
      copy.set(key, copy(field.getValue(), name, pair, pointer + '/' + escape(key)));
    }
    return copy;
  }

  /** Prose that mentions a secret is no name, nor is a marker. */
  private static SecretName nameOf(String text) {
    return NAME.hasAll(text, 0, text.length())
        ? SecretName.of(text, 0, text.length())
        : SecretName.PLAIN;
  }

  private static SecretName nameBeside(ObjectNode object) {
    for (String field : NAME_FIELDS) {
      @Nullable JsonNode name = object.get(field);
      if (name != null && name.isTextual()) {
        return nameOf(name.textValue());
      }
    }
    return SecretName.PLAIN;
  }

  private String value(String value, SecretName name, String pointer) {
    if (!name.isSecret() || Marker.endOfAll(value, 0) == value.length() || Placeholder.is(value)) {
      return Scan.redact(value, pointer, fingerprint, findings);
    }
    Span known =
        name == SecretName.AUTHORIZATION
            ? new Credential(value).after(0)
            : TokenFormat.at(value, 0);
    boolean whole = known != null && known.end() == value.length();
    if (known != null && whole && (known.start() == 0 || name == SecretName.AUTHORIZATION)) {
      return value.substring(0, known.start())
          + mark(known.kind(), value.substring(known.start()), pointer);
    }
    SecretKind kind = name == SecretName.AUTHORIZATION ? null : Assignment.kind(name, value);
    return kind == null
        ? Scan.redact(value, pointer, fingerprint, findings)
        : mark(kind, value, pointer);
  }

  private String mark(SecretKind kind, String secret, String pointer) {
    String print = fingerprint.of(kind, secret);
    findings.add(new Finding(kind, print, pointer));
    return Marker.of(kind, print);
  }

  private static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
