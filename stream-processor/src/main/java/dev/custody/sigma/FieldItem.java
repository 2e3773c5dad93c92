package dev.custody.sigma;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.custody.sigma.ValueTest.Bound;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One line of a search identifier, {@code field|modifier|...: values}, on its way to a clause
 * (rules specification, "Value Modifiers" and "Special Field Values"; modifiers appendix). Without
 * a field it is a search for keywords.
 */
final class FieldItem {
  private static final Set<String> TYPES =
      Set.of("re", "cidr", "fieldref", "exists", "lt", "lte", "gt", "gte");

  /** Each with the name that pySigma gives it beside the specification's. */
  private static final Map<String, Integer> REGEX_FLAGS =
      Map.of(
          "i", Pattern.CASE_INSENSITIVE,
          "ignorecase", Pattern.CASE_INSENSITIVE,
          "m", Pattern.MULTILINE,
          "multiline", Pattern.MULTILINE,
          "s", Pattern.DOTALL,
          "dotall", Pattern.DOTALL);

  private static final Set<String> COMPARISONS = Set.of("lt", "lte", "gt", "gte");
  private static final Set<String> LISTS = Set.of("all", "neq");
  private static final Set<String> PLAIN = Set.of("cased", "expand");
  private static final Set<String> PLACES = Set.of("contains", "startswith", "endswith");
  private static final Set<String> FIELDREF = Set.of("cased", "contains", "startswith", "endswith");

  // Of public patterns the longest has 700 characters.
  private static final int MAX_REGEX = 4096;
  private static final int MAX_REGEX_SIZE = 20_000;

  // Of public values the longest has some hundred characters. A wildcard pattern may cost its
  // length for each character of a value.
  private static final int MAX_TEXT = 16_384;
  private static final int LONGEST_NAME = 1024;

  private final YamlNode key;
  private final @Nullable String field;
  private final Set<String> modifiers;
  private final Placeholders placeholders;

  /** What the values are compared as: one of {@link #TYPES}, or text. */
  private final String type;

  /** The part of a time that is compared, if one is. */
  private final @Nullable TimePart part;

  private FieldItem(
      YamlNode key, @Nullable String field, List<String> modifiers, Placeholders placeholders) {
    this.key = key;
    this.field = field;
    this.modifiers = new LinkedHashSet<>(modifiers);
    this.placeholders = placeholders;
    this.type = modifiers.stream().filter(TYPES::contains).findFirst().orElse("text");
    this.part =
        modifiers.stream().map(TimePart::named).filter(Objects::nonNull).findFirst().orElse(null);
    check(modifiers);
  }

  /** Compiles a map's entry. */
  static Clause compile(YamlNode key, YamlNode value, Placeholders placeholders) {
    List<String> parts = Arrays.asList(key.text().split("\\|", -1));
    String field = parts.getFirst().isEmpty() ? null : parts.getFirst();
    if (field == null && parts.size() == 1) {
      throw key.error("a field needs a name");
    }
    if (field != null && field.length() > LONGEST_NAME) {
      throw key.error("the name of a field must have " + LONGEST_NAME + " characters at most");
    }
    return new FieldItem(key, field, parts.subList(1, parts.size()), placeholders).compile(value);
  }

  /** Compiles an element of a list of keywords. */
  static Clause keyword(YamlNode value) {
    return new FieldItem(value, null, List.of(), Placeholders.none()).compile(value);
  }

  private void check(List<String> given) {
    for (int i = 0; i < given.size(); i++) {
      String modifier = given.get(i);
      if (REGEX_FLAGS.containsKey(modifier)) {
        String before = i == 0 ? "" : given.get(i - 1);
        require(
            before.equals("re") || REGEX_FLAGS.containsKey(before),
            "modifier '" + modifier + "' must follow 're'");
      } else if (!isKnown(modifier)) {
        throw key.error(
            "modifier '"
                + modifier
                + "' is not supported; supported: "
                + String.join(", ", known()));
      } else {
        checkCombination(modifier);
      }
    }
    require(given.size() == modifiers.size(), "a modifier is given twice");
    if (part != null || !(type.equals("text") || type.equals("re"))) {
      name();
    }
    if (type.equals("fieldref")) {
      String before = given.getFirst();
      require(
          before.equals("fieldref") || !PLACES.contains(before),
          "modifier '" + before + "' must follow 'fieldref'");
    }
  }

