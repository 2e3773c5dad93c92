package dev.custody.act;

import dev.custody.glob.Glob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What files are, by their paths: {@code files.txt}, {@code harmless.txt}. */
final class Files {
  /** What a path says of a file. */
  enum Kind {
    NONE,
    TOKEN_STORE,
    SECRET,
    ENVIRONMENT,
    AGENT_SETTINGS,
    GIT_HOOK,
    LOGIN
  }

  /** Characters that a pattern in a command has to begin with, to be taken for a secret's name. */
  private static final int LEAST_PREFIX = 2;

  private static final List<Pattern> PATTERNS = new ArrayList<>();

  /** Those whose last segment is a name, by that name. */
  private static final Map<String, List<Pattern>> NARROW = new HashMap<>();

  /** Those whose last segment has an asterisk. */
  private static final List<Pattern> WIDE = new ArrayList<>();

  private static final List<String> HARMLESS = new ArrayList<>();

  static {
    for (String[] row : Table.rows("files.txt")) {
      Kind kind = Kind.valueOf(row[0].toUpperCase(Locale.ROOT).replace('-', '_'));
      Pattern pattern = Pattern.of(kind, row[1].toLowerCase(Locale.ROOT), PATTERNS.size());
      PATTERNS.add(pattern);
      String last = pattern.segments.getLast();
      (last.indexOf('*') >= 0 ? WIDE : NARROW.computeIfAbsent(last, n -> new ArrayList<>()))
          .add(pattern);
    }
    for (String[] row : Table.rows("harmless.txt")) {
      HARMLESS.add(row[0]);
    }
  }

  private Files() {}

  /** The kind of the file that {@code path} names, or that a pattern of a shell would match. */
  static Kind kind(String path) {
    List<String> segments = segments(path.toLowerCase(Locale.ROOT));
    String last = segments.getLast();
    boolean special = last.indexOf('*') >= 0 || last.indexOf('?') >= 0 || last.indexOf('[') >= 0;
    Pattern first = special ? first(PATTERNS, segments, null) : first(WIDE, segments, null);
    first = special ? first : first(NARROW.getOrDefault(last, List.of()), segments, first);
    return first == null ? Kind.NONE : first.kind;
  }

  /** Of {@code earlier} and those patterns that fit, the one that stands first in the table. */
  private static @Nullable Pattern first(
      List<Pattern> patterns, List<String> segments, @Nullable Pattern earlier) {
    for (Pattern pattern : patterns) {
      if (earlier != null && earlier.line < pattern.line) {
        return earlier;
      }
      if (pattern.fits(segments)) {
        return pattern;
      }
    }
    return earlier;
  }

  /** Whether it may be removed without being a loss. */
  static boolean isHarmless(String path) {
    String clean = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (clean.endsWith("/*") || clean.endsWith("/.")) {
      clean = clean.substring(0, clean.length() - 2);
    }
    String last = clean.substring(clean.lastIndexOf('/') + 1);
    for (String harmless : HARMLESS) {
      boolean start = harmless.startsWith("/") || harmless.startsWith("$");
      boolean fits = start ? path.startsWith(harmless) : Glob.matches(harmless, last);
      if (fits) {
        return true;
      }
    }
    return false;
  }

  /** Without {@code .} and {@code ..}, as far as they can be followed. */
  static String normal(String path) {
    if (!path.contains("/") || path.contains("://")) {
      return path;
    }
    List<String> kept = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      boolean up = segment.equals("..") && !kept.isEmpty() && isName(kept.getLast());
      if (up) {
        kept.removeLast();
      } else if (!segment.equals(".") && (!segment.isEmpty() || kept.isEmpty())) {
        kept.add(segment);
      }
    }
    String joined = String.join("/", kept);
    if (!joined.isEmpty()) {
      return joined;
    }
    return path.startsWith("/") ? "/" : ".";
  }

  private static boolean isName(String segment) {
    return !segment.isEmpty() && !segment.equals("..") && !segment.equals("~");
  }

  private static List<String> segments(String path) {
    return List.of(normal(path).split("/", -1));
  }

  /**
   * A line of the table.
   *
   * @param segments compared with the last of a path
   * @param whole whether they are the whole path
   * @param home whether the path is in a home
   * @param line where it stands in the table
   */
  private record Pattern(Kind kind, List<String> segments, boolean whole, boolean home, int line) {
    static Pattern of(Kind kind, String text, int line) {
      boolean home = text.startsWith("~/");
      String rest = home ? text.substring(2) : text;
      return new Pattern(kind, List.of(rest.split("/", -1)), text.startsWith("/"), home, line);
    }

    boolean fits(List<String> path) {
      int offset = path.size() - segments.size();
      if (offset < 0 || (whole && offset != 0) || (home && !isHome(path, offset))) {
        return false;
      }
      boolean named = false;
      for (int i = segments.size() - 1; i >= 0; i--) {
        String segment = path.get(offset + i);
        boolean same = Glob.matches(segments.get(i), segment);
        if (!same
            && (kind == Kind.NONE || !covers(segment, segments.get(i), segments.size() > 1))) {
          return false;
        }
        named |= same;
      }
      return named || segments.size() == 1;
    }

    /** Whether a shell's pattern {@code written} would match a file that {@code pattern} means. */
    private static boolean covers(String written, String pattern, boolean inDirectory) {
      int special = firstSpecial(written);
      return special >= 0
          && (special >= LEAST_PREFIX || inDirectory)
          && Glob.matches(written.replaceAll("\\[[^\\]]*\\]", "?"), pattern.replace("*", "x"));
    }

    private static int firstSpecial(String text) {
      for (int i = 0; i < text.length(); i++) {
        if ("*?[".indexOf(text.charAt(i)) >= 0) {
          return i;
        }
      }
      return -1;
    }

    private static boolean isHome(List<String> path, int offset) {
      String first = offset > 0 ? path.getFirst() : "";
      return "~".equals(first)
          || "$home".equals(first)
          || (offset == 2 && path.get(1).equals("root"))
          || (offset == 3 && (path.get(1).equals("home") || path.get(1).equals("users")));
    }
  }
}
