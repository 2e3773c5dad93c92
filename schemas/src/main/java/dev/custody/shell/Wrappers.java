package dev.custody.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The programs that only start another one: {@code wrappers.txt}. */
final class Wrappers {
  /** By name. */
  static final Map<String, Wrapper> TABLE;

  private static final Map<String, Wrapper> BEGINNINGS;

  /** Programs that start another one in a container. */
  static final List<Container> CONTAINERS;

  static {
    Map<String, Wrapper> table = new HashMap<>();
    Map<String, Wrapper> beginnings = new HashMap<>();
    List<Container> containers = new ArrayList<>();
    for (String line : lines()) {
      String[] fields = line.split("\\s+");
      if (fields[0].equals("in")) {
        containers.add(new Container(fields[1], fields[2], wrapper(fields, 3)));
      } else if (fields[0].equals("begins")) {
        beginnings.put(fields[1], wrapper(fields, 2));
      } else {
        table.put(fields[0], wrapper(fields, 1));
      }
    }
    BEGINNINGS = Map.copyOf(beginnings);
    TABLE = Map.copyOf(table);
    CONTAINERS = List.copyOf(containers);
  }

  private Wrappers() {}

  /** The index behind the options of {@code program} in what it is given; -1 if unknown. */
  static int behindOptions(String program, List<Word> arguments) {
    Wrapper beginning = BEGINNINGS.get(program);
    return beginning == null ? -1 : beginning.behind(arguments, -1);
  }

  private static List<String> lines() {
    try (InputStream in = Wrappers.class.getResourceAsStream("wrappers.txt")) {
      if (in == null) {
        throw new IllegalStateException("wrappers.txt is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(l -> !l.isEmpty() && !l.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Wrapper wrapper(String[] fields, int from) {
    Set<String> values = new HashSet<>();
    String verb = "";
    String script = "";
    int positionals = 0;
    boolean assigns = false;
    boolean needsDashes = false;
    for (int i = from; i < fields.length; i++) {
      String field = fields[i];
      if (field.startsWith("values=")) {
        values.addAll(List.of(field.substring(7).split(",")));
      } else if (field.startsWith("skip=")) {
        positionals = Integer.parseInt(field.substring(5));
      } else if (field.startsWith("verb=")) {
        verb = field.substring(5);
      } else if (field.startsWith("script=")) {
        script = field.substring(7);
        values.add(script);
      } else if (field.equals("assigns")) {
        assigns = true;
      } else if (field.equals("dashes")) {
        needsDashes = true;
      } else {
        throw new IllegalStateException("wrappers.txt: cannot read " + field);
      }
    }
    return new Wrapper(Set.copyOf(values), verb, positionals, script, assigns, needsDashes);
  }

  /**
   * One of them.
   *
   * @param values options that have a value behind them
   * @param verb the word that has to follow for it to be a wrapper; empty when none has
   * @param positionals words of its own before the program
   * @param script the option whose value is a script; empty when there is none
   * @param assigns whether variables are set before the program
   * @param needsDashes whether the program stands behind {@code --}
   */
  record Wrapper(
      Set<String> values,
      String verb,
      int positionals,
      String script,
      boolean assigns,
      boolean needsDashes) {
    /** The index of the program in {@code words}, where this stands at {@code at}; -1 if none. */
    int behind(List<Word> words, int at) {
      int i = at + 1;
      if (!verb.isEmpty()) {
        if (i >= words.size() || !words.get(i).text().equals(verb)) {
          return -1;
        }
        i++;
      }
      return behindOptions(words, i);
    }

    private int behindOptions(List<Word> words, int from) {
      int left = positionals;
      boolean dashes = false;
      int i = from;
      while (i < words.size()) {
        String word = words.get(i).text();
        if (word.equals("--")) {
          dashes = true;
          i++;
          if (left == 0 || needsDashes) {
            break;
          }
        } else if (word.startsWith("-") && word.length() > 1 && !dashes) {
          i += values.contains(word) ? 2 : 1;
        } else if (left > 0 || needsDashes) {
          left--;
          i++;
        } else {
          break;
        }
      }
      return needsDashes && !dashes ? -1 : Math.min(i, words.size());
    }

    boolean isScript(Word word) {
      return !script.isEmpty() && word.text().equals(script);
    }
  }

  /**
   * A program that starts another in a container.
   *
   * @param name the program
   * @param verb its command, for example {@code exec}
   * @param rest what stands behind the verb
   */
  record Container(String name, String verb, Wrapper rest) {
    /** The index of the inner program in {@code arguments}; -1 if this is none such call. */
    int behind(String program, List<Word> arguments) {
      if (!program.equals(name)) {
        return -1;
      }
      for (int i = 0; i < arguments.size() && i < 6; i++) {
        if (arguments.get(i).text().equals(verb)) {
          return rest.behind(arguments, i);
        }
      }
      return -1;
    }

    /** The index of the container's name. */
    int place(int behind, List<Word> arguments) {
      int before = behind - 1;
      return Math.max(0, arguments.get(before).text().equals("--") ? before - 1 : before);
    }
  }
}
