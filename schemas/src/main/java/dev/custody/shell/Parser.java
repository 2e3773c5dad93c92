package dev.custody.shell;

import dev.custody.shell.Command.Assignment;
import dev.custody.shell.Script.Group;
import dev.custody.shell.Script.Pipeline;
import dev.custody.shell.Script.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one text by recursive descent. A keyword that closes what is not open, and what is not
 * closed, are passed over.
 */
final class Parser {
  private static final int SCRIPT = 8;
  private static final int DEEPEST = Shell.DEEPEST * SCRIPT;
  private static final Set<String> PASSED = Set.of("then", "do", "else", "elif", "!", "coproc");
  private static final Set<String> CLOSING = Set.of("fi", "done", "esac", "}");

  /** What ends a list of commands. */
  private enum End {
    TEXT,
    PARENTHESIS,
    KEYWORD,
    CASE
  }

  private final Cursor in;
  private final Bounds bounds;
  private final int depth;
  private final Words words;
  private final HereDocuments here;
  private int level;

  Parser(String text, Bounds bounds, int depth) {
    this.in = new Cursor(bounds.admitted(text, depth));
    this.bounds = bounds;
    this.depth = depth;
    this.level = depth * SCRIPT;
    this.words = new Words(this, in);
    this.here = new HereDocuments(in, this, bounds);
  }

  List<Pipeline> all() {
    return list(End.TEXT);
  }

  /** A text inside of this one, as the shell that this one starts would read it. */
  List<Pipeline> parsed(String script) {
    return new Parser(script, bounds, depth + 1).all();
  }

  /** A text in which variables and substitutions are replaced and nothing else is. */
  Word expanded(String text) {
    Parser inner = new Parser(text, bounds, depth + 1);
    return inner.words.expandingText();
  }

  /** The commands up to the parenthesis that closes what was opened just before. */
  List<Pipeline> nested() {
    if (!enter(SCRIPT)) {
      return List.of();
    }
    List<Pipeline> commands = list(End.PARENTHESIS);
    leave(SCRIPT);
    return commands;
  }

  /** Goes deeper; where that is too deep, nothing more of the text is read. */
  boolean enter(int levels) {
    if (level + levels > DEEPEST) {
      in.end();
      return bounds.exceed();
    }
    level += levels;
    return true;
  }

  void leave(int levels) {
    level -= levels;
  }

  private List<Pipeline> list(End end) {
    List<Pipeline> pipelines = new ArrayList<>();
    while (!ended(end)) {
      int before = in.position();
      List<Stage> stages = pipeline();
      if (!stages.isEmpty()) {
        pipelines.add(new Pipeline(stages));
      } else if (in.position() == before) {
        in.skip(1);
      }
    }
    return pipelines;
  }

  /** Passes what separates commands; whether it came to the end of the list, which is passed. */
  private boolean ended(End end) {
    while (true) {
      blanks();
      if (in.atEnd()) {
        return true;
      }
      char c = in.peek();
      if (end == End.CASE && in.looksAt(";;")) {
        in.takeWhile(";&");
        return true;
      } else if (c == '\n') {
        here.passLine();
      } else if (c == ')' && end == End.PARENTHESIS) {
        in.skip(1);
        return true;
      } else if (";&|)".indexOf(c) >= 0 && !in.looksAt("&>")) {
        in.skip(1);
      } else {
        String keyword = keyword();
        if (CLOSING.contains(keyword)) {
          in.skip(keyword.length());
          if (end == End.KEYWORD || (end == End.CASE && keyword.equals("esac"))) {
            return true;
          }
        } else if (PASSED.contains(keyword)) {
          in.skip(keyword.length());
        } else {
          return false;
        }
      }
    }
  }

  /** The unquoted word here, where it could be a keyword; else empty. */
  private String keyword() {
    int length = 0;
    while (length < 9 && isKeywordPart(in.peek(length))) {
      length++;
    }
    char behind = in.peek(length);
    boolean ends = behind == 0 || " \t\r\n;&|()".indexOf(behind) >= 0;
    return ends ? in.between(in.position(), in.position() + length) : "";
  }

  private static boolean isKeywordPart(char c) {
    return (c >= 'a' && c <= 'z') || "{}![".indexOf(c) >= 0;
  }

  private void blanks() {
    while (!in.atEnd()) {
      char c = in.peek();
      if (c == ' ' || c == '\t' || c == '\r') {
        in.skip(1);
      } else if (c == '\\' && in.peek(1) == '\n') {
        in.skip(2);
      } else if (c == '#') {
        in.skip(in.line(in.position()).length());
      } else {
        return;
      }
    }
  }

  private List<Stage> pipeline() {
    List<Stage> stages = new ArrayList<>();
    boolean more = true;
    while (more && !in.atEnd()) {
      Stage stage = stage(stages.isEmpty() ? null : stages.getLast());
      if (stage != null) {
        stages.add(stage);
      }
      blanks();
      more = stage != null && in.peek() == '|' && in.peek(1) != '|';
      if (more) {
        in.skip(in.peek(1) == '&' ? 2 : 1);
        blanks();
        while (in.peek() == '\n') {
          here.passLine();
          blanks();
        }
      }
    }
    return stages;
  }

