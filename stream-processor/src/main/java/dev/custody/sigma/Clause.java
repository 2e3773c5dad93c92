package dev.custody.sigma;

import java.util.List;
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

  /** A value of the field is also a value of the other field. */
  record FieldEqualsField(String field, String other, boolean cased) implements Clause {
    @Override
    public boolean matches(FieldSource event) {
      for (String value : event.values(field)) {
        if (value != null && isAmong(value, event.values(other))) {
          return true;
        }
      }
      return false;
    }

    private boolean isAmong(String value, List<@Nullable String> others) {
      for (String candidate : others) {
        if (candidate != null && same(value, candidate)) {
          return true;
        }
      }
      return false;
    }

    private boolean same(String a, String b) {
      return cased ? a.equals(b) : Folding.fold(a).equals(Folding.fold(b));
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
