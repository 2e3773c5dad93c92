package dev.custody.source.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS_POSIX;

/**
 * Keeps JGit from pipes and devices that stand where a repository should have files: it would wait
 * for them, or read them, for ever. Files that its configuration includes count as absent then.
 */
final class PlainFiles extends FS_POSIX {
  private static final long LARGEST_SETTINGS = 1 << 20;
  private static final int DEEPEST = 32;
  private static final String PACKED = "packed-refs";

  /** What is read as a whole, and would be missed. */
  private static final List<String> NEEDED =
      List.of(Constants.HEAD, Constants.CONFIG, PACKED, "shallow", "objects/info/alternates");

  private PlainFiles() {}

  /** The file system as JGit may see it. */
  static FS seen() {
    return FS.DETECTED instanceof FS_POSIX ? new PlainFiles() : FS.DETECTED;
  }

  @Override
  public FS newInstance() {
    return new PlainFiles();
  }

  @Override
  public File resolve(File directory, String name) {
    File file = super.resolve(directory, name);
    boolean plain =
        !file.exists()
            || file.isDirectory()
            || (file.isFile() && (name.equals(PACKED) || file.length() <= LARGEST_SETTINGS));
    return plain ? file : new File(directory, "absent/absent");
  }

  /**
   * Refuses a repository whose references can't be read to their end.
   *
   * @throws IOException when one of its files is none
   */
  static void require(Path commonDir) throws IOException {
    for (String needed : NEEDED) {
      refuseOther(commonDir.resolve(needed));
    }
    Files.walkFileTree(
        commonDir.resolve("refs"),
        EnumSet.noneOf(FileVisitOption.class),
        DEEPEST,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isRegularFile()) {
              refuseOther(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // Gone meanwhile, or not for us to see.
          }
        });
  }

  private static void refuseOther(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new IOException("%s is neither a file nor a directory".formatted(file.getFileName()));
    }
  }
}
