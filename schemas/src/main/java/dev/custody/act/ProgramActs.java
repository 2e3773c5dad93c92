package dev.custody.act;

import dev.custody.shell.InlineProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a program that stands in a command line does, by the calls in it ({@code calls.txt}) and the
 * texts in its quotes. It is searched, not parsed: a path and a call that reads count as a read.
 */
final class ProgramActs {
  private static final int LONGEST = 16 << 10;
  private static final int MOST_TEXTS = 64;
  private static final Map<String, List<Call>> CALLS = new HashMap<>();

  /** Ends of names of files that end no name of a host: no such top-level domain is delegated. */
  private static final Set<String> FILES =
      Set.of(
          "cfg", "conf", "crt", "csv", "db", "env", "html", "ini", "java", "js", "json", "key",
          "lock", "log", "pdf", "pem", "sqlite", "sqlite3", "toml", "ts", "txt", "xml", "yaml",
          "yml");

  static {
    for (String[] row : Table.rows("calls.txt")) {
      Kind kind = Kind.valueOf(row[1].toUpperCase(Locale.ROOT));
      CALLS.computeIfAbsent(row[0], l -> new ArrayList<>()).add(new Call(kind, text(row)));
    }
  }

  private static String text(String[] row) {
    return String.join(" ", Arrays.asList(row).subList(2, row.length));
  }

  private enum Kind {
    READ,
    WRITE,
    REMOVE,
    EGRESS,
    SEND,
    ENVIRONMENT,
    VARIABLE,
    ENCODE,
    DNS,
    RUN
  }

  private record Call(Kind kind, String text) {}

  private final Found found;
  private final FileActs files;
  private final NetworkActs network;
  private final Consumer<String> shell;

  ProgramActs(Found found, FileActs files, NetworkActs network, Consumer<String> shell) {
    this.found = found;
    this.files = files;
    this.network = network;
    this.shell = shell;
  }

  /** What it does; the taint of its output. */
  int program(InlineProgram program, int arguments, int input) {
    String whole = program.source();
    if (whole.length() > LONGEST) {
      found.partlyRead();
    }
    String source = whole.length() > LONGEST ? whole.substring(0, LONGEST) : whole;
    List<String> texts = texts(source);
    Set<Kind> does = EnumSet.noneOf(Kind.class);
    for (String language : List.of(program.language(), "any")) {
      for (Call call : CALLS.getOrDefault(language, List.of())) {
        int at = source.indexOf(call.text);
        if (at >= 0) {
          does.add(call.kind);
          called(call, source, at);
        }
      }
    }
    int taint = does.contains(Kind.ENCODE) ? encoded(program) : 0;
    taint |= environment(does, program, source);
    if (does.contains(Kind.READ)) {
      taint |=
          texts.stream()
              .filter(ProgramActs::isPath)
              .mapToInt(t -> files.read(Value.of(t)))
              .reduce(0, (a, b) -> a | b);
    }
    if (does.contains(Kind.WRITE) || does.contains(Kind.REMOVE)) {
      int written = taint;
      texts.stream().filter(ProgramActs::isPath).forEach(t -> files.write(Value.of(t), written));
    }
    reached(does, texts, taint | arguments | input);
    return taint;
  }

  private int encoded(InlineProgram program) {
    found.act(ActName.ENCODES, program.language());
    return Taint.ENCODED;
  }

  private int environment(Set<Kind> does, InlineProgram program, String source) {
    int taint = 0;
    if (does.contains(Kind.ENVIRONMENT)) {
      found.act(ActName.PRINTS_ENVIRONMENT, program.language());
      taint = Taint.SECRET;
    }
    if (does.contains(Kind.VARIABLE)) {
      for (String name : source.split("[^A-Za-z0-9_]+")) {
        if (name.length() > 3
            && name.equals(name.toUpperCase(Locale.ROOT))
            && Scope.isSecretName(name)) {
          found.act(ActName.PRINTS_SECRET_VARIABLE, name);
          taint = Taint.SECRET;
        }
      }
    }
    return taint;
  }

  private void reached(Set<Kind> does, List<String> texts, int taint) {
    boolean sends = does.contains(Kind.SEND);
    for (String text : texts) {
      boolean url = text.startsWith("http://") || text.startsWith("https://");
      boolean name = isHostName(text);
      if (does.contains(Kind.DNS) && !url && (name || text.startsWith("."))) {
        found.act(ActName.DNS_QUERY, text);
        if ((taint & Taint.SECRET) != 0) {
          found.act(ActName.SECRET_TO_EGRESS, text);
        }
      } else if ((does.contains(Kind.EGRESS) || sends) && (url || name)) {
        boolean _ = network.connect(url ? Hosts.ofUrl(text) : text, taint, sends);
      }
    }
  }

  /** A call that starts another program is given it in quotes: as one text, or in a list. */
  private void called(Call call, String source, int at) {
    if (call.kind == Kind.RUN) {
      int from = at + call.text.length();
      int end = source.indexOf(')', from);
      List<String> words = texts(source.substring(from, end < 0 ? source.length() : end));
      shell.accept(String.join(" ", words));
    }
  }

  private static boolean isPath(String text) {
    return !text.isEmpty()
        && text.length() <= 1024
        && text.indexOf(' ') < 0
        && text.indexOf('\n') < 0
        && !text.contains("://")
        && (text.indexOf('/') >= 0 || text.indexOf('.') >= 0 || text.startsWith("id_"));
  }

  private static boolean isHostName(String text) {
    return text.indexOf('.') > 0
        && !FILES.contains(text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
        && text.length() < 254
        && text.chars().allMatch(c -> c == '.' || c == '-' || Character.isLetterOrDigit(c))
        && !Hosts.ofUrl(text).isEmpty()
        && !text.endsWith(".");
  }

  /** What stands in quotes. */
  private static List<String> texts(String source) {
    List<String> texts = new ArrayList<>();
    int at = 0;
    while (at < source.length() && texts.size() < MOST_TEXTS) {
      char c = source.charAt(at);
      if (c == '"' || c == '\'' || c == '`') {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != c) {
          end += source.charAt(end) == '\\' ? 2 : 1;
        }
        texts.add(source.substring(at + 1, Math.min(end, source.length())));
        at = end + 1;
      } else {
        at++;
      }
    }
    return texts;
  }
}
