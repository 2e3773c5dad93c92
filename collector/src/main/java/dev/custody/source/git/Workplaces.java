package dev.custody.source.git;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows the project, the repository and the git user of a directory. Answers are remembered for a
 * few seconds, for a hook comes with every step of an agent. Safe for use by several threads.
 */
public final class Workplaces {
  static final Duration REMEMBERED = Duration.ofSeconds(5);
  private static final int MOST_REMEMBERED = 256;

  private final GitSettings settings;
  private final InstantSource clock;
  private final Map<String, Remembered> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** With the settings of the system and the user that this process runs as. */
  public Workplaces(InstantSource clock) {
    this(GitSettings.of(System.getenv()), clock);
  }

  Workplaces(GitSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** The workplace at {@code cwd}, whatever that is. */
  public Workplace at(String cwd) {
    Instant now = clock.instant();
    synchronized (remembered) {
      Remembered known = remembered.get(cwd);
      if (known != null && known.holdsAt(now)) {
        return known.workplace;
      }
    }
    // Read outside the lock: a slow file system must not hold up other sessions.
    Workplace workplace = read(cwd);
    synchronized (remembered) {
      remembered.put(cwd, new Remembered(workplace, now));
    }
    return workplace;
  }

  private Workplace read(String cwd) {
    GitPlace place = GitPlace.find(cwd);
    if (place == null) {
      return new Workplace(name(cwd), null, null, null);
    }
    String root = place.root().toString();
    String name = name(root);
    boolean bare = place.workTree() == null && name.length() > 4 && name.endsWith(".git");
    return new Workplace(
        bare ? name.substring(0, name.length() - 4) : name,
        root,
        place.workTree() == null ? null : place.workTree().toString(),
        settings.email(place));
  }

  private static String name(String directory) {
    try {
      @Nullable Path name = Path.of(directory).getFileName();
      return name == null ? "" : name.toString();
    } catch (InvalidPathException e) {
      return "";
    }
  }

  private record Remembered(Workplace workplace, Instant at) {
    boolean holdsAt(Instant now) {
      Duration age = Duration.between(at, now);
      return !age.isNegative() && age.compareTo(REMEMBERED) < 0;
    }
  }
}
