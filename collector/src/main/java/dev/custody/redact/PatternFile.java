package dev.custody.redact;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a file of patterns, whose syntax {@code docs/redaction.md} gives. */
final class PatternFile {
  private static final int MOST_FORMS = 2000;
  private static final int LONGEST_LINE = 1000;
  private static final int SHORTEST_ANCHOR = 2;
  private static final CharSet ID = CharSet.of("a-z-");
  private static final CharSet NAME = CharSet.of("A-Za-z0-9_");

  /** An example, and the line that gives it. */
  private record Example(int line, SecretKind kind, String text) {}

  private final String file;
  private final Map<String, SecretKind> kinds;
  private final Map<String, CharSet> alphabets = new HashMap<>();
  private final List<Form> forms = new ArrayList<>();
  private final List<Form.Named> named = new ArrayList<>();
  private final List<Example> examples = new ArrayList<>();
  private @Nullable SecretKind kind;
  private int kindLine;
  private int line;

  /**
   * Made to read one file.
   *
   * @param known kinds that it may add forms to
   */
  PatternFile(String file, Map<String, SecretKind> known) {
    this.file = file;
    this.kinds = new LinkedHashMap<>(known);
    Alphabets.STANDARD.forEach(alphabets::put);
  }

  Map<String, SecretKind> kinds() {
    return kinds;
  }

  List<Form> forms() {
    return forms;
  }

  List<Form.Named> named() {
    return named;
  }

  void read(String text) throws PatternException {
    for (String raw : text.split("\n", -1)) {
      line++;
      if (raw.length() > LONGEST_LINE) {
        throw expected("at most " + LONGEST_LINE + " characters", raw.length() + "");
      }
      String one = raw.strip();
      if (!one.isEmpty() && !one.startsWith("#")) {
        declare(one);
      }
    }
    endOfKind();
  }

  /**
   * Each example must be found as its kind.
   *
   * @throws PatternException at the line of the first that is not
   */
  void tryExamples(SecretPatterns patterns) throws PatternException {
    Redactor redactor = new Redactor(patterns, (any, secret) -> "0000");
    for (Example example : examples) {
      List<Finding> found = redactor.text(example.text(), "example").findings();
      if (found.stream().noneMatch(finding -> finding.kind().equals(example.kind()))) {
        line = example.line();
        String instead = found.isEmpty() ? "nothing" : found.getFirst().kind().id();
        throw expected("an example of " + example.kind().id(), instead);
      }
    }
  }

  private void declare(String one) throws PatternException {
    int space = one.indexOf(' ');
    String word = space < 0 ? one : one.substring(0, space);
    String rest = space < 0 ? "" : one.substring(space).strip();
    switch (word) {
      case "alphabet" -> alphabet(rest);
      case "kind" -> kind(rest);
      case "anywhere" -> add(shape(Form.Place.ANYWHERE, rest));
      case "word" -> add(shape(Form.Place.WORD, rest));
      case "after" -> add(shape(Form.Place.AFTER, rest));
      case "named" -> named(rest);
      case "regex" -> add(regex(rest));
      case "example" -> examples.add(new Example(line, inKind(), elements(rest).example()));
      default ->
          throw expected("alphabet, kind, anywhere, word, after, named, regex or example", word);
    }
  }

  private void alphabet(String rest) throws PatternException {
    int space = rest.indexOf(' ');
    String name = space < 0 ? rest : rest.substring(0, space);
    String members = space < 0 ? "" : rest.substring(space).strip();
    if (!NAME.hasAll(name, 0, name.length()) || members.isEmpty()) {
      throw expected("alphabet NAME CHARACTERS", rest);
    }
    if (members.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw expected("characters of ASCII without spaces", members);
    }
    alphabets.put(name, CharSet.of(members));
  }

  private void kind(String rest) throws PatternException {
    endOfKind();
    String[] words = rest.split(" +");
    String id = words[0];
    if (id.length() < 3 || id.length() > 32 || !ID.hasAll(id, 0, id.length())) {
      throw expected("3 to 32 lower-case letters and dashes as the kind's id", id);
    }
    SecretKind known = kinds.get(id);
    if (words.length == 1 && known != null) {
      kind = known;
    } else if (words.length == 2 && (words[1].equals("high") || words[1].equals("low"))) {
      kind =
          new SecretKind(
              id, words[1].equals("high") ? SecretKind.Entropy.HIGH : SecretKind.Entropy.LOW);
    } else {
      throw expected("high or low after a new kind's id", rest);
    }
    if (known != null && !known.equals(kind)) {
      throw expected("the class that " + id + " has already", words[1]);
    }
    kinds.put(id, inKind());
    kindLine = line;
  }

  private void endOfKind() throws PatternException {
    SecretKind ended = kind;
    if (ended != null && examples.stream().noneMatch(e -> e.line() > kindLine)) {
      line = kindLine;
      throw expected("an example of " + ended.id(), "none");
    }
  }

  private SecretKind inKind() throws PatternException {
    SecretKind current = kind;
    if (current == null) {
      throw expected("a kind before its forms", "none");
    }
    return current;
  }

  private void add(Form form) throws PatternException {
    int length = form.anchor().length();
    boolean ascii = form.anchor().chars().allMatch(c -> c >= ' ' && c <= '~');
    if (length < SHORTEST_ANCHOR || length > AnchorTable.LONGEST_ANCHOR || !ascii) {
      throw expected(
          "%d to %d characters of ASCII that are always the same"
              .formatted(SHORTEST_ANCHOR, AnchorTable.LONGEST_ANCHOR),
          length + "");
    }
    forms.add(form);
    if (forms.size() > MOST_FORMS) {
      throw expected("at most " + MOST_FORMS + " forms", "more");
    }
  }

  private Form.Shape shape(Form.Place place, String rest) throws PatternException {
    return elements(rest).shape(inKind(), place);
  }

  private void named(String rest) throws PatternException {
    int space = rest.indexOf(' ');
    if (space < 0) {
      throw expected("named WORD FORM", rest);
    }
    Form.Shape shape = elements(rest.substring(space)).unanchored(inKind());
    for (String word : rest.substring(0, space).split(",")) {
      if (word.isEmpty() || !CharSet.of("a-z0-9").hasAll(word, 0, word.length())) {
        throw expected("words of lower-case letters and digits", word);
      }
      named.add(new Form.Named(word, shape));
    }
  }

  private Form regex(String rest) throws PatternException {
    int space = rest.indexOf(' ');
    if (space < 0) {
      throw expected("regex ANCHOR EXPRESSION", rest);
    }
    String anchor = rest.substring(0, space);
    String expression = rest.substring(space).strip();
    try {
      return new Form.Regex(inKind(), anchor, Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      throw expected("a regular expression of RE2", e.getDescription());
    }
  }

  private PatternLine elements(String rest) throws PatternException {
    return new PatternLine(file, line, alphabets, rest);
  }

  private PatternException expected(String what, String found) {
    return new PatternException(file, line, "expected " + what + ", found " + found);
  }
}
