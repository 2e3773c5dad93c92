package dev.custody.source.git;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What was at the tips when the repository was last recorded: everything reachable from here is
 * old.
 *
 * @param generation how often tips were recorded; it tells two equal moves of a branch apart
 * @param at branches, and {@code HEAD}s that are on none, with their commits
 */
record Tips(long generation, SortedMap<String, ObjectId> at) {
  private static final String HEADER = "tips v1 ";

  Tips {
    at = new TreeMap<>(at);
  }

  /** Header line with the generation, then {@code <id> <name>} a line. */
  byte[] encode() {
    StringBuilder text = new StringBuilder(HEADER).append(generation).append('\n');
    at.forEach((name, id) -> text.append(id.name()).append(' ').append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Null where nothing was stored, or what was stored isn't these tips. */
  static @Nullable Tips decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    SortedMap<String, ObjectId> at = new TreeMap<>();
    try {
      for (int i = 1; i < lines.length; i++) {
        int space = lines[i].indexOf(' ');
        at.put(lines[i].substring(space + 1), ObjectId.fromString(lines[i].substring(0, space)));
      }
      return lines[0].startsWith(HEADER)
          ? new Tips(Long.parseLong(lines[0].substring(HEADER.length())), at)
          : null;
    } catch (RuntimeException e) {
      return null; // Damaged: the repository counts as never seen, and repeats are left out.
    }
  }

  boolean sameAs(Map<String, ObjectId> now) {
    return at.equals(now);
  }
}