  private void checkCombination(String modifier) {
    boolean fits =
        modifier.equals(type)
            || (part == null && type.equals("text"))
            || (LISTS.contains(modifier) && !type.equals("exists"))
            || (type.equals("fieldref") && FIELDREF.contains(modifier))
            || (part != null && modifier.equals(part.modifier()) && isNumber());
    String with = part == null || modifier.equals(part.modifier()) ? type : part.modifier();
    require(fits, "modifiers '" + with + "' and '" + modifier + "' can't be combined");
  }

  private boolean isNumber() {
    return type.equals("text") || COMPARISONS.contains(type);
  }

  private static boolean isKnown(String modifier) {
    return TYPES.contains(modifier)
        || LISTS.contains(modifier)
        || PLAIN.contains(modifier)
        || TimePart.named(modifier) != null
        || TextTransform.named(modifier) != null;
  }

  private static Set<String> known() {
    Set<String> known = new TreeSet<>(TYPES);
    known.addAll(REGEX_FLAGS.keySet());
    known.addAll(LISTS);
    known.addAll(PLAIN);
    Arrays.stream(TimePart.values()).map(TimePart::modifier).forEach(known::add);
    known.addAll(TextTransform.names());
    return known;
  }

  private void require(boolean condition, String problem) {
    if (!condition) {
      throw key.error(problem);
    }
  }

  /** The field, where a keyword would make no sense. */
  private String name() {
    if (field == null) {
      throw key.error(
          "null, cidr, exists, fieldref, comparisons and parts of a time are about a field, not a"
              + " keyword");
    }
    return field;
  }

  private Clause compile(YamlNode value) {
    Clause clause =
        value.isNull() ? isNull() : compileValues(value.isList() ? value.items() : List.of(value));
    return modifiers.contains("neq") ? new Clause.Not(clause) : clause;
  }

  private Clause isNull() {
    require(modifiers.isEmpty() || modifiers.equals(Set.of("neq")), "null takes no modifier");
    return new Clause.FieldIsNull(name());
  }

  private Clause compileValues(List<YamlNode> values) {
    require(!values.isEmpty(), "the list of values is empty");
    boolean all = modifiers.contains("all");
    require(!all || values.size() > 1, "modifier 'all' needs a list of two or more values");
    values.forEach(FieldItem::checkScalar);
    if (type.equals("exists")) {
      return exists(values);
    }
    if (type.equals("fieldref")) {
      List<Clause> parts = values.stream().map(this::sameAs).toList();
      return all ? Clause.allOf(parts) : Clause.anyOf(parts);
    }
    List<ValueTest> tests = values.stream().map(this::test).toList();
    return all ? Clause.allOf(tests.stream().map(this::on).toList()) : on(ValueTest.anyOf(tests));
  }

  private static void checkScalar(YamlNode value) {
    if (value.isNull()) {
      throw value.error(
          "null can't be part of a list of values; give it its own search identifier");
    }
    if (value.isMap() || value.isList()) {
      throw value.error("a value is a text, a number or a boolean");
    }
  }

  private Clause on(ValueTest test) {
    return field == null ? new Clause.Keyword(test) : new Clause.FieldTest(field, test);
  }

  private Clause exists(List<YamlNode> values) {
    require(
        values.size() == 1 && values.getFirst().isBoolean(),
        "modifier 'exists' takes true or false");
    return new Clause.FieldExists(name(), values.getFirst().text().equals("true"));
  }

  private Clause sameAs(YamlNode value) {
    require(
        value.isString() && !value.text().isEmpty() && value.text().length() <= LONGEST_NAME,
        "modifier 'fieldref' takes the name of a field");
    require(
        value.text().indexOf('*') < 0 && value.text().indexOf('?') < 0,
        "modifier 'fieldref' takes the name of one field, without wildcards");
    boolean contains = modifiers.contains("contains");
    return new Clause.FieldComparedToField(
        name(),
        value.text(),
        contains || modifiers.contains("endswith"),
        contains || modifiers.contains("startswith"),
        modifiers.contains("cased"));
  }

