package dev.custody.view;

import dev.custody.sigma.FieldSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A record's fields, and those that are worked out when they are asked for. One thread. */
final class EventFields implements FieldSource {
  private final FieldSource own;
  private final DerivedFields derived;
  private final Map<String, Answer> answers = new HashMap<>();

  private record Answer(List<@Nullable String> values, List<@Nullable String> folded) {}

  EventFields(FieldSource own, DerivedFields derived) {
    this.own = own;
    this.derived = derived;
  }

  @Override
  public boolean has(String field) {
    Answer answer = answer(field);
    return answer == null ? own.has(field) : !answer.values.isEmpty();
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

  /** What is worked out only repeats what stands in the record: keywords are not searched in it. */
  @Override
  public boolean anyValue(Predicate<? super String> test) {
    return own.anyValue(test);
  }

  private @Nullable Answer answer(String field) {
    if (!DerivedFields.isDerived(field)) {
      return null;
    }
    Answer known = answers.get(field);
    if (known == null) {
      List<@Nullable String> values = List.copyOf(derived.values(field));
      known = new Answer(values, FieldSource.fold(values));
      answers.put(field, known);
    }
    return known;
  }
}
