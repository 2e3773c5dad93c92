package dev.custody.source.git;

import dev.custody.event.Identifier;
import dev.custody.redact.SecretKind;
import dev.custody.signing.FingerprintKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * What is read of the files that a commit changed: their contents, to be named and forgotten, and
 * the secrets among the lines that it added, those whose format nobody writes by accident, as
 * {@code custody git check-staged} refuses them. No line is kept. A file that moved as it was adds
 * nothing.
 */
final class CommittedFiles {
  /** A larger file is not read. */
  static final int LARGEST = FileContent.LONGEST;

  /** Beyond so many bytes the files of a commit are not read. */
  static final long MOST_BYTES = 4L << 20;

  /** Beyond so many the secrets of a commit are not told. */
  static final int MOST_SECRETS = 64;

  /**
   * A secret in a commit.
   *
   * @param path of its file
   * @param line from 1
   */
  record Found(String path, int line, SecretKind kind, String secret) {}

  /**
   * What was found.
   *
   * @param contents names of what the files hold now
   * @param unread files that were too large, or not there, as in a partial clone
   */
  record Report(List<Found> secrets, List<Identifier> contents, int unread) {
    /** Of files that nobody can read. */
    static final Report NONE = new Report(List.of(), List.of(), 0);

    Report {
      secrets = List.copyOf(secrets);
      contents = List.copyOf(contents);
    }
  }

  private record Candidate(String path, ObjectId now, List<ObjectId> before) {}

  private final ObjectReader reader;
  private final FingerprintKey organisation;
  private final List<Candidate> candidates = new ArrayList<>();
  private final Set<ObjectId> removed = new HashSet<>();
  private long left = MOST_BYTES;

  CommittedFiles(ObjectReader reader, FingerprintKey organisation) {
    this.reader = reader;
    this.organisation = organisation;
  }

  /**
   * Takes note of a changed path; the last of the trees is the commit's, the others its parents'.
   */
  void changed(TreeWalk tree) {
    int own = tree.getTreeCount() - 1;
    List<ObjectId> before = new ArrayList<>();
    for (int parent = 0; parent < own; parent++) {
      if (isFile(tree, parent)) {
        before.add(tree.getObjectId(parent));
      }
    }
    if (isFile(tree, own)) {
      candidates.add(new Candidate(tree.getPathString(), tree.getObjectId(own), before));
    } else {
      removed.addAll(before);
    }
  }

  private static boolean isFile(TreeWalk tree, int number) {
    FileMode mode = tree.getFileMode(number);
    return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
  }

  /** Reads what changed. */
  Report read() throws IOException {
    List<Found> secrets = new ArrayList<>();
    List<Identifier> contents = new ArrayList<>();
    int unread = 0;
    for (Candidate candidate : candidates) {
      if (removed.contains(candidate.now)) {
        continue;
      }
      List<byte[]> versions = versions(candidate);
      if (versions.isEmpty()) {
        unread++;
        continue;
      }
      byte[] now = versions.removeLast();
      List<SecretPlaces.Place> places = SecretPlaces.in(now);
      if (contents.size() < FileContent.MOST && isNameable(now, places)) {
        FileContent.identifier(organisation, now).ifPresent(contents::add);
      }
      for (AddedSecrets.Added added : AddedSecrets.of(places, now, versions)) {
        if (added.kind().entropy() == SecretKind.Entropy.HIGH && secrets.size() < MOST_SECRETS) {
          secrets.add(new Found(candidate.path, added.line(), added.kind(), added.secret()));
        }
      }
    }
    return new Report(secrets, contents, unread);
  }

  /**
   * By the name of a content nobody shall be able to try guesses at a password in it, and nobody
   * looks for one in a binary file.
   */
  private static boolean isNameable(byte[] content, List<SecretPlaces.Place> places) {
    return !RawText.isBinary(content)
        && places.stream().allMatch(p -> p.kind().entropy() == SecretKind.Entropy.HIGH);
  }

  /** The earlier versions and the newest; none if one of them cannot be read. */
  private List<byte[]> versions(Candidate candidate) throws IOException {
    List<byte[]> versions = new ArrayList<>();
    List<ObjectId> ids = new ArrayList<>(candidate.before);
    ids.add(candidate.now);
    for (ObjectId id : ids) {
      try {
        ObjectLoader loader = reader.open(id, Constants.OBJ_BLOB);
        left -= loader.getSize();
        if (loader.getSize() > LARGEST || left < 0) {
          return new ArrayList<>();
        }
        versions.add(loader.getCachedBytes(LARGEST));
      } catch (MissingObjectException e) {
        return new ArrayList<>();
      }
    }
    return versions;
  }
}
