package dev.custody.sigma;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a regular expression becomes when its repetitions are written out, estimated from its
 * text: RE2 compiles {@code ((a{1000}){1000}){1000}} by writing a billion of them, so it must not
 * be asked to.
 */
final class RegexSize {
  private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");
  private static final Pattern CLASS =
      Pattern.compile("\\[\\^?]?(?:\\\\.|[^]\\\\])*]", Pattern.DOTALL);

  private final String regex;
  private final Deque<Double> outer = new ArrayDeque<>();
  private double group;
  private double atom;

  private RegexSize(String regex) {
    this.regex = regex;
  }

  /** The estimate; an overestimate where the expression is not well-formed. */
  static double of(String regex) {
    return new RegexSize(regex).estimate();
  }

  private double estimate() {
    int i = 0;
    while (i < regex.length()) {
      i =
          switch (regex.charAt(i)) {
            case '(' -> open(i);
            case ')' -> close(i);
            case '{' -> repeat(i);
            case '[' -> single(skip(CLASS, i));
            case '\\' -> single(i + 2);
            default -> single(i + 1);
          };
    }
    while (!outer.isEmpty()) {
      close(i);
    }
    return group;
  }

  private int open(int at) {
    outer.push(group);
    group = 1;
    return at + 1;
  }

  private int close(int at) {
    atom = group;
    group += outer.isEmpty() ? 0 : outer.pop();
    return at + 1;
  }

  private int repeat(int at) {
    Matcher matcher = REPETITION.matcher(regex).region(at, regex.length());
    if (!matcher.lookingAt()) {
      return single(at + 1);
    }
    String most = matcher.group(2);
    double times = Double.parseDouble(most == null || most.isEmpty() ? matcher.group(1) : most);
    double repeated = atom * Math.max(1, times);
    group += repeated - atom;
    atom = repeated;
    return matcher.end();
  }

  private int single(int next) {
    atom = 1;
    group++;
    return next;
  }

  private int skip(Pattern pattern, int at) {
    Matcher matcher = pattern.matcher(regex).region(at, regex.length());
    return matcher.lookingAt() ? matcher.end() : at + 1;
  }
}
