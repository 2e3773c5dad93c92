package dev.custody.act;

import dev.custody.glob.Glob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line {@code act} of {@code commands.txt}.
 *
 * @param name the act
 * @param tokens what has to fit
 * @param target number of the operand that is the target, {@code rest}, or empty
 */
record ActRule(ActName name, List<Token> tokens, String target) {
  /** Something that has to fit. */
  private sealed interface Token {}

  /** The next operand is one of these. */
  private record Operand(Set<String> words) implements Token {}

  /** An option is there, or is not. */
  private record Flag(Set<String> names, Set<String> values, boolean present) implements Token {}

  /** There is a further operand, or is none. */
  private record More(boolean more) implements Token {}

  /** There is no argument. */
  private record Bare() implements Token {}

  static ActRule of(String[] row) {
    List<Token> tokens = new ArrayList<>();
    String target = "";
    for (int i = 3; i < row.length; i++) {
      if (row[i].startsWith("target=")) {
        target = row[i].substring(7);
      } else {
        tokens.add(token(row[i]));
      }
    }
    return new ActRule(ActName.of(row[1]), List.copyOf(tokens), target);
  }

  private static Token token(String text) {
    if (text.equals(".") || text.equals("+")) {
      return new More(text.equals("+"));
    }
    if (text.equals(":")) {
      return new Bare();
    }
    boolean absent = text.startsWith("!");
    String rest = absent ? text.substring(1) : text;
    if (!rest.startsWith("-")) {
      return new Operand(words(rest));
    }
    int equals = rest.indexOf('=');
    return equals < 0
        ? new Flag(words(rest), Set.of(), !absent)
        : new Flag(words(rest.substring(0, equals)), words(rest.substring(equals + 1)), !absent);
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split("\\|")).collect(Collectors.toUnmodifiableSet());
  }

  /** The target of the act that {@code program} with {@code arguments} is; null if it is none. */
  @Nullable String fit(String program, Arguments arguments) {
    List<Value> operands = arguments.operands();
    StringBuilder said = new StringBuilder(program);
    int at = 0;
    for (Token token : tokens) {
      switch (token) {
        case Operand operand -> {
          if (at >= operands.size() || !fits(operand.words, operands.get(at).text())) {
            return null;
          }
          said.append(' ').append(operands.get(at++).text());
        }
        case Flag flag -> {
          if (isSet(flag, arguments) != flag.present) {
            return null;
          }
        }
        case Bare _ -> {
          if (!arguments.isEmpty()) {
            return null;
          }
        }
        case More more -> {
          if (at < operands.size() != more.more) {
            return null;
          }
        }
      }
    }
    return target(said.toString(), operands, at);
  }

  private static boolean isSet(Flag flag, Arguments arguments) {
    return arguments.has(
        flag.names, flag.values.isEmpty() ? null : value -> fits(flag.values, value));
  }

  private static boolean fits(Set<String> words, String text) {
    for (String word : words) {
      if (word.indexOf('*') < 0 ? word.equals(text) : Glob.matches(word, text)) {
        return true;
      }
    }
    return false;
  }

  private String target(String said, List<Value> operands, int at) {
    if (target.isEmpty()) {
      return said;
    }
    if (target.equals("rest")) {
      String rest = operands.stream().skip(at).map(Value::text).collect(Collectors.joining(" "));
      return rest.isEmpty() ? said : rest;
    }
    int number = Integer.parseInt(target);
    return number <= operands.size() ? operands.get(number - 1).text() : said;
  }
}
