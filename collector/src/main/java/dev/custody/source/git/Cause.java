package dev.custody.source.git;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a reference came to move, out of a fixed vocabulary: a reflog's message also holds subjects
 * of commits, addresses of remotes, and whatever {@code GIT_REFLOG_ACTION} was set to.
 */
final class Cause {
  static final String PUSH = "update by push";
  static final String RENAMED = "branch (renamed)";
  static final String OTHER = "other";

  /** What brings a remote's news here; nobody's branch moved by it. */
  private static final Set<String> FETCHES =
      Set.of("fetch", "pull", "pull (rebase)", "clone", "remote");

  private static final int LONGEST = 256;
  private static final Set<String> PLAIN =
      Set.of(
          "am",
          "bisect",
          "checkout",
          "cherry-pick",
          "clone",
          "commit",
          "fetch",
          "filter-branch",
          "merge",
          "notes",
          "push",
          "rebase",
          "remote",
          "reset",
          "revert",
          "stash",
          "tag");
  private static final Pattern COMMIT = Pattern.compile("commit \\((?:initial|amend|merge)\\)");
  private static final Pattern BRANCH =
      Pattern.compile("[bB]ranch: (Created|Reset|renamed|copied)\\b.*", Pattern.DOTALL);
  private static final Pattern REBASE =
      Pattern.compile(".*(?: --rebase\\b| -r\\b| \\(finish\\)).*");

  private Cause() {}

  /** The cause that {@code message} names, null if it is empty. */
  static @Nullable String of(String message) {
    String text = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
    if (text.isBlank()) {
      return null;
    }
    Matcher branch = BRANCH.matcher(text);
    if (branch.matches()) {
      return "branch (" + branch.group(1).toLowerCase(java.util.Locale.ROOT) + ")";
    }
    int colon = text.indexOf(':');
    String action = (colon < 0 ? text : text.substring(0, colon)).strip();
    int space = action.indexOf(' ');
    String word = space < 0 ? action : action.substring(0, space);
    return switch (word) {
      case "update" -> action.equals(PUSH) ? PUSH : OTHER;
      case "commit" -> COMMIT.matcher(action).matches() ? action : word;
      case "pull" -> REBASE.matcher(action).matches() ? "pull (rebase)" : word;
      case "forced-update", "storing" -> "fetch";
      default -> PLAIN.contains(word) ? word : OTHER;
    };
  }

  static boolean isFetch(@Nullable String cause) {
    return cause != null && FETCHES.contains(cause);
  }
}
