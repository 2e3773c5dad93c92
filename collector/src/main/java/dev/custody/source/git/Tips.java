package dev.custody.source.git;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What was at the tips when the repository was last recorded: everything reachable from here is
 * old.
 *
 * @param generation how often tips were recorded; it tells two equal moves of a branch apart
 * @param at branches, and {@code HEAD}s that are on none, with their commits
 * @param others tags, remote-tracking branches and notes; null in what a collector stored that did
 *     not watch them
 * @param logs up to where the reflog of a reference was recorded
 */
record Tips(
    long generation,
    SortedMap<String, ObjectId> at,
    @Nullable SortedMap<String, ObjectId> others,
    SortedMap<String, Reflog.Position> logs) {
  private static final String FIRST = "tips v1 ";
  private static final String HEADER = "tips v2 ";
  private static final String NO_LOG = "-";

  Tips {
    at = new TreeMap<>(at);
    others = others == null ? null : new TreeMap<>(others);
    logs = new TreeMap<>(logs);
  }

  /**
   * Header line with the generation, then {@code <id> <log> <name>} a line; {@code <log>} is {@code
   * -} or {@code <end>:<seconds>:<id>}.
   */
  byte[] encode() {
    StringBuilder text = new StringBuilder(HEADER).append(generation).append('\n');
    at.forEach((name, id) -> append(text, name, id));
    if (others != null) {
      others.forEach((name, id) -> append(text, name, id));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void append(StringBuilder text, String name, ObjectId id) {
    Reflog.Position log = logs.get(name);
    text.append(id.name()).append(' ');
    if (log == null) {
      text.append(NO_LOG);
    } else {
      text.append(log.end()).append(':').append(log.at()).append(':').append(log.after().name());
    }
    text.append(' ').append(name).append('\n');
  }

  /** Null where nothing was stored, or what was stored isn't these tips. */
  static @Nullable Tips decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    try {
      if (lines[0].startsWith(HEADER)) {
        return second(lines, Long.parseLong(lines[0].substring(HEADER.length())));
      }
      return lines[0].startsWith(FIRST)
          ? first(lines, Long.parseLong(lines[0].substring(FIRST.length())))
          : null;
    } catch (RuntimeException e) {
      return null; // Damaged: the repository counts as never seen, and repeats are left out.
    }
  }

  private static Tips first(String[] lines, long generation) {
    SortedMap<String, ObjectId> at = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] parts = lines[i].split(" ", 2);
      at.put(parts[1], ObjectId.fromString(parts[0]));
    }
    return new Tips(generation, at, null, new TreeMap<>());
  }

  private static Tips second(String[] lines, long generation) {
    SortedMap<String, ObjectId> at = new TreeMap<>();
    SortedMap<String, ObjectId> others = new TreeMap<>();
    SortedMap<String, Reflog.Position> logs = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] parts = lines[i].split(" ", 3);
      String name = parts[2];
      (isOther(name) ? others : at).put(name, ObjectId.fromString(parts[0]));
      if (!parts[1].equals(NO_LOG)) {
        String[] log = parts[1].split(":", 3);
        logs.put(
            name,
            new Reflog.Position(
                Long.parseLong(log[0]), Long.parseLong(log[1]), ObjectId.fromString(log[2])));
      }
    }
    return new Tips(generation, at, others, logs);
  }

  private static boolean isOther(String name) {
    return name.startsWith(Constants.R_REFS) && !name.startsWith(Constants.R_HEADS);
  }

  /** Every reference by its name; zero where it is none of them. */
  ObjectId reference(String name) {
    ObjectId id = at.get(name);
    if (id == null && others != null) {
      id = others.get(name);
    }
    return id == null ? ObjectId.zeroId() : id;
  }

  /** Whether it says the same, however often tips were recorded. */
  boolean sameAs(Tips other) {
    return at.equals(other.at) && Objects.equals(others, other.others) && logs.equals(other.logs);
  }
}
