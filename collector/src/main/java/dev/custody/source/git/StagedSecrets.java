package dev.custody.source.git;

import dev.custody.redact.Redactor;
import dev.custody.redact.SecretKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * The secrets among the lines that a commit is about to add: what stands in the index and not in
 * {@code HEAD}. The work tree is not read, and no filter or program of the repository is run.
 */
public final class StagedSecrets {
  /** A larger file is not read. */
  static final int LARGEST = 4 << 20;

  /** Beyond so many bytes the files of a commit are not read. */
  static final long MOST_BYTES = 64L << 20;

  private static final int MOST_FOUND = 1_000;

  /**
   * A secret.
   *
   * @param path of its file, redacted
   * @param line that it begins on, from 1
   * @param kind kind of secret
   * @param format whether it has a known format; else it is taken for a secret because of its name
   * @param blob git's id of all that is staged of the file
   */
  public record Found(String path, int line, String kind, boolean format, String blob) {}

  /**
   * A file that was not looked at.
   *
   * @param path redacted
   * @param reason why
   */
  public record Skipped(String path, String reason) {}

  /**
   * What was found.
   *
   * @param directory of the repository
   * @param found at most 1,000
   * @param skipped files that were not looked at; binary ones are not among them
   */
  public record Report(String directory, List<Found> found, List<Skipped> skipped) {
    public Report {
      found = List.copyOf(found);
      skipped = List.copyOf(skipped);
    }
  }

  private final Redactor names = new Redactor((kind, secret) -> "0000");
  private final ObjectReader reader;
  private final List<Found> found = new ArrayList<>();
  private final List<Skipped> skipped = new ArrayList<>();
  private long left = MOST_BYTES;

  private StagedSecrets(ObjectReader reader) {
    this.reader = reader;
  }

  /**
   * Looks through what is staged in the repository around {@code directory}.
   *
   * @param environment as git gives it to a hook: {@code GIT_INDEX_FILE} and {@code GIT_DIR} count
   * @throws IOException when there is no repository, or it can't be read
   */
  public static Report check(Path directory, Map<String, String> environment) throws IOException {
    GitPlace place = place(directory, environment);
    try (OpenRepository open = new OpenRepository(place.commonDir());
        ObjectReader reader = open.repository().newObjectReader()) {
      Staged staged = Staged.read(open.repository(), reader, place, index(directory, environment));
      StagedSecrets secrets = new StagedSecrets(reader);
      for (String path : staged.unmerged()) {
        secrets.skip(path, "it is unmerged");
      }
      for (DiffEntry change : staged.changes()) {
        secrets.look(change);
      }
      return new Report(place.root().toString(), secrets.found, secrets.skipped);
    }
  }

  private static GitPlace place(Path directory, Map<String, String> environment)
      throws IOException {
    String gitDir = environment.get("GIT_DIR");
    GitPlace place =
        gitDir == null || gitDir.isEmpty()
            ? GitPlace.find(directory.toString())
            : GitPlace.of(directory.resolve(gitDir), directory);
    if (place == null) {
      throw new IOException("expected a git repository around the current directory, found none");
    }
    return place;
  }

  private static Path index(Path directory, Map<String, String> environment) {
    String index = environment.get("GIT_INDEX_FILE");
    return index == null || index.isEmpty() ? Path.of("") : directory.resolve(index);
  }

  private void look(DiffEntry change) throws IOException {
    boolean adds = change.getChangeType() != DiffEntry.ChangeType.DELETE;
    if (!adds || FileMode.GITLINK.equals(change.getNewMode())) {
      return;
    }
    String path = change.getNewPath();
    byte[] after = bytes(path, change.getNewId());
    if (after == null || RawText.isBinary(after)) {
      return;
    }
    byte[] before = before(change);
    if (before == null) {
      skip(path, "its earlier version is larger than " + (LARGEST >> 20) + " MiB");
      return;
    }
    for (AddedSecrets.Added added :
        AddedSecrets.of(SecretPlaces.in(after), after, List.of(before))) {
      if (found.size() < MOST_FOUND) {
        boolean format = added.kind().entropy() == SecretKind.Entropy.HIGH;
        String blob = change.getNewId().name();
        found.add(new Found(name(path), added.line(), added.kind().id(), format, blob));
      }
    }
  }

  /** Null if it is too large, which is said. */
  private byte @Nullable [] bytes(String path, AbbreviatedObjectId id) throws IOException {
    ObjectLoader loader = reader.open(id.toObjectId(), Constants.OBJ_BLOB);
    if (loader.getSize() > LARGEST) {
      skip(path, "it is larger than " + (LARGEST >> 20) + " MiB");
      return null;
    }
    left -= loader.getSize();
    if (left < 0) {
      skip(path, "the commit is larger than " + (MOST_BYTES >> 20) + " MiB");
      return null;
    }
    return loader.getCachedBytes(LARGEST);
  }

  private byte @Nullable [] before(DiffEntry change) throws IOException {
    if (change.getChangeType() == DiffEntry.ChangeType.ADD
        || FileMode.GITLINK.equals(change.getOldMode())) {
      return new byte[0];
    }
    try {
      ObjectLoader loader = reader.open(change.getOldId().toObjectId(), Constants.OBJ_BLOB);
      return loader.getSize() > LARGEST ? null : loader.getCachedBytes(LARGEST);
    } catch (MissingObjectException e) {
      return new byte[0]; // A partial clone lacks it: then every line counts as added.
    }
  }

  private void skip(String path, String reason) {
    skipped.add(new Skipped(name(path), reason));
  }

  private String name(String path) {
    return names.text(path, "path").value();
  }
}
