package dev.custody.source.codex;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.custody.source.git.FileContent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Codex's {@code apply_patch} is given, and says. */
final class Patch {
  private static final int MOST_FILES = 256;
  private static final int LONGEST_PATH = 4096;

  private static final List<String> HEADERS =
      List.of("*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: ");
  private static final Pattern EXIT = Pattern.compile("^Exit code: (-?[0-9]{1,20})(?:\\n|$)");

  private Patch() {}

  /** The files that {@code patch} adds, updates, deletes and moves to, in its order. */
  static List<String> files(@Nullable String patch) {
    Set<String> files = new LinkedHashSet<>();
    int at = 0;
    while (patch != null && at < patch.length() && files.size() < MOST_FILES) {
      int end = patch.indexOf('\n', at);
      int stop = end < 0 ? patch.length() : end;
      for (String header : HEADERS) {
        int length = stop - at - header.length();
        if (length > 0 && length <= LONGEST_PATH && patch.startsWith(header, at)) {
          files.add(patch.substring(at + header.length(), stop).strip());
        }
      }
      at = stop + 1;
    }
    return List.copyOf(files);
  }

  /** The contents of the files that {@code patch} adds, which it holds as a whole. */
  static List<String> added(@Nullable String patch) {
    List<String> added = new ArrayList<>();
    StringBuilder file = null;
    int at = 0;
    while (patch != null && at < patch.length() && added.size() < MOST_FILES) {
      int end = patch.indexOf('\n', at);
      int stop = end < 0 ? patch.length() : end;
      if (file != null && patch.charAt(at) == '+') {
        if (file.length() <= FileContent.LONGEST) {
          file.append(patch, at + 1, stop).append('\n');
        }
      } else {
        if (file != null) {
          added.add(file.toString());
        }
        file = patch.startsWith(HEADERS.getFirst(), at) ? new StringBuilder() : null;
      }
      at = stop + 1;
    }
    if (file != null) {
      added.add(file.toString());
    }
    return added;
  }

  /** What the first line of {@code response} says; null where it says nothing. */
  static @Nullable String exitCode(@Nullable String response) {
    Matcher matcher = response == null ? null : EXIT.matcher(response);
    return matcher != null && matcher.find() ? matcher.group(1) : null;
  }
}
