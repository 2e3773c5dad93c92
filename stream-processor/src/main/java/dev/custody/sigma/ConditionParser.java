package dev.custody.sigma;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conditions over search identifiers (rules specification, "Condition"). From least to most
 * binding: {@code or}, {@code and}, {@code not}, {@code x of}, parentheses. {@code x} is {@code 1}
 * or {@code all}, as pySigma has it also {@code any}; other numbers are not in the specification.
 */
final class ConditionParser {
  private static final Pattern TOKEN = Pattern.compile("\\s*(?:([()])|([^\\s()]+))");
  private static final Set<String> WORDS = Set.of("and", "or", "not", "of", "them", ")", "(");
  private static final int MAX_DEPTH = 64;

  private final Map<String, Clause> identifiers;
  private final Set<String> used = new HashSet<>();

  // Of the condition being read.
  private YamlNode node;
  private List<String> tokens = List.of();
  private int next;
  private int depth;

  ConditionParser(YamlNode node, Map<String, Clause> identifiers) {
    this.node = node;
    this.identifiers = identifiers;
  }

  /** Compiles one condition. */
  Clause parse(YamlNode condition) {
    node = condition;
    if (!condition.isString() || condition.text().isBlank()) {
      throw condition.error("the condition is a text such as 'selection and not filter'");
    }
    if (condition.text().indexOf('|') >= 0) {
      throw condition.error("aggregation with '|' is no longer Sigma; it became correlations");
    }
    tokens = tokens(condition.text());
    next = 0;
    Clause clause = or();
    if (next < tokens.size()) {
      throw condition.error(
          "expected 'and', 'or' or the end of the condition, found '" + peek() + "'");
    }
    return clause;
  }

  /** Whether a condition that was parsed names the search identifier, itself or by a pattern. */
  boolean uses(String identifier) {
    return used.contains(identifier);
  }

  private static List<String> tokens(String condition) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(condition);
    while (matcher.find()) {
      tokens.add(matcher.group().strip());
    }
    return tokens;
  }

  private Clause or() {
    List<Clause> parts = new ArrayList<>(List.of(and()));
    while (accept("or")) {
      parts.add(and());
    }
    return Clause.anyOf(parts);
  }

  private Clause and() {
    List<Clause> parts = new ArrayList<>(List.of(not()));
    while (accept("and")) {
      parts.add(not());
    }
    return Clause.allOf(parts);
  }

  private Clause not() {
    if (++depth > MAX_DEPTH) {
      throw node.error("the condition is nested deeper than " + MAX_DEPTH);
    }
    Clause clause = accept("not") ? new Clause.Not(not()) : operand();
    depth--;
    return clause;
  }

  private Clause operand() {
    if (accept("(")) {
      Clause inner = or();
      expect(")");
      return inner;
    }
    String word = take("a search identifier");
    if (accept("of")) {
      return quantified(word, take("a pattern of search identifiers or 'them'"));
    }
    Clause clause = identifiers.get(word);
    if (clause == null || WORDS.contains(word)) {
      throw node.error("expected a search identifier, found '" + word + "'; defined: " + defined());
    }
    used.add(word);
    return clause;
  }

  private Clause quantified(String quantity, String pattern) {
    List<Clause> parts = new ArrayList<>();
    identifiers.forEach((name, clause) -> {
      if (selects(pattern, name)) {
        used.add(name);
        parts.add(clause);
      }
    });
    if (parts.isEmpty()) {
      throw node.error("no search identifier is one of '" + pattern + "'; defined: " + defined());
    }
    return switch (quantity) {
      case "1", "any" -> Clause.anyOf(parts);
      case "all" -> Clause.allOf(parts);
      default -> throw node.error("expected '1 of' or 'all of', found '" + quantity + " of'");
    };
  }

  private static boolean selects(String pattern, String name) {
    if (name.startsWith("_") && !pattern.startsWith("_")) {
      return false; // Meant to be left out, of a pattern as of them.
    }
    return pattern.equals("them") || TextPattern.parse(pattern).test(name, name);
  }

  private String defined() {
    return identifiers.isEmpty() ? "none" : String.join(", ", identifiers.keySet());
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }

  private boolean accept(String token) {
    boolean there = peek().equals(token);
    next += there ? 1 : 0;
    return there;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw node.error("expected '" + token + "', found " + found());
    }
  }

  private String take(String what) {
    if (next == tokens.size()) {
      throw node.error("expected " + what + ", found " + found());
    }
    return tokens.get(next++);
  }

  private String found() {
    return next < tokens.size() ? "'" + peek() + "'" : "the end of the condition";
  }
}