  private ValueTest test(YamlNode value) {
    if (part != null) {
      return new ValueTest.OfTime(part, type.equals("text") ? number(value, part) : bound(value));
    }
    return switch (type) {
      case "re" -> regex(value);
      case "cidr" -> addressRange(value);
      case "lt", "lte", "gt", "gte" -> bound(value);
      default -> text(value);
    };
  }

  private ValueTest regex(YamlNode value) {
    String source = value.text();
    if (source.length() > MAX_REGEX) {
      throw value.error("the regular expression is longer than " + MAX_REGEX + " characters");
    }
    double size = RegexSize.of(source);
    if (size > MAX_REGEX_SIZE) {
      throw value.error("the regular expression is too large when its repetitions are written out");
    }
    int flags = 0;
    for (String modifier : modifiers) {
      flags |= REGEX_FLAGS.getOrDefault(modifier, 0);
    }
    try {
      return ValueTest.Found.of(Pattern.compile(source, flags), size);
    } catch (PatternSyntaxException e) {
      throw value.error(
          "the regular expression does not compile in linear-time syntax (RE2): " + e.getMessage());
    }
  }

  private static ValueTest addressRange(YamlNode value) {
    try {
      return AddressRange.parse(value.text());
    } catch (IllegalArgumentException e) {
      throw value.error(String.valueOf(e.getMessage()));
    }
  }

  private ValueTest bound(YamlNode value) {
    try {
      if (value.isNumber() && value.text().length() <= Bound.LONGEST) {
        return new Bound(
            Bound.Side.valueOf(type.toUpperCase(Locale.ROOT)), new BigDecimal(value.text()));
      }
    } catch (NumberFormatException notDecimal) {
      // Hexadecimal, octal, infinite: said below.
    }
    throw value.error(
        "modifier '" + type + "' takes a decimal number, found '" + value.text() + "'");
  }

  private static Bound number(YamlNode value, TimePart part) {
    try {
      if (value.isNumber() && part.canBe(Long.parseLong(value.text()))) {
        return new Bound(Bound.Side.EQ, new BigDecimal(value.text()));
      }
    } catch (NumberFormatException notWhole) {
      // Said below.
    }
    throw value.error(
        "modifier '%s' takes a whole number, %s, found '%s'"
            .formatted(part.modifier(), part.range(), value.text()));
  }

  private ValueTest text(YamlNode value) {
    if (value.text().length() > MAX_TEXT) {
      throw value.error("the value is longer than " + MAX_TEXT + " characters");
    }
    List<TextTransform.Draft> drafts =
        patterns(value).stream().map(TextTransform.Draft::of).toList();
    for (String modifier : modifiers) {
      TextTransform transform = TextTransform.named(modifier);
      if (transform != null) {
        drafts = transformed(value, drafts, transform);
      }
    }
    return ValueTest.anyOf(drafts.stream().map(draft -> finished(draft.pattern())).toList());
  }

  private List<TextPattern> patterns(YamlNode value) {
    if (!value.isString()) {
      return List.of(TextPattern.literal(value.text()));
    }
    List<String> texts =
        modifiers.contains("expand") ? placeholders.expanded(value) : List.of(value.text());
    return texts.stream().map(TextPattern::parse).toList();
  }

  private static List<TextTransform.Draft> transformed(
      YamlNode value, List<TextTransform.Draft> drafts, TextTransform transform) {
    List<TextTransform.Draft> results = new ArrayList<>();
    for (TextTransform.Draft draft : drafts) {
      try {
        results.addAll(transform.apply(draft));
      } catch (IllegalArgumentException e) {
        throw value.error(String.valueOf(e.getMessage()));
      }
    }
    return results;
  }

  // A keyword is looked for anywhere in a value; a field's value is compared whole.
  private ValueTest finished(TextPattern pattern) {
    TextPattern placed = field == null ? pattern.within(true, true) : pattern;
    return modifiers.contains("cased") ? placed : placed.ignoringCase();
  }
}
