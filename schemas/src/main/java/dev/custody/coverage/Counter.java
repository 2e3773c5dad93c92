package dev.custody.coverage;

import dev.custody.event.Source;
import org.jspecify.annotations.Nullable;

/**
 * Who gave a record its number.
 *
 * @param name the kind of a source that counts the records of each session; {@code mcp:RUN} of a
 *     run of the MCP wrapper, which counts what passes it, whatever session each of it is in
 * @param ofRun whether it is such a run
 */
public record Counter(String name, boolean ofRun) {
  private static final String PROXY = "mcp";
  private static final String RUN = PROXY + ":";

  /** Who counted the record of {@code source}; null where nobody did. */
  public static @Nullable Counter of(Source source) {
    Long number = source.sequence();
    if (number == null || number < 0) {
      return null;
    }
    if (!source.kind().equals(PROXY)) {
      return new Counter(source.kind(), false);
    }
    String id = source.id();
    int end = id == null ? -1 : id.indexOf('#');
    return id == null || end < 1 ? null : new Counter(RUN + id.substring(0, end), true);
  }

  /** The channel that the counter {@code name} belongs to. */
  public static @Nullable Channel channel(String name) {
    return name.startsWith(RUN) ? Channel.PROXY : Channel.of(name);
  }

  /** With what the source's own ids begin that the counter {@code name}, of a run, counted. */
  public static String idsOfRun(String name) {
    return name.substring(RUN.length()) + "#";
  }
}
