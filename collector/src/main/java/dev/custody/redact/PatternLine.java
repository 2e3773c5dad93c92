package dev.custody.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The elements of one line of a file of patterns: literals, {@code "quoted"}, {@code hex{32}}. */
final class PatternLine {
  private static final int LONGEST_INNER_RUN = 256;
  private static final int LONGEST_LEAD = 64;
  private static final int MOST_REPEATS = 1000;
  private static final int LONGEST_EXAMPLE = 8192;
  private static final String MIXED = "mixed";
  private static final Map<String, Part> CODE =
      Map.of(
          "<jwt>", Part.Code.JWT,
          "<unsigned-jwt>", Part.Code.UNSIGNED_JWT,
          "<private-key>", Part.Code.PRIVATE_KEY);

  private record Element(String text, boolean quoted) {}

  private final String file;
  private final int line;
  private final Map<String, CharSet> alphabets;
  private final List<Element> elements = new ArrayList<>();

  PatternLine(String file, int line, Map<String, CharSet> alphabets, String text)
      throws PatternException {
    this.file = file;
    this.line = line;
    this.alphabets = alphabets;
    split(text);
    if (elements.isEmpty()) {
      throw expected("elements", "none");
    }
  }

  private void split(String text) throws PatternException {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ') {
        at++;
        continue;
      }
      int end = at + 1;
      if (c == '"') {
        while (end < text.length() && text.charAt(end) != '"') {
          end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
          throw expected("a closing quote", "the line's end");
        }
        elements.add(new Element(unescaped(text.substring(at + 1, end)), true));
        end++;
      } else {
        while (end < text.length() && text.charAt(end) != ' ') {
          end++;
        }
        elements.add(new Element(text.substring(at, end), false));
      }
      at = end;
    }
  }

  private static String unescaped(String quoted) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c == '\\' && i + 1 < quoted.length()) {
        c = quoted.charAt(++i);
        c = c == 'n' ? '\n' : c;
      }
      text.append(c);
    }
    return text.toString();
  }

  /** A form that begins with its anchor, or with one run and then its anchor. */
  Form.Shape shape(SecretKind kind, Form.Place place) throws PatternException {
    List<Part> parts = parts();
    Part.Run lead = parts.getFirst() instanceof Part.Run run ? run : null;
    if (lead != null && lead.most() > LONGEST_LEAD) {
      throw expected("at most " + LONGEST_LEAD + " characters before the literal", "more");
    }
    int anchor = lead == null ? 0 : 1;
    if (anchor < parts.size() && parts.get(anchor) instanceof Part.Literal literal) {
      List<Part> rest = parts.subList(anchor + 1, parts.size());
      return new Form.Shape(kind, place, lead, literal.text(), rest, isMixed());
    }
    throw expected("a literal that is always the same, first or after one run", "none");
  }

  /** A form that needs no anchor, for a name stands before it. */
  Form.Shape unanchored(SecretKind kind) throws PatternException {
    return new Form.Shape(kind, Form.Place.ANYWHERE, null, "", parts(), false);
  }

  private boolean isMixed() {
    return elements.getLast().text().equals(MIXED) && !elements.getLast().quoted();
  }

  private List<Part> parts() throws PatternException {
    List<Part> parts = new ArrayList<>();
    int count = elements.size() - (isMixed() ? 1 : 0);
    for (int i = 0; i < count; i++) {
      parts.add(part(elements.get(i), i == count - 1));
    }
    if (parts.isEmpty()) {
      throw expected("elements", "none");
    }
    return parts;
  }

  private Part part(Element element, boolean last) throws PatternException {
    Part code = element.quoted() ? null : CODE.get(element.text());
    if (code != null) {
      return code;
    }
    int brace = element.text().indexOf('{');
    return element.quoted() || brace < 0
        ? new Part.Literal(element.text())
        : run(element.text(), brace, last);
  }

  private Part.Run run(String text, int brace, boolean last) throws PatternException {
    CharSet set = alphabets.get(text.substring(0, brace));
    if (set == null) {
      throw expected("the name of an alphabet before '{'", text.substring(0, brace));
    }
    if (!text.endsWith("}")) {
      throw expected("'}' at the end of a run", text);
    }
    String length = text.substring(brace + 1, text.length() - 1);
    int comma = length.indexOf(',');
    int least = number(comma < 0 ? length : length.substring(0, comma));
    String upper = comma < 0 ? length : length.substring(comma + 1);
    int open = last ? Part.Run.ANY : LONGEST_INNER_RUN;
    int most = upper.isEmpty() ? open : number(upper);
    if (most < least || least == 0 || (!last && most > LONGEST_INNER_RUN)) {
      throw expected(
          "{N}, {LEAST,} or {LEAST,MOST}, at most %d unless it is last"
              .formatted(LONGEST_INNER_RUN),
          "{" + length + "}");
    }
    return new Part.Run(set, least, most);
  }

  private int number(String digits) throws PatternException {
    if (digits.isEmpty()
        || digits.length() > 4
        || !CharSet.DIGIT.hasAll(digits, 0, digits.length())) {
      throw expected("a number of at most four digits", digits);
    }
    return Integer.parseInt(digits);
  }

  /** The elements one behind the other; {@code aB3*9} is nine times {@code aB3}. */
  String example() throws PatternException {
    StringBuilder text = new StringBuilder();
    for (Element element : elements) {
      int star = element.quoted() ? -1 : element.text().lastIndexOf('*');
      if (star < 0) {
        text.append(element.text());
        continue;
      }
      int times = number(element.text().substring(star + 1));
      if (times > MOST_REPEATS || times * star > LONGEST_EXAMPLE) {
        throw expected("an example of at most " + LONGEST_EXAMPLE + " characters", "more");
      }
      text.append(element.text().substring(0, star).repeat(times));
    }
    return text.toString();
  }

  private PatternException expected(String what, @Nullable String found) {
    return new PatternException(file, line, "expected " + what + ", found " + found);
  }
}
