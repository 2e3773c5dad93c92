package dev.custody.view;

import dev.custody.act.ActName;
import dev.custody.act.Acts;
import dev.custody.event.Body;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a result was written by others than the developer: by name of the tool or program. */
final class Untrusted {
  private static final Set<ActName> FETCHING = EnumSet.of(ActName.EGRESS);
  private static final Set<String> SEARCHES =
      Set.of("websearch", "web_search", "google_web_search", "codesearch");
  private static final List<String> FORGE =
      List.of(
          "gh issue view",
          "gh issue list",
          "gh pr view",
          "gh pr list",
          "gh pr diff",
          "gh api",
          "gh search",
          "gh release view",
          "gh gist view",
          "glab issue view",
          "glab mr view");
  private static final List<String> PEOPLE =
      List.of("issue", "pull_request", "comment", "message", "mail", "ticket", "page", "slack");

  private Untrusted() {}

  /**
   * {@code web}, {@code search}, {@code forge} or {@code mcp}; null where the result is from here,
   * or there is none yet.
   */
  static @Nullable String source(Body body, @Nullable ToolUse use, Acts acts) {
    if (use == null || !(body instanceof Body.ToolCallCompleted)) {
      return null;
    }
    String tool = use.tool().toLowerCase(Locale.ROOT);
    if (SEARCHES.contains(tool)) {
      return "search";
    }
    if (use.server()) {
      return PEOPLE.stream().anyMatch(tool::contains) ? "forge" : "mcp";
    }
    String command = use.command();
    if (command != null
        && acts.programs().stream().anyMatch(p -> p.equals("gh") || p.equals("glab"))) {
      String spaced = command.replaceAll("\\s+", " ");
      if (FORGE.stream().anyMatch(spaced::contains)) {
        return "forge";
      }
    }
    return acts.hasAny(FETCHING) ? "web" : null;
  }
}
