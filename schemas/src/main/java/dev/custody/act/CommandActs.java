package dev.custody.act;

import dev.custody.shell.Command;
import dev.custody.shell.InlineProgram;
import dev.custody.shell.Nested;
import dev.custody.shell.Redirection;
import dev.custody.shell.Script;
import dev.custody.shell.Script.Group;
import dev.custody.shell.Script.Pipeline;
import dev.custody.shell.Script.Stage;
import dev.custody.shell.Shell;
import dev.custody.shell.Word;
import dev.custody.shell.Word.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Walks a script in the order in which it runs, and tells what its commands do. */
final class CommandActs {
  private static final int DEEPEST_DECODED = 2;
  private static final Set<String> SAYING = Set.of("echo", "printf", "print");
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "eval", "source", ".");
  private static final Set<String> SILENT =
      Set.of(
          "wc",
          "test",
          "[",
          "[[",
          "true",
          "false",
          ":",
          "sha256sum",
          "sha1sum",
          "md5sum",
          "shasum",
          "cksum",
          "stat",
          "touch",
          "chmod",
          "chown",
          "mkdir");
  private static final Set<String> READING = Set.of("read", "mapfile", "readarray");
  private static final Set<String> PASSING =
      Set.of("grep", "head", "tail", "sort", "uniq", "tee", "cat", "sed");
  private static final Set<String> LISTING = Set.of("ls", "fd", "fdfind", "find", "git", "locate");
  private static final Set<String> DATABASES =
      Set.of("psql", "mysql", "mariadb", "sqlite3", "sqlcmd", "clickhouse-client", "bq");
  private static final Pattern DROPPED =
      Pattern.compile(
          "(?i)\\b(drop\\s+(table|database|schema|user)|truncate\\s+(table\\s+)?\\w"
              + "|delete\\s+from\\s+[\\w.\"`]+\\s*(;|$))");

  private final Found found;
  private final Scope scope = new Scope();
  private final NetworkActs network;
  private final FileActs files;
  private int decoded;

  CommandActs(Found found) {
    this.found = found;
    this.network = new NetworkActs(found);
    this.files = new FileActs(found, scope, network);
  }

  void script(Script script) {
    if (script.partlyRead()) {
      found.partlyRead();
    }
    Flow _ = pipelines(script.pipelines(), Flow.NOTHING);
  }

  private Flow pipelines(List<Pipeline> pipelines, Flow in) {
    int taint = 0;
    List<String> texts = List.of();
    for (Pipeline pipeline : pipelines) {
      Flow out = in;
      for (Stage stage : pipeline.stages()) {
        out =
            switch (stage) {
              case Group group -> group(group, out);
              case Command command -> command(command, out, List.of());
            };
      }
      taint |= out.taint();
      texts = out.texts();
    }
    return new Flow(taint, texts);
  }

  private Flow group(Group group, Flow in) {
    if (!group.variable().isEmpty()) {
      List<String> texts = new ArrayList<>();
      int taint = 0;
      for (Word word : group.values()) {
        Value value = value(word);
        texts.addAll(value.texts());
        taint |= value.taint();
      }
      if (!texts.isEmpty()) {
        scope.set(group.variable(), new Value(texts, taint));
      }
    } else {
      group.values().forEach(this::value);
    }
    Flow out = pipelines(group.body(), in.with(inputs(group.redirections())));
    outputs(group.redirections(), out.taint());
    return out;
  }

  /** What a word may be; what is substituted in it runs first. */
  private Value value(Word word) {
    int taint = 0;
    boolean single = word.parts().size() == 1;
    List<String> texts = List.of();
    for (Part.Substitution substitution : word.substitutions()) {
      Flow flow = pipelines(substitution.pipelines(), Flow.NOTHING);
      taint |= flow.taint();
      texts = flow.texts();
    }
    boolean whole = single && word.parts().getFirst() instanceof Part.Substitution s && !s.file();
    return whole && !texts.isEmpty() ? new Value(texts, taint) : scope.value(word, taint);
  }

  /** The taint of the files and texts that input is redirected from. */
  private int inputs(List<Redirection> redirections) {
    int taint = 0;
    for (Redirection redirection : redirections) {
      if (redirection.kind() == Redirection.Kind.READ) {
        taint |= files.read(value(redirection.target()));
      } else if (redirection.isText()) {
        taint |= value(redirection.target()).taint();
      }
    }
    return taint;
  }

  private void outputs(List<Redirection> redirections, int taint) {
    for (Redirection redirection : redirections) {
      if (redirection.writes()) {
        files.write(value(redirection.target()), redirection.descriptor() == 2 ? 0 : taint);
      }
    }
  }

  private Flow command(Command command, Flow in, List<Value> extra) {
    for (Command.Assignment assignment : command.assignments()) {
      assign(assignment);
    }
    int redirected = inputs(command.redirections());
    List<Value> words = new ArrayList<>();
    command.words().forEach(w -> words.add(value(w)));
    Flow given = in.with(redirected);
    Flow out = given;
    if (command.program() < words.size()) {
      String path = words.get(command.program()).text();
      String program = path.substring(path.lastIndexOf('/') + 1);
      List<Value> arguments = new ArrayList<>(words.subList(command.program() + 1, words.size()));
      arguments.addAll(extra);
      found.program(program);
      out = program(program, command, arguments, given);
    }
    outputs(command.redirections(), out.taint());
    return out;
  }

  private void assign(Command.Assignment assignment) {
    List<String> texts = new ArrayList<>();
    int taint = 0;
    for (Word word : assignment.values()) {
      Value value = value(word);
      texts.addAll(value.texts());
      taint |= value.taint();
    }
    if (!texts.isEmpty()) {
      scope.set(assignment.name(), new Value(texts, taint));
    }
    if (assignment.name().equals("HUSKY") && texts.equals(List.of("0"))) {
      found.act(ActName.SKIPS_GIT_HOOKS, "HUSKY=0");
    }
  }

  private Flow program(String program, Command command, List<Value> given, Flow in) {
    ProgramRules rules = ProgramRules.of(program);
    Arguments arguments = Arguments.of(given, rules.valued);
    int taint = given.stream().mapToInt(Value::taint).reduce(0, (a, b) -> a | b);
    int own = said(program, command) | named(program, rules, arguments);
    boolean archives = (own & Taint.ENCODED) != 0;
    own |=
        rules.copies
            ? files.copies(rules, arguments)
            : files.reads(program, rules, arguments, archives);
    own |= special(program, given, arguments, in);
    files.loads(rules, arguments);
    files.writes(rules, arguments, in.taint() | taint | own);
    if (network.reaches(program, rules, arguments, taint | own | mentioned(given), in.taint())) {
      own |= Taint.FETCHED;
    }
    if (((taint | in.taint()) & (Taint.FETCHED | Taint.DECODED)) != 0) {
      boolean shell = SHELLS.contains(program) || !command.inline().isEmpty();
      runs(shell || interprets(program, arguments), program, taint, in);
    }
    for (InlineProgram inline : command.inline()) {
      own |= new ProgramActs(found, files, network, this::inner).program(inline, taint, in.taint());
    }
    for (Nested nested : command.nested()) {
      own |= nested(nested, arguments, in).taint();
    }
    return output(program, arguments, in, taint | own);
  }

  private Flow output(String program, Arguments arguments, Flow in, int taint) {
    if (SILENT.contains(program)) {
      return Flow.NOTHING;
    }
    List<String> texts = PASSING.contains(program) ? in.texts() : List.of();
    if (SAYING.contains(program) || LISTING.contains(program)) {
      List<String> names = new ArrayList<>();
      arguments.values(NAME_OPTIONS).forEach(v -> names.addAll(v.texts()));
      if (names.isEmpty()) {
        arguments.operands().stream()
            .filter(o -> !o.text().equals("ls-files"))
            .forEach(o -> names.addAll(o.texts()));
      }
      texts = names;
    } else if (ProgramRules.of(program) == ProgramRules.of("base64") && in.texts().size() == 1) {
      String plain = (taint & Taint.DECODED) != 0 ? decoded(in.texts().getFirst()) : "";
      texts = plain.isEmpty() ? List.of() : List.of(plain);
    }
    return new Flow(in.taint() | taint, texts.size() > Value.MOST ? List.of() : texts);
  }

  private static final Set<String> NAME_OPTIONS = Set.of("-name", "-iname", "-path", "-wholename");

  private static String decoded(String text) {
    try {
      return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** The acts that the table names; the taint of their output. */
  private int named(String program, ProgramRules rules, Arguments arguments) {
    int taint = 0;
    for (ActRule rule : rules.acts) {
      String target = rule.fit(program, arguments);
      if (target != null) {
        found.act(rule.name(), target);
        taint |= Taint.of(rule.name());
      }
    }
    return taint;
  }

  /** A variable whose name is that of a secret, printed. */
  private int said(String program, Command command) {
    int taint = 0;
    boolean printenv = program.equals("printenv");
    if (printenv || SAYING.contains(program)) {
      for (Word word : command.arguments()) {
        if (printenv) {
          taint |= said(word.text(), false);
        } else {
          for (Part part : word.parts()) {
            taint |= part instanceof Part.Variable v ? said(v.name(), isTested(v)) : 0;
          }
        }
      }
    }
    return taint;
  }

  // ${#X} is a length, ${X:+y} tells whether there is a value: neither shows it.
  private static boolean isTested(Part.Variable variable) {
    return variable.operator().startsWith("!")
        || variable.operator().equals(":+")
        || variable.operator().equals("+");
  }

  private int said(String variable, boolean tested) {
    if (tested || scope.variable(variable) != null || !Scope.isSecretName(variable)) {
      return 0;
    }
    found.act(ActName.PRINTS_SECRET_VARIABLE, variable);
    return Taint.SECRET;
  }

  /** What a table does not say well. */
  private int special(String program, List<Value> given, Arguments arguments, Flow in) {
    switch (program) {
      case "cd", "pushd" -> {
        if (!arguments.operands().isEmpty()) {
          scope.enter(arguments.operands().getFirst().text());
        }
      }
      case "rm" -> files.removed(arguments);
      case "dd" -> {
        return files.dd(arguments);
      }
      case "tar" -> {
        return dashless(arguments);
      }
      case "zip", "7z", "7za" -> {
        int archive = program.equals("zip") ? 0 : 1;
        if (arguments.operands().size() > archive + 1) {
          files.write(arguments.operands().get(archive), Taint.ENCODED);
        }
      }
      case "awk", "gawk", "mawk", "jq" -> {
        boolean whole =
            given.stream()
                .anyMatch(v -> v.text().contains("ENVIRON") || v.text().matches("(\\$ENV|env)"));
        if (whole) {
          found.act(ActName.PRINTS_ENVIRONMENT, program);
          return Taint.SECRET;
        }
      }
      default -> {
        if (READING.contains(program)) {
          arguments
              .operands()
              .forEach(o -> scope.set(o.text(), new Value(List.of("$()"), in.taint())));
        } else if (DATABASES.contains(program)) {
          given.stream()
              .map(Value::text)
              .filter(t -> DROPPED.matcher(t).find())
              .forEach(t -> found.act(ActName.DESTROYS, t));
        }
      }
    }
    return 0;
  }

  /** {@code tar czf archive files}. */
  private int dashless(Arguments arguments) {
    List<Value> operands = arguments.operands();
    if (operands.isEmpty()
        || !operands.getFirst().text().matches("c[A-Za-z]*|[A-Za-z]+c[A-Za-z]*")) {
      return 0;
    }
    boolean file = operands.getFirst().text().contains("f");
    int taint = Taint.ENCODED;
    for (int i = file ? 2 : 1; i < operands.size(); i++) {
      taint |= files.read(operands.get(i));
    }
    if (file && operands.size() > 1) {
      files.write(operands.get(1), taint);
    }
    return taint;
  }

  /** The taint of files that were written before and are named now. */
  private int mentioned(List<Value> given) {
    int taint = 0;
    for (Value value : given) {
      for (String text : value.texts()) {
        String name = text.substring(text.lastIndexOf('@') + 1);
        taint |= scope.taint(scope.path(name));
      }
    }
    return taint;
  }

  private static boolean interprets(String program, Arguments arguments) {
    return program.matches("python[0-9.]*|node|perl|ruby|php|deno|bun")
        && arguments.operands().stream().allMatch(o -> o.text().equals("-"));
  }

  private void runs(boolean runs, String program, int taint, Flow in) {
    int code = runs ? taint | in.taint() : 0;
    if ((code & Taint.FETCHED) != 0) {
      found.act(ActName.RUNS_FETCHED, program);
    }
    if ((code & Taint.DECODED) != 0) {
      found.act(ActName.RUNS_DECODED, program);
      for (String text : in.texts()) {
        inner(text);
      }
    }
  }

  /** Commands that the command line does not show as such. */
  private void inner(String text) {
    if (decoded < DEEPEST_DECODED) {
      decoded++;
      script(Shell.parse(text));
      decoded--;
    }
  }

  private Flow nested(Nested nested, Arguments arguments, Flow in) {
    List<Value> extra = List.of();
    switch (nested.way()) {
      case REMOTE -> found.act(ActName.RUNS_REMOTELY, nested.host());
      case ARGUMENTS -> extra = List.of(new Value(orUnknown(in.texts()), in.taint()));
      case FILES -> {
        List<String> names = new ArrayList<>();
        arguments.values(NAME_OPTIONS).forEach(v -> names.addAll(v.texts()));
        extra = List.of(new Value(orUnknown(names), 0));
      }
      case SHELL -> {}
    }
    if (extra.isEmpty()) {
      return pipelines(nested.pipelines(), in);
    }
    Flow out = Flow.NOTHING;
    for (Pipeline pipeline : nested.pipelines()) {
      for (Stage stage : pipeline.stages()) {
        if (stage instanceof Command command) {
          out = command(command, new Flow(in.taint(), List.of()), extra);
        }
      }
    }
    return out;
  }

  private static List<String> orUnknown(List<String> texts) {
    return texts.isEmpty() ? List.of("$()") : texts;
  }
}
