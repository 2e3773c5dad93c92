package dev.custody.act;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What hosts are, by name: {@code hosts.txt}. */
final class Hosts {
  /** What a name says of a host. */
  enum Kind {
    OTHER,
    LOCAL,
    METADATA,
    DROP
  }

  /** A label of a name that is as long as this is hardly somebody's choice. */
  private static final int LONG_LABEL = 46;

  private static final Map<String, Kind> NAMES = new HashMap<>();
  private static final Map<String, Kind> PARENTS = new HashMap<>();

  /** What a file's last name ends in, where a word without a scheme could be a host or a file. */
  private static final Set<String> FILE_ENDINGS =
      new HashSet<>(
          Set.of("json", "txt", "html", "sh", "py", "js", "ts", "md", "yml", "yaml", "env", "log"));

  static {
    for (String[] row : Table.rows("hosts.txt")) {
      Kind kind = Kind.valueOf(row[0].toUpperCase(Locale.ROOT));
      (row[1].startsWith(".") ? PARENTS : NAMES).put(row[1], kind);
    }
  }

  private Hosts() {}

  /** The kind of the host of this name or address. */
  static Kind kind(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    Kind kind = NAMES.get(name);
    if (kind != null) {
      return kind;
    }
    if (isLoopback(name)) {
      return Kind.LOCAL;
    }
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      Kind below = PARENTS.get(name.substring(dot));
      if (below != null) {
        return below;
      }
    }
    return Kind.OTHER;
  }

  private static boolean isLoopback(String name) {
    boolean inNet127 =
        name.startsWith("127.") && name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    return inNet127
        || name.equals("::1")
        || name.equals("::")
        || name.equals("0:0:0:0:0:0:0:1")
        || name.equals("2130706433")
        || name.equals("0x7f000001")
        || name.startsWith("::ffff:127.");
  }

  /** Whether something was put into the name that is no name. */
  static boolean carriesData(String host) {
    if (!host.contains(".")) {
      return false;
    }
    if (host.contains("$(") || host.contains("[redacted:")) {
      return true;
    }
    for (String label : host.split("\\.", -1)) {
      if (label.length() >= LONG_LABEL) {
        return true;
      }
    }
    return false;
  }

  /** The host of a URL, or of a word that a program takes for one; empty where there is none. */
  static String ofUrl(String url) {
    int scheme = url.indexOf("://");
    String rest = scheme < 0 ? url : url.substring(scheme + 3);
    int end = 0;
    while (end < rest.length() && "/?#\\".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    String authority = rest.substring(0, end);
    authority = authority.substring(authority.lastIndexOf('@') + 1);
    if (scheme < 0 && isFile(authority, rest)) {
      return "";
    }
    int variable = authority.indexOf('$');
    String fixed = variable < 0 ? authority : authority.substring(0, variable);
    return withoutPort(kind(fixed) == Kind.METADATA ? fixed : authority);
  }

  private static boolean isFile(String authority, String rest) {
    int dot = authority.lastIndexOf('.');
    boolean ending =
        authority.equals(rest)
            && dot >= 0
            && FILE_ENDINGS.contains(authority.substring(dot + 1).toLowerCase(Locale.ROOT));
    return authority.isEmpty() || authority.startsWith(".") || ending;
  }

  /** {@code host:port}, {@code [v6]:port} or a bare address, without the port. */
  static String withoutPort(String authority) {
    if (authority.startsWith("[")) {
      int close = authority.indexOf(']');
      if (close > 0 && !authority.startsWith("[redacted:")) {
        return authority.substring(1, close);
      }
    }
    int colon = authority.lastIndexOf(':');
    boolean onlyColon = colon >= 0 && authority.indexOf(':') == colon;
    boolean port =
        onlyColon
            && colon + 1 <= authority.length()
            && authority.substring(colon + 1).chars().allMatch(c -> c == '$' || isWord(c));
    return port ? authority.substring(0, colon) : authority;
  }

  private static boolean isWord(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '_');
  }
}
