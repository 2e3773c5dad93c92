package dev.custody.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.sigma.FieldSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A record's fields under more names. As the fields below, for one event and one thread. */
final class MappedFields implements FieldSource {
  private final Pipeline pipeline;
  private final JsonNode record;
  private final FieldSource own;
  private final Map<String, Answer> answers = new HashMap<>();

  private record Answer(
      boolean present, List<@Nullable String> values, List<@Nullable String> folded) {}

  MappedFields(Pipeline pipeline, JsonNode record, FieldSource own) {
    this.pipeline = pipeline;
    this.record = record;
    this.own = own;
  }

  @Override
  public boolean has(String field) {
    Answer answer = answer(field);
    return answer == null ? own.has(field) : answer.present;
  }

  @Override
  public List<@Nullable String> values(String field) {
    Answer answer = answer(field);
    return answer == null ? own.values(field) : answer.values;
  }

  @Override
  public List<@Nullable String> foldedValues(String field) {
    Answer answer = answer(field);
    return answer == null ? own.foldedValues(field) : answer.folded;
  }

  @Override
  public boolean anyValue(Predicate<? super String> test) {
    return own.anyValue(test);
  }

  /** What a field of the pipeline has; null where it is the record's own and nothing else. */
  private @Nullable Answer answer(String field) {
    Answer known = answers.get(field);
    if (known != null) {
      return known;
    }
    List<FieldOrigin> origins = pipeline.origins(field);
    if (origins == null) {
      return null;
    }
    List<@Nullable String> values = new ArrayList<>(own.values(field));
    boolean present = own.has(field);
    for (FieldOrigin origin : origins) {
      values.addAll(origin.values(record, own));
      present |= origin.isIn(record, own);
    }
    Answer answer = new Answer(present, values, FieldSource.fold(values));
    answers.put(field, answer);
    return answer;
  }
}
