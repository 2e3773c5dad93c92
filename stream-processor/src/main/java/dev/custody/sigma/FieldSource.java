package dev.custody.sigma;

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

  /** Whether any value of any field passes (rules specification, "Keywords search"). */
  boolean anyValue(Predicate<? super String> test);
}
