package dev.custody.act;

import dev.custody.act.ProgramRules.Reading;
import java.util.List;
import java.util.Set;

/** What is done to files. */
final class FileActs {
  private static final Set<String> STREAMS =
      Set.of("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/stdin", "-", "");
  private static final Set<String> SEARCHES = Set.of("grep", "egrep", "fgrep", "zgrep", "rg");
  private static final Set<String> NAMES_ONLY =
      Set.of("-q", "--quiet", "--silent", "-c", "--count", "-l", "-L", "--files-with-matches");
  private static final Set<String> RECURSIVE = Set.of("-r", "-R", "--recursive");
  private static final Set<String> OUTPUT = Set.of("-t", "--target-directory");

  private final Found found;
  private final Scope scope;
  private final NetworkActs network;

  FileActs(Found found, Scope scope, NetworkActs network) {
    this.found = found;
    this.scope = scope;
    this.network = network;
  }

  /** What of {@code arguments} the program reads; the taint of it. */
  int reads(String program, ProgramRules rules, Arguments arguments, boolean archives) {
    int taint = 0;
    if (!(SEARCHES.contains(program) && arguments.has(NAMES_ONLY, null))) {
      for (Reading reading : rules.reads) {
        taint |= operands(program, reading, arguments, archives);
      }
    }
    for (Value value : arguments.values(rules.readOptions)) {
      taint |= read(value);
    }
    for (Value value : arguments.values(rules.markedReadOptions)) {
      for (String text : value.texts()) {
        int mark = text.indexOf('@');
        // "@file", "name@file" and "name=@file"; in a URL or an address it is no mark.
        if (mark == 0 || (mark > 0 && text.charAt(mark - 1) == '=')) {
          taint |= read(Value.of(text.substring(mark + 1).split(";", 2)[0]));
        }
      }
    }
    return taint;
  }

  private int operands(String program, Reading reading, Arguments arguments, boolean archives) {
    List<Value> operands = arguments.operands();
    int at = 0;
    for (String verb : reading.verbs()) {
      if (at >= operands.size() || !operands.get(at++).text().equals(verb)) {
        return 0;
      }
    }
    if (!reading.only().isEmpty() && !arguments.has(reading.only(), null)) {
      return 0;
    }
    if (program.equals("tar") && !archives) {
      return 0;
    }
    at += reading.unless().isEmpty() || !arguments.has(reading.unless(), null) ? reading.skip() : 0;
    int taint = 0;
    for (int i = at; i < operands.size(); i++) {
      Value operand = operands.get(i);
      taint |= program.equals("git") ? readInRevision(operand) : read(operand);
    }
    return taint;
  }

  /** {@code HEAD:path} is the file too. */
  private int readInRevision(Value operand) {
    String text = operand.text();
    int colon = text.indexOf(':');
    return read(colon < 0 ? operand : Value.of(text.substring(colon + 1)));
  }

  int read(Value named) {
    int taint = named.taint() & ~Taint.FETCHED;
    for (String text : named.texts()) {
      taint |= read(text);
    }
    return taint;
  }

  private int read(String named) {
    if (STREAMS.contains(named) || named.equals("$()")) {
      return 0;
    }
    String path = scope.path(named);
    found.file(path);
    int taint = scope.taint(path);
    ActName name =
        switch (Files.kind(path)) {
          case SECRET -> ActName.READS_SECRET_FILE;
          case TOKEN_STORE -> ActName.READS_TOKEN_STORE;
          case ENVIRONMENT -> ActName.PRINTS_ENVIRONMENT;
          default -> null;
        };
    if (name == null) {
      return taint;
    }
    found.act(name, path);
    return taint | Taint.SECRET;
  }

  /** A program that is given the variables of a file. */
  void loads(ProgramRules rules, Arguments arguments) {
    for (Value value : arguments.values(rules.loadOptions)) {
      value.texts().forEach(this::load);
    }
    if (rules.loadsOperands) {
      arguments.operands().stream().limit(1).flatMap(v -> v.texts().stream()).forEach(this::load);
    }
  }

