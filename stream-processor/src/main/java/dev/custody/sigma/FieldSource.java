package dev.custody.sigma;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One event as rules see it: named fields whose values are text (rules specification, "Field
 * Usage"). An implementation must answer for every name and never throw.
 */
public interface FieldSource {

  /** Whether the field is there, be it empty or null (modifiers appendix, {@code exists}). */
  boolean has(String field);

  /**
   * The field's values as text; a null element is a null in the event. Several where the event has
   * an array, none where the field is absent. A rule asks for the same field many times, so the
   * answer should be cheap; callers don't change it.
   */
  List<@Nullable String> values(String field);

  /**
   * {@link #values} without their case, element by element. An implementation that lives as long as
   * its event does well to keep the answer of {@link #fold}; no other folding will do.
   */
  default List<@Nullable String> foldedValues(String field) {
    return fold(values(field));
  }

  /** The values without their case, as rules compare them (rules specification, "General"). */
  static List<@Nullable String> fold(List<@Nullable String> values) {
    List<@Nullable String> folded = new ArrayList<>(values.size());
    for (String value : values) {
      folded.add(value == null ? null : Folding.fold(value));
    }
    return folded;
  }

  /** Whether any value of any field passes (rules specification, "Keywords search"). */
  boolean anyValue(Predicate<? super String> test);
}
