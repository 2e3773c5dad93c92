package dev.custody.source.git;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.jspecify.annotations.Nullable;

/**
 * Reads single settings as git would: system, user, repository, work tree, the later over the
 * earlier, with {@code include} and {@code includeIf "gitdir:"}. A file that can't be read or is no
 * configuration is passed over.
 *
 * @param shared files of the system and of the user, in git's order
 * @param home where {@code ~} is
 */
record GitSettings(List<Path> shared, Path home) {
  private static final int LARGEST = 1 << 20;
  private static final String GITDIR = "gitdir:";

  GitSettings {
    shared = List.copyOf(shared);
  }

  /** The files that git reads under these environment variables. */
  static GitSettings of(Map<String, String> environment) {
    Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")));
    List<Path> files = new ArrayList<>();
    if (!environment.containsKey("GIT_CONFIG_NOSYSTEM")) {
      files.add(Path.of(environment.getOrDefault("GIT_CONFIG_SYSTEM", "/etc/gitconfig")));
    }
    String global = environment.get("GIT_CONFIG_GLOBAL");
    if (global != null) {
      files.add(Path.of(global));
    } else {
      String xdg = environment.get("XDG_CONFIG_HOME");
      Path configHome = xdg == null || xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg);
      files.add(configHome.resolve("git").resolve("config"));
      files.add(home.resolve(".gitconfig"));
    }
    return new GitSettings(files, home);
  }

  /** {@code user.email} in force at {@code place}. */
  @Nullable String email(GitPlace place) {
    List<Path> files = new ArrayList<>(shared);
    files.add(place.commonDir().resolve("config"));
    files.add(place.gitDir().resolve("config.worktree"));
    return last(files, place, "user", null, "email");
  }

  /**
   * A setting in force at {@code place} by what the system and the user say; what the repository
   * itself says does not count.
   */
  @Nullable String ofUser(
      GitPlace place, String section, @Nullable String subsection, String name) {
    return last(shared, place, section, subsection, name);
  }

  private @Nullable String last(
      List<Path> files, GitPlace place, String section, @Nullable String subsection, String name) {
    String value = null;
    for (Path file : files) {
      String here = in(file, place, section, subsection, name);
      value = here == null ? value : here;
    }
    return value;
  }

  private @Nullable String in(
      Path file, GitPlace place, String section, @Nullable String subsection, String name) {
    Config config = parse(file);
    if (config == null) {
      return null;
    }
    String value = config.getString(section, subsection, name);
    for (String condition : config.getSubsections("includeIf")) {
      String included = config.getString("includeIf", condition, "path");
      if (included != null && holds(condition, file, place)) {
        Config more = parse(resolve(included, file));
        String here = more == null ? null : more.getString(section, subsection, name);
        value = here == null ? value : here;
      }
    }
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** A path as a setting names it. */
  Path expand(String path) {
    return path.startsWith("~/") ? home.resolve(path.substring(2)) : Path.of(path);
  }

  private @Nullable Config parse(@Nullable Path file) {
    String text = file == null ? null : SmallFile.read(file, LARGEST);
    if (file == null || text == null) {
      return null;
    }
    Config config = new Including(file);
    try {
      config.fromText(text);
      return config;
    } catch (ConfigInvalidException | RuntimeException e) {
      return null; // The parser is fed with whatever a repository holds.
    }
  }

  private @Nullable Path resolve(String path, Path from) {
    try {
      return path.startsWith("~/") ? home.resolve(path.substring(2)) : from.resolveSibling(path);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private boolean holds(String condition, Path file, GitPlace place) {
    if (!condition.startsWith(GITDIR)) {
      return false;
    }
    String pattern = condition.substring(GITDIR.length());
    if (pattern.startsWith("~/")) {
      pattern = home + pattern.substring(1);
    } else if (pattern.startsWith("./")) {
      pattern = file.getParent() + pattern.substring(1);
    } else if (!pattern.startsWith("/")) {
      pattern = "**/" + pattern;
    }
    try {
      return FileSystems.getDefault()
          .getPathMatcher("glob:" + (pattern.endsWith("/") ? pattern + "**" : pattern))
          .matches(place.gitDir());
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** Follows includes to small regular files only; JGit bounds how deep. */
  private final class Including extends Config {
    private final Path file;

    Including(Path file) {
      this.file = file;
    }

    @Override
    protected byte @Nullable [] readIncludedConfig(String path) {
      Path included = resolve(path, file);
      String text = included == null ? null : SmallFile.read(included, LARGEST);
      return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