  private void load(String named) {
    String path = scope.path(named);
    found.file(path);
    if (Files.kind(path) == Files.Kind.SECRET) {
      found.act(ActName.LOADS_SECRET_FILE, path);
    }
  }

  /** Files that are read, and one that is written, perhaps on another machine. */
  int copies(ProgramRules rules, Arguments arguments) {
    List<Value> operands = arguments.operands();
    boolean hasTarget = arguments.has(OUTPUT, null);
    int sources = hasTarget ? operands.size() : operands.size() - 1;
    int taint = 0;
    for (int i = 0; i < sources; i++) {
      Value source = operands.get(i);
      boolean there = rules.remote && network.isRemote(source.text());
      if (there) {
        network.remote(source.text(), 0, false);
      } else {
        taint |= read(source);
      }
    }
    if (!operands.isEmpty() && !hasTarget) {
      Value last = operands.getLast();
      if (rules.remote && network.isRemote(last.text())) {
        network.remote(last.text(), taint, sources > 0);
      } else if (sources > 0) {
        write(last, taint);
      }
    }
    return 0;
  }

  /** What of {@code arguments} the program writes or removes. */
  void writes(ProgramRules rules, Arguments arguments, int taint) {
    Reading writes = rules.writes;
    if (writes != null && (writes.only().isEmpty() || arguments.has(writes.only(), null))) {
      arguments.operands().stream().skip(skip(writes, arguments)).forEach(v -> write(v, taint));
    }
    arguments.values(rules.writeOptions).forEach(v -> write(v, taint));
    if (rules.removes) {
      arguments.operands().forEach(v -> v.texts().forEach(this::changed));
    }
  }

  private static int skip(Reading writes, Arguments arguments) {
    return arguments.has(Set.of("-e", "-f", "--expression", "--file"), null) ? 0 : writes.skip();
  }

  void write(Value named, int taint) {
    for (String text : named.texts()) {
      if (text.startsWith("/dev/tcp/") || text.startsWith("/dev/udp/")) {
        String[] parts = text.split("/", -1);
        network.connect(parts.length > 3 ? parts[3] : "", taint, true);
      } else if (!STREAMS.contains(text)) {
        String path = scope.path(text);
        found.act(ActName.WRITES_FILE, path);
        scope.written(path, taint);
        changed(text);
      }
    }
  }

  private void changed(String named) {
    String path = scope.path(named);
    found.written(path);
    switch (Files.kind(path)) {
      case AGENT_SETTINGS -> found.act(ActName.EDITS_AGENT_SETTINGS, path);
      case GIT_HOOK -> found.act(ActName.EDITS_GIT_HOOKS, path);
      case LOGIN -> found.act(ActName.MINTS_CREDENTIAL, path);
      default -> {}
    }
  }

  /** {@code rm} of more than single files. */
  void removed(Arguments arguments) {
    boolean recursive = arguments.has(RECURSIVE, null);
    for (Value operand : arguments.operands()) {
      for (String text : operand.texts()) {
        if ((recursive || text.indexOf('*') >= 0) && !Files.isHarmless(text)) {
          found.act(ActName.DESTROYS, scope.path(text));
        }
      }
    }
  }

  /** {@code dd}: its operands are {@code name=value}. */
  int dd(Arguments arguments) {
    int taint = 0;
    for (Value operand : arguments.operands()) {
      String text = operand.text();
      if (text.startsWith("if=")) {
        taint |= read(Value.of(text.substring(3)));
      } else if (text.startsWith("of=/dev/") && !STREAMS.contains(text.substring(3))) {
        found.act(ActName.DESTROYS, text.substring(3));
      } else if (text.startsWith("of=")) {
        write(Value.of(text.substring(3)), taint);
      }
    }
    return taint;
  }
}
