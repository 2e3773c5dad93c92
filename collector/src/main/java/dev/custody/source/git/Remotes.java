package dev.custody.source.git;

import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.transport.RefSpec;
import org.jspecify.annotations.Nullable;

/** The remotes that a repository's configuration names. They are named, never contacted. */
final class Remotes {
  private static final int LONGEST_URL = 1024;
  private static final int MOST_REMOTES = 64;
  private static final Pattern HELPER = Pattern.compile("[A-Za-z0-9+.-]+::.*", Pattern.DOTALL);

  /**
   * What a remote-tracking branch stands for.
   *
   * @param url the remote's address without credentials, null where it has none or a strange one
   * @param branch its name there
   */
  record Branch(String remote, @Nullable String url, String branch) {}

  private final Config config;

  Remotes(Config config) {
    this.config = config;
  }

  /** Null where no remote's fetch specification leads to {@code tracking}. */
  @Nullable Branch behind(String tracking) {
    int left = MOST_REMOTES;
    for (String remote : config.getSubsections("remote")) {
      if (left-- == 0) {
        break;
      }
      for (String fetch : config.getStringList("remote", remote, "fetch")) {
        String branch = source(fetch, tracking);
        if (branch != null) {
          return new Branch(remote, url(remote), branch);
        }
      }
    }
    return null;
  }

  private static @Nullable String source(String fetch, String tracking) {
    try {
      RefSpec spec = new RefSpec(fetch);
      return spec.matchDestination(tracking)
          ? spec.expandFromDestination(tracking).getSource()
          : null;
    } catch (IllegalArgumentException | IllegalStateException e) {
      return null; // Anybody can write a configuration.
    }
  }

  private @Nullable String url(String remote) {
    String push = config.getString("remote", remote, "pushurl");
    String url = push == null ? config.getString("remote", remote, "url") : push;
    return url == null ? null : withoutCredentials(url);
  }

  /**
   * The address without user and password, query and fragment; of one that names a command ({@code
   * ext::...}) the helper's name only.
   */
  static @Nullable String withoutCredentials(String url) {
    if (url.length() > LONGEST_URL || url.chars().anyMatch(c -> c < ' ')) {
      return null;
    }
    if (HELPER.matcher(url).matches()) {
      return url.substring(0, url.indexOf("::") + 2);
    }
    int scheme = url.indexOf("://");
    if (scheme < 0) {
      return url; // A path, or user@host:path: neither has room for a password.
    }
    String rest = url.substring(scheme + 3).split("[?#]", 2)[0];
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    return url.substring(0, scheme).toLowerCase(Locale.ROOT)
        + "://"
        + authority.substring(authority.lastIndexOf('@') + 1)
        + path;
  }
}
