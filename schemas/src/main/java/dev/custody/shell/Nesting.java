package dev.custody.shell;

import dev.custody.shell.Command.Assignment;
import dev.custody.shell.Nested.Way;
import dev.custody.shell.Script.Pipeline;
import dev.custody.shell.Script.Stage;
import dev.custody.shell.Wrappers.Wrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the program behind wrappers, and what a command has others run. */
final class Nesting {
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "mksh", "rbash");
  private static final Set<String> SPEAKING = Set.of("echo", "printf", "cat");
  private static final Map<String, Interpreter> INTERPRETERS =
      Map.of(
          "python", new Interpreter("python", "c"),
          "pypy", new Interpreter("python", "c"),
          "node", new Interpreter("javascript", "ep"),
          "nodejs", new Interpreter("javascript", "ep"),
          "bun", new Interpreter("javascript", "ep"),
          "perl", new Interpreter("perl", "eE"),
          "ruby", new Interpreter("ruby", "e"),
          "php", new Interpreter("php", "r"),
          "lua", new Interpreter("lua", "e"),
          "osascript", new Interpreter("applescript", "e"));

  /**
   * Of programs given in options.
   *
   * @param options letters of the options whose value is a program
   */
  private record Interpreter(String language, String options) {}

  private final Parser parser;

  Nesting(Parser parser) {
    this.parser = parser;
  }

  Command command(
      List<Assignment> assignments,
      List<Word> words,
      List<Redirection> redirections,
      @Nullable Stage before) {
    List<Assignment> set = new ArrayList<>(assignments);
    List<Nested> nested = new ArrayList<>();
    int program = behindWrappers(words, set, nested);
    List<InlineProgram> inline = new ArrayList<>();
    if (program < words.size()) {
      String name = words.get(program).baseName();
      List<Word> arguments = words.subList(program + 1, words.size());
      if (SHELLS.contains(name)) {
        shell(arguments, redirections, before, nested);
      } else {
        Interpreter interpreter = interpreter(name);
        if (interpreter != null) {
          interpreted(interpreter, arguments, redirections, before, inline);
        } else {
          runs(name, arguments, redirections, nested);
        }
      }
    }
    return new Command(set, words, program, redirections, nested, inline);
  }

  /** The index of the first word that is no wrapper and belongs to none. */
  private int behindWrappers(List<Word> words, List<Assignment> set, List<Nested> nested) {
    int at = 0;
    while (at < words.size()) {
      Wrapper wrapper = Wrappers.TABLE.get(words.get(at).baseName());
      int behind = wrapper == null ? at : wrapper.behind(words, at);
      if (wrapper == null || behind < 0) {
        return at;
      }
      for (int i = at + 1; i < behind; i++) {
        if (wrapper.isScript(words.get(i)) && i + 1 < words.size()) {
          nested.add(new Nested(Way.SHELL, "", script(words.subList(i + 1, i + 2))));
        }
      }
      while (wrapper.assigns()
          && behind < words.size()
          && Assignments.equalsSign(words.get(behind)) >= 0) {
        Word word = words.get(behind++);
        int sign = Assignments.equalsSign(word);
        set.add(
            new Assignment(Assignments.name(word, sign), List.of(Assignments.value(word, sign))));
      }
      if (behind >= words.size()) {
        // Nothing behind it: `env` prints, `sudo` asks. The wrapper is the program.
        return at;
      }
      at = behind;
    }
    return at;
  }

  private void shell(
      List<Word> arguments,
      List<Redirection> redirections,
      @Nullable Stage before,
      List<Nested> nested) {
    for (int i = 0; i < arguments.size(); i++) {
      String option = arguments.get(i).text();
      if (option.matches("-[a-zA-Z]*c[a-zA-Z]*") && i + 1 < arguments.size()) {
        nested.add(new Nested(Way.SHELL, "", script(arguments.subList(i + 1, i + 2))));
        return;
      }
      if (!option.startsWith("-") && !option.startsWith("+") && !option.equals("/dev/stdin")) {
        return; // A script's file.
      }
    }
    String input = input(redirections, before);
    if (!input.isEmpty()) {
      nested.add(new Nested(Way.SHELL, "", parser.parsed(input)));
    }
  }

  private static @Nullable Interpreter interpreter(String name) {
    int end = name.length();
    while (end > 0 && (Character.isDigit(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
      end--;
    }
    return INTERPRETERS.get(name.substring(0, end));
  }

  private static void interpreted(
      Interpreter interpreter,
      List<Word> arguments,
      List<Redirection> redirections,
      @Nullable Stage before,
      List<InlineProgram> inline) {
    boolean file = false;
    for (int i = 0; i < arguments.size() && !file; i++) {
      String option = arguments.get(i).text();
      if (option.equals("--eval") || option.equals("--print") || option.equals("eval")) {
        addText(interpreter, arguments, i + 1, inline);
      } else if (option.startsWith("--eval=") || option.startsWith("--print=")) {
        inline.add(
            new InlineProgram(interpreter.language, option.substring(option.indexOf('=') + 1)));
      } else if (option.length() > 1 && option.startsWith("-") && !option.startsWith("--")) {
        int letter = letter(option, interpreter.options);
        if (letter == option.length() - 1) {
          addText(interpreter, arguments, i + 1, inline);
          i++;
        } else if (letter > 0) {
          inline.add(new InlineProgram(interpreter.language, option.substring(letter + 1)));
        }
      } else {
        file = !option.equals("-") && !option.startsWith("--") && inline.isEmpty();
      }
    }
    String input = inline.isEmpty() && !file ? input(redirections, before) : "";
    if (!input.isEmpty()) {
      inline.add(new InlineProgram(interpreter.language, input));
    }
  }

  private static int letter(String option, String letters) {
    for (int i = 1; i < option.length(); i++) {
      if (letters.indexOf(option.charAt(i)) >= 0) {
        return i;
      }
      if (!Character.isLetter(option.charAt(i))) {
        return -1;
      }
    }
    return -1;
  }

  private static void addText(
      Interpreter interpreter, List<Word> arguments, int at, List<InlineProgram> inline) {
    if (at < arguments.size()) {
      inline.add(new InlineProgram(interpreter.language, arguments.get(at).text()));
    }
  }

  /** The text that a program reads, where it stands in the script; else empty. */
  private static String input(List<Redirection> redirections, @Nullable Stage before) {
    for (Redirection redirection : redirections) {
      if (redirection.isText()) {
        return redirection.target().text();
      }
    }
    if (before instanceof Command command && SPEAKING.contains(command.name())) {
      if (command.name().equals("cat")) {
        return command.arguments().isEmpty() ? input(command.redirections(), null) : "";
      }
      StringBuilder said = new StringBuilder();
      for (Word word : command.arguments()) {
        if (!word.text().startsWith("-") && !word.text().equals("%s\\n")) {
          said.append(said.isEmpty() ? "" : " ").append(word.text());
        }
      }
      return said.toString().replace("\\n", "\n");
    }
    return "";
  }

  private void runs(
      String name, List<Word> arguments, List<Redirection> redirections, List<Nested> nested) {
    switch (name) {
      case "eval", "alias", "trap", "watch" -> {
        List<Word> said = name.equals("trap") ? arguments.stream().limit(1).toList() : arguments;
        if (!said.isEmpty() && !(name.equals("eval") && onlySubstitutions(said))) {
          nested.add(new Nested(Way.SHELL, "", script(name.equals("alias") ? values(said) : said)));
        }
      }
      case "xargs", "parallel" -> {
        int command = Wrappers.behindOptions("xargs", arguments);
        if (command >= 0 && command < arguments.size()) {
          List<Word> rest = arguments.subList(command, arguments.size());
          nested.add(new Nested(Way.ARGUMENTS, "", single(rest)));
        }
      }
      case "find", "fd", "fdfind" -> found(arguments, nested);
      case "ssh" -> remote(arguments, redirections, nested);
      default -> contained(name, arguments, nested);
    }
  }

  private static boolean onlySubstitutions(List<Word> words) {
    return words.stream()
        .allMatch(w -> w.parts().stream().allMatch(p -> p.text().isEmpty() || isScript(p)));
  }

  private static boolean isScript(Word.Part part) {
    return part instanceof Word.Part.Substitution;
  }

  private static List<Word> values(List<Word> definitions) {
    List<Word> values = new ArrayList<>();
    for (Word definition : definitions) {
      String text = definition.text();
      values.add(Word.of(text.substring(text.indexOf('=') + 1) + "\n"));
    }
    return values;
  }

  private void found(List<Word> arguments, List<Nested> nested) {
    for (int i = 0; i < arguments.size(); i++) {
      if (Set.of("-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec", "--exec-batch")
          .contains(arguments.get(i).text())) {
        int end = i + 1;
        while (end < arguments.size()
            && !arguments.get(end).text().equals(";")
            && !arguments.get(end).text().equals("+")) {
          end++;
        }
        nested.add(new Nested(Way.FILES, "", single(arguments.subList(i + 1, end))));
        i = end;
      }
    }
  }

  private void remote(List<Word> arguments, List<Redirection> redirections, List<Nested> nested) {
    int host = Wrappers.behindOptions("ssh", arguments);
    if (host < 0 || host >= arguments.size()) {
      return;
    }
    List<Word> command = arguments.subList(host + 1, arguments.size());
    List<Pipeline> run =
        command.isEmpty() ? parser.parsed(input(redirections, null)) : script(command);
    if (!run.isEmpty()) {
      nested.add(new Nested(Way.REMOTE, arguments.get(host).text(), run));
    }
  }

  /** {@code docker exec NAME command}, {@code kubectl exec NAME -- command}. */
  private void contained(String name, List<Word> arguments, List<Nested> nested) {
    for (Wrappers.Container container : Wrappers.CONTAINERS) {
      int behind = container.behind(name, arguments);
      if (behind > 0 && behind < arguments.size()) {
        String place = arguments.get(container.place(behind, arguments)).text();
        nested.add(
            new Nested(Way.REMOTE, place, single(arguments.subList(behind, arguments.size()))));
        return;
      }
    }
  }

  private List<Pipeline> single(List<Word> words) {
    if (words.isEmpty() || !parser.enter(8)) {
      return List.of();
    }
    Command command = command(List.of(), words, List.of(), null);
    parser.leave(8);
    return List.of(new Pipeline(List.of(command)));
  }

  /** The words as one text, read by a shell; their substitutions were read where they stand. */
  private List<Pipeline> script(List<Word> words) {
    StringBuilder text = new StringBuilder();
    for (Word word : words) {
      text.append(text.isEmpty() ? "" : " ");
      for (Word.Part part : word.parts()) {
        text.append(isScript(part) ? "" : part.text());
      }
    }
    return parser.parsed(text.toString());
  }
}
