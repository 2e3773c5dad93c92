package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.source.git.FileContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a file holds after one of Claude Code's tools changed it, where the result tells all. */
final class Written {
  private Written() {}

  /** By the result of {@code tool}; nothing where the human changed it before it was written. */
  static List<String> by(String tool, JsonNode result) {
    if (result.path("userModified").asBoolean(false)) {
      return List.of();
    }
    String content =
        switch (tool) {
          case "Write" -> result.path("content").textValue();
          case "Edit" -> edited(result);
          default -> null;
        };
    return content == null ? List.of() : List.of(content);
  }

  private static @Nullable String edited(JsonNode result) {
    String before = result.path("originalFile").textValue();
    String old = result.path("oldString").textValue();
    String now = result.path("newString").textValue();
    if (before == null || old == null || now == null) {
      return null;
    }
    return old.isEmpty()
        ? null
        : replaced(before, old, now, result.path("replaceAll").asBoolean(false));
  }

  /** Null where nothing is replaced, or the file becomes one that no commit is compared with. */
  private static @Nullable String replaced(String before, String old, String now, boolean all) {
    StringBuilder after = new StringBuilder();
    int from = 0;
    int at = before.indexOf(old);
    while (at >= 0 && after.length() <= FileContent.LONGEST) {
      after.append(before, from, at).append(now);
      from = at + old.length();
      at = all ? before.indexOf(old, from) : -1;
    }
    boolean fits = after.length() + (before.length() - from) <= FileContent.LONGEST;
    return from == 0 || !fits ? null : after.append(before, from, before.length()).toString();
  }
}
