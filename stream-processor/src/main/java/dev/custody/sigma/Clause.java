package dev.custody.sigma;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tree that a condition and its search identifiers compile to. */
sealed interface Clause extends Detection {

  /** All parts match: a map, {@code and}, {@code all of}. */
  record AllOf(List<Clause> parts) implements Clause {
    @Override
    public boolean matches(FieldSource event) {
      for (int i = 0; i < parts.size(); i++) {
        if (!parts.get(i).matches(event)) {
          return false;
        }
      }
      return true;
    }
  }

  /** A part matches: a list, {@code or}, {@code 1 of}. */
  record AnyOf(List<Clause> parts) implements Clause {
    @Override
    public boolean matches(FieldSource event) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i).matches(event)) {
          return true;
        }
      }
      return false;
    }
  }

  /** The part does not match: {@code not}, {@code neq}. */
  record Not(Clause part) implements Clause {
    @Override
    public boolean matches(FieldSource event) {
      return !part.matches(event);
    }
  }

  /** A value of the field passes. */
  record FieldTest(String field, ValueTest test) implements Clause {
    @Override
    public boolean matches(FieldSource event) {
      List<@Nullable String> values = event.values(field);
      List<@Nullable String> folded = event.foldedValues(field);
      for (int i = 0; i < values.size(); i++) {
        String value = values.get(i);
        String lower = folded.get(i);
        if (value != null && lower != null && test.test(value, lower)) {
          return true;
        }
      }
      return false;
    }
  }

  /** The field is absent, or a value of it is null. */
  record FieldIsNull(String field) implements Clause {
    @Override
    public boolean matches(FieldSource event) {
      return !event.has(field) || event.values(field).contains(null);
    }
  }

  /** The field is there, or is not. */
  record FieldExists(String field, boolean expected) implements Clause {
    @Override
    public boolean matches(FieldSource event) {
      return event.has(field) == expected;
    }
  }

  /**
   * A value of the field is a value of the other field, or holds one, as the modifiers say: with
   * anything before it, with anything after it. Both come from the event: to bound what arrays and
   * long texts cost, a text of more than {@link #LONGEST_PART} characters is a part of none, and
   * beyond the first {@link #MOST_PARTS} values parts are not looked for.
   */
  record FieldComparedToField(
      String field, String other, boolean anyBefore, boolean anyAfter, boolean cased)
      implements Clause {
    static final int LONGEST_PART = 1024;
    static final int MOST_PARTS = 64;

    @Override
    public boolean matches(FieldSource event) {
      List<@Nullable String> others = cased ? event.values(other) : event.foldedValues(other);
      if (others.isEmpty()) {
        return false;
      }
      List<@Nullable String> values = cased ? event.values(field) : event.foldedValues(field);
      return (anyBefore || anyAfter) ? anyHolds(values, others) : anyEquals(values, others);
    }

    private static boolean anyEquals(List<@Nullable String> values, List<@Nullable String> others) {
      Set<@Nullable String> known = new HashSet<>(others);
      for (String value : values) {
        if (value != null && known.contains(value)) {
          return true;
        }
      }
      return false;
    }

    private boolean anyHolds(List<@Nullable String> values, List<@Nullable String> others) {
      for (String value : values.subList(0, Math.min(MOST_PARTS, values.size()))) {
        for (String part : others.subList(0, Math.min(MOST_PARTS, others.size()))) {
          if (value != null
              && part != null
              && part.length() <= LONGEST_PART
              && holds(value, part)) {
            return true;
          }
        }
      }
      return false;
    }

    private boolean holds(String value, String part) {
      if (anyBefore) {
        return anyAfter ? value.contains(part) : value.endsWith(part);
      }
      return value.startsWith(part);
    }
  }

  /** Any value of the event passes. */
  record Keyword(ValueTest test) implements Clause {
    @Override
    public boolean matches(FieldSource event) {
      return event.anyValue(test::test);
    }
  }

  /** All of these, as plain as possible. */
  static Clause allOf(List<Clause> parts) {
    return parts.size() == 1 ? parts.getFirst() : new AllOf(List.copyOf(parts));
  }

  /** Any of these, as plain as possible. */
  static Clause anyOf(List<Clause> parts) {
    return parts.size() == 1 ? parts.getFirst() : new AnyOf(List.copyOf(parts));
  }
}
