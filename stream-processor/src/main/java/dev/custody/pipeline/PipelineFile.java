package dev.custody.pipeline;

import dev.custody.sigma.Logsource;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A file of one pipeline:
 *
 * <pre>{@code
 * logsources:                       # what events of this kind are to rules
 *   - {product: gcp, service: gcp.audit}
 *   - {product: gcp, service: x, when: {protoPayload.serviceName: y}}
 * fields:                           # name in rules: where its values are, any of them
 *   apiGroup: [objectRef.apiGroup]
 *   log: [{path: logName, behind: /logs/}]
 *   new_value: [{list: a.b.parameter, where: {name: NEW_VALUE}, take: [value]}]
 * prefixes:                         # beginning of names in rules: what stands there in the record
 *   data.: ''
 * }</pre>
 *
 * They are part of the program: one that is wrong is a defect of it, and stops it.
 */
final class PipelineFile {
  private final String kind;

  private PipelineFile(String kind) {
    this.kind = kind;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalStateException if it is not of that form
   */
  static Pipeline read(String kind, byte[] content) {
    Object document =
        new Load(LoadSettings.builder().setLabel(kind).build())
            .loadFromInputStream(new ByteArrayInputStream(content));
    return new PipelineFile(kind).pipeline(document);
  }

  private Pipeline pipeline(@Nullable Object document) {
    Map<String, Object> sections = map(document, Set.of("logsources", "fields", "prefixes"));
    List<Pipeline.Conditional> logsources = new ArrayList<>();
    for (Object one : list(sections.getOrDefault("logsources", List.of()))) {
      logsources.add(logsource(one));
    }
    Map<String, List<FieldOrigin>> fields = new HashMap<>();
    map(sections.getOrDefault("fields", Map.of()), null)
        .forEach(
            (name, origins) -> fields.put(name, list(origins).stream().map(this::origin).toList()));
    Map<String, String> prefixes = new HashMap<>();
    map(sections.getOrDefault("prefixes", Map.of()), null)
        .forEach((from, to) -> prefixes.put(from, text(to)));
    return new Pipeline(logsources, fields, prefixes);
  }

  private Pipeline.Conditional logsource(Object entry) {
    Map<String, Object> parts = map(entry, Set.of("category", "product", "service", "when"));
    Map<String, String> when = new HashMap<>();
    map(parts.getOrDefault("when", Map.of()), null)
        .forEach((field, value) -> when.put(field, text(value)));
    return new Pipeline.Conditional(
        new Logsource(
            optional(parts, "category"), optional(parts, "product"), optional(parts, "service")),
        Map.copyOf(when));
  }

  private FieldOrigin origin(Object entry) {
    if (entry instanceof String path) {
      return new FieldOrigin.Path(path);
    }
    Map<String, Object> parts = map(entry, Set.of("path", "behind", "list", "where", "take"));
    if (parts.containsKey("path")) {
      return new FieldOrigin.Behind(text(parts.get("path")), text(parts.get("behind")));
    }
    Map<String, Object> where = map(parts.get("where"), null);
    if (where.size() != 1) {
      throw wrong("one key with its name", where);
    }
    Map.Entry<String, Object> name = where.entrySet().iterator().next();
    return new FieldOrigin.Named(
        List.of(text(parts.get("list")).split("\\.", -1)),
        name.getKey(),
        text(name.getValue()),
        list(parts.get("take")).stream().map(this::text).toList());
  }

  private Map<String, Object> map(@Nullable Object value, @Nullable Set<String> known) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong("a map", value);
    }
    Map<String, Object> copy = new HashMap<>();
    map.forEach((key, inner) -> copy.put(text(key), inner));
    if (known != null && !known.containsAll(copy.keySet())) {
      throw wrong("keys of " + known, copy.keySet());
    }
    return copy;
  }

  private List<?> list(@Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      throw wrong("a list", value);
    }
    return list;
  }

  private String text(@Nullable Object value) {
    if (!(value instanceof String text)) {
      throw wrong("a text", value);
    }
    return text;
  }

  private @Nullable String optional(Map<String, Object> parts, String key) {
    Object value = parts.get(key);
    return value == null ? null : text(value);
  }

  private IllegalStateException wrong(String expected, @Nullable Object found) {
    return new IllegalStateException(
        "pipeline %s: expected %s, found %s".formatted(kind, expected, found));
  }
}
