package dev.custody.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.sigma.FieldSource;
import dev.custody.sigma.JsonFields;
import dev.custody.sigma.Logsource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What rules see of the records of one kind of source. Immutable. */
public final class Pipeline {
  /** The one that adds nothing. */
  static final Pipeline IDENTITY = new Pipeline(List.of(), Map.of(), Map.of());

  private final List<Conditional> logsources;
  private final Map<String, List<FieldOrigin>> fields;
  private final Map<String, String> prefixes;

  /**
   * A log source, of the records whose fields have these values.
   *
   * @param when value by field; empty for all records
   */
  record Conditional(Logsource logsource, Map<String, String> when) {
    boolean holdsFor(FieldSource record) {
      return when.entrySet().stream()
          .allMatch(wanted -> record.values(wanted.getKey()).contains(wanted.getValue()));
    }
  }

  Pipeline(
      List<Conditional> logsources,
      Map<String, List<FieldOrigin>> fields,
      Map<String, String> prefixes) {
    this.logsources = List.copyOf(logsources);
    this.fields = Map.copyOf(fields);
    this.prefixes = Map.copyOf(prefixes);
  }

  /** The fields of a record under their own names and under those that this pipeline adds. */
  public FieldSource over(JsonNode record) {
    JsonFields own = new JsonFields(record);
    return fields.isEmpty() && prefixes.isEmpty() ? own : new MappedFields(this, record, own);
  }

  /** The log sources that public rules have for that record. */
  public List<Logsource> logsources(FieldSource record) {
    List<Logsource> holding = new ArrayList<>(2);
    for (Conditional one : logsources) {
      if (one.holdsFor(record)) {
        holding.add(one.logsource);
      }
    }
    return holding;
  }

  /** Whether a record may have a log source that a rule for {@code wanted} applies to. */
  boolean mayHave(Logsource wanted) {
    return logsources.stream().anyMatch(one -> wanted.covers(one.logsource));
  }

  /** Where a field's values are taken from, beside the field itself; null where from it alone. */
  @Nullable List<FieldOrigin> origins(String field) {
    List<FieldOrigin> origins = fields.get(field);
    if (origins != null || prefixes.isEmpty()) {
      return origins;
    }
    for (Map.Entry<String, String> prefix : prefixes.entrySet()) {
      if (field.startsWith(prefix.getKey())) {
        String rest = prefix.getValue() + field.substring(prefix.getKey().length());
        List<FieldOrigin> mapped = fields.get(rest);
        return mapped != null ? mapped : List.of(new FieldOrigin.Path(rest));
      }
    }
    return null;
  }
}
