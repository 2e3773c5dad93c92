package dev.custody.act;

import dev.custody.shell.Word;
import dev.custody.shell.Word.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Variables, files and the directory, as far as the command line itself sets them. */
final class Scope {
  private static final int MOST = 256;
  private static final int LONGEST = 8192;
  private static final Set<String> HOMES = Set.of("HOME", "USERPROFILE");
  private static final List<String> SECRET_NAMES =
      List.of(
          "SECRET",
          "TOKEN",
          "PASSWORD",
          "PASSWD",
          "APIKEY",
          "API_KEY",
          "ACCESS_KEY",
          "PRIVATE_KEY",
          "CREDENTIAL",
          "DATABASE_URL",
          "CONNECTION_STRING");

  private final Map<String, Value> variables = new HashMap<>();
  private final Map<String, Integer> files = new HashMap<>();
  private String directory = "";

  /** Whether a variable of this name holds a secret, by its name. */
  static boolean isSecretName(String variable) {
    String name = variable.toUpperCase(Locale.ROOT);
    return SECRET_NAMES.stream().anyMatch(name::contains) && !name.endsWith("_FILE");
  }

  void set(String variable, Value value) {
    if (variables.size() < MOST) {
      variables.put(variable, value);
    }
  }

  @Nullable Value variable(String name) {
    return variables.get(name);
  }

  void enter(String path) {
    directory = path.equals("-") ? "" : path(path);
  }

  /** The path of a file that the command line names. */
  String path(String named) {
    boolean absolute =
        directory.isEmpty()
            || named.startsWith("/")
            || named.startsWith("~")
            || named.startsWith("$")
            || named.contains("://");
    return Files.normal(absolute ? named : directory + "/" + named);
  }

  /** Notes that {@code taint} went into a file. */
  void written(String path, int taint) {
    if (taint != 0 && files.size() < MOST) {
      files.merge(path, taint, (a, b) -> a | b);
    }
  }

  /** What went into the file before. */
  int taint(String path) {
    return files.getOrDefault(path, 0);
  }

  /**
   * What a word may be. Substitutions in it are {@code $()}; {@code taint} is what goes into them.
   */
  Value value(Word word, int taint) {
    List<StringBuilder> texts = new ArrayList<>();
    texts.add(new StringBuilder());
    int[] all = {taint};
    for (Part part : word.parts()) {
      List<String> pieces = pieces(part, all);
      if (pieces.size() == 1) {
        texts.forEach(t -> append(t, pieces.getFirst()));
      } else {
        texts = product(texts, pieces);
      }
    }
    List<String> whole = texts.stream().map(StringBuilder::toString).toList();
    return new Value(isBare(word) ? Braces.expanded(whole) : whole, all[0]);
  }

  private static boolean isBare(Word word) {
    return word.parts().stream().anyMatch(p -> p instanceof Part.Literal l && !l.quoted());
  }

  private List<String> pieces(Part part, int[] taint) {
    if (!(part instanceof Part.Variable variable)) {
      return List.of(part.text());
    }
    Value known = variables.get(variable.name());
    if (known != null) {
      taint[0] |= known.taint();
      return known.texts();
    }
    if (HOMES.contains(variable.name())) {
      return List.of("~");
    }
    boolean fallback = variable.operator().equals(":-") || variable.operator().equals("-");
    return List.of(fallback ? variable.operand().text() : variable.text());
  }

  private static void append(StringBuilder text, String piece) {
    if (text.length() + piece.length() <= LONGEST || text.isEmpty()) {
      text.append(piece);
    }
  }

  private static List<StringBuilder> product(List<StringBuilder> texts, List<String> pieces) {
    List<StringBuilder> product = new ArrayList<>();
    for (StringBuilder text : texts) {
      for (String piece : pieces) {
        if (product.size() < Value.MOST) {
          StringBuilder longer = new StringBuilder(text);
          append(longer, piece);
          product.add(longer);
        }
      }
    }
    return product;
  }
}