  private @Nullable Stage stage(@Nullable Stage before) {
    if (in.peek() == '(') {
      if (in.peek(1) == '(' && in.arithmetic()) {
        return null;
      }
      in.skip(1);
      return group(End.PARENTHESIS, "", List.of());
    }
    String keyword = keyword();
    return switch (keyword) {
      case "{", "if", "while", "until" -> {
        in.skip(keyword.length());
        yield group(End.KEYWORD, "", List.of());
      }
      case "for", "select" -> {
        in.skip(keyword.length());
        yield loop();
      }
      case "case" -> {
        in.skip(keyword.length());
        yield choice();
      }
      case "function" -> {
        in.skip(keyword.length());
        blanks();
        Word _ = words.word();
        yield null;
      }
      case "[[" -> {
        in.skip(keyword.length());
        yield test();
      }
      default -> simple(before);
    };
  }

  private Group group(End end, String variable, List<Word> values) {
    if (!enter(1)) {
      return new Group(variable, values, List.of(), List.of());
    }
    List<Pipeline> body = list(end);
    leave(1);
    List<Redirection> redirections = new ArrayList<>();
    blanks();
    while (here.redirected(words, redirections)) {
      blanks();
    }
    return new Group(variable, values, body, redirections);
  }

  private Group loop() {
    blanks();
    if (in.peek() == '(' && in.arithmetic()) {
      return group(End.KEYWORD, "", List.of());
    }
    String variable = words.word().text();
    List<Word> values = new ArrayList<>();
    blanks();
    if (keyword().equals("in")) {
      in.skip(2);
      blanks();
      while (!in.atEnd() && "\n;&|<>()".indexOf(in.peek()) < 0 && bounds.word()) {
        values.add(words.word());
        blanks();
      }
    }
    return group(End.KEYWORD, variable, values);
  }

  private Group choice() {
    blanks();
    Word subject = words.word();
    if (!enter(1)) {
      return new Group("", List.of(), List.of(), List.of());
    }
    List<Pipeline> body = new ArrayList<>();
    boolean open = true;
    while (open && !in.atEnd()) {
      blanks();
      open = !keyword().equals("esac");
      if (!open) {
        in.skip(4);
      } else if (in.peek() == '\n') {
        here.passLine();
      } else {
        // A pattern; of the first also the word "in".
        String _ = in.until(')');
        body.addAll(list(End.CASE));
        open = !(in.looksAt("esac") || endedByKeyword());
      }
    }
    leave(1);
    return new Group("", List.of(subject), body, List.of());
  }

  /** Whether the list that was just read ended with its choice's own last word. */
  private boolean endedByKeyword() {
    int at = in.position();
    return at >= 4 && in.between(at - 4, at).equals("esac");
  }

  private Stage test() {
    List<Word> operands = new ArrayList<>();
    operands.add(Word.of("[["));
    blanks();
    while (!in.atEnd() && in.peek() != '\n' && !in.looksAt("]]") && bounds.word()) {
      if ("&|<>();".indexOf(in.peek()) >= 0) {
        in.skip(1);
      } else {
        operands.add(words.word());
      }
      blanks();
    }
    in.skip(in.looksAt("]]") ? 2 : 0);
    return new Command(List.of(), operands, 0, List.of(), List.of(), List.of());
  }

  private @Nullable Stage simple(@Nullable Stage before) {
    List<Assignment> assignments = new ArrayList<>();
    List<Word> given = new ArrayList<>();
    List<Redirection> redirections = new ArrayList<>();
    while (true) {
      blanks();
      char c = in.peek();
      if (in.atEnd() || "\n;|)".indexOf(c) >= 0 || (c == '&' && !in.looksAt("&>"))) {
        break;
      }
      if (c == '(') {
        in.skip(1);
        if (given.size() == 1 && in.peek() == ')') {
          in.skip(1);
          return null; // A function: its body follows as a group.
        }
      } else if (!here.redirected(words, redirections)) {
        if (!bounds.word()) {
          in.end();
          break;
        }
        add(words.word(), given, assignments);
      }
    }
    if (given.isEmpty() && assignments.isEmpty() && redirections.isEmpty()) {
      return null;
    }
    if (!bounds.command()) {
      in.end();
      return null;
    }
    return new Nesting(this).command(assignments, given, redirections, before);
  }

  private void add(Word word, List<Word> given, List<Assignment> assignments) {
    int equals = given.isEmpty() ? Assignments.equalsSign(word) : -1;
    if (equals < 0) {
      given.add(word);
      return;
    }
    String name = Assignments.name(word, equals);
    if (in.peek() == '(' && Assignments.isEmpty(word, equals)) {
      in.skip(1);
      assignments.add(new Assignment(name, elements()));
    } else {
      assignments.add(new Assignment(name, List.of(Assignments.value(word, equals))));
    }
  }

  private List<Word> elements() {
    List<Word> elements = new ArrayList<>();
    blanks();
    while (!in.atEnd() && in.peek() != ')' && bounds.word()) {
      int before = in.position();
      Word element = words.word();
      if (in.position() == before) {
        in.skip(1);
      } else {
        elements.add(element);
      }
      blanks();
    }
    in.skip(1);
    return elements;
  }
}
