package dev.custody.act;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a program is given, taken apart into options and operands. */
final class Arguments {
  private static final Set<String> NO_VALUES = Set.of();

  private final List<Value> operands = new ArrayList<>();
  private final List<Option> options = new ArrayList<>();

  /**
   * An option.
   *
   * @param name with its dashes; of {@code -abc} there are {@code -abc}, {@code -a}, {@code -b} and
   *     {@code -c}
   * @param value null where it has none
   */
  record Option(String name, @Nullable Value value) {}

  private Arguments() {}

  /** Takes {@code given} apart; options in {@code valued} have their value behind them. */
  static Arguments of(List<Value> given, @Nullable Set<String> valued) {
    Set<String> values = valued == null ? NO_VALUES : valued;
    Arguments arguments = new Arguments();
    boolean open = true;
    for (int i = 0; i < given.size(); i++) {
      Value value = given.get(i);
      String text = value.text();
      if (open && text.equals("--")) {
        open = false;
      } else if (open && text.length() > 1 && text.startsWith("-")) {
        i += arguments.option(text, value, i + 1 < given.size() ? given.get(i + 1) : null, values);
      } else {
        arguments.operands.add(value);
      }
    }
    return arguments;
  }

  /** How many of the next words belong to the option. */
  private int option(String text, Value given, @Nullable Value next, Set<String> values) {
    int equals = text.indexOf('=');
    if (equals > 0) {
      Value value = new Value(List.of(text.substring(equals + 1)), given.taint());
      options.add(new Option(text.substring(0, equals), value));
      return 0;
    }
    if (values.contains(text)) {
      options.add(new Option(text, next));
      return next == null ? 0 : 1;
    }
    options.add(new Option(text, null));
    return text.startsWith("--") ? 0 : letters(text, given, next, values);
  }

  private int letters(String text, Value given, @Nullable Value next, Set<String> values) {
    for (int i = 1; i < text.length() && i < 12; i++) {
      String letter = "-" + text.charAt(i);
      if (values.contains(letter)) {
        boolean last = i == text.length() - 1;
        Value rest = last ? next : new Value(List.of(text.substring(i + 1)), given.taint());
        options.add(new Option(letter, rest));
        return last && next != null ? 1 : 0;
      }
      options.add(new Option(letter, null));
    }
    return 0;
  }

  boolean isEmpty() {
    return operands.isEmpty() && options.isEmpty();
  }

  List<Value> operands() {
    return operands;
  }

  List<Option> options() {
    return options;
  }

  /** Whether one of {@code names} is there, with a value that passes if a test is given. */
  boolean has(Set<String> names, @Nullable Predicate<String> test) {
    for (Option option : options) {
      Value value = option.value;
      if (names.contains(option.name)
          && (test == null || (value != null && value.texts().stream().anyMatch(test)))) {
        return true;
      }
    }
    return false;
  }

  /** The values of the options of {@code names}. */
  List<Value> values(Set<String> names) {
    List<Value> found = new ArrayList<>();
    for (Option option : options) {
      if (option.value != null && names.contains(option.name)) {
        found.add(option.value);
      }
    }
    return found;
  }
}
