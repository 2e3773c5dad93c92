package dev.custody.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the machine has to be like. */
public final class MachineChecks {
  private static final long MIB = 1 << 20;

  /** What the collector's spool may take while Kafka is away. */
  private static final long SPOOL_MIB = 2048;

  private static final long LEAST_MIB = 256;
  private static final int JAVA = 25;

  private static final List<String> FLAGS =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private static final Set<PosixFilePermission> WRITTEN_BY_OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static final Set<PosixFilePermission> SEEN_BY_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Path data;
  private final Path wrappingKey;
  private final String path;

  /**
   * For the installation in {@code data}.
   *
   * @param wrappingKey the file that opens its keys, if it is one
   * @param path where programs are looked for
   */
  public MachineChecks(Path data, Path wrappingKey, String path) {
    this.data = data;
    this.wrappingKey = wrappingKey;
    this.path = path;
  }

  /** All of them. */
  public List<Check> all() {
    List<Check> checks = new ArrayList<>(List.of(java(), conscrypt(), curl()));
    if (Files.isDirectory(data)) {
      checks.add(closed("data directory", data, WRITTEN_BY_OTHERS));
      Path keys = data.resolve("keys");
      if (Files.isDirectory(keys)) {
        checks.add(closed("keys", keys, WRITTEN_BY_OTHERS));
      }
      if (Files.exists(wrappingKey)) {
        checks.add(closed("wrapping key", wrappingKey, SEEN_BY_OTHERS));
      }
      checks.add(disk());
      missed().ifPresent(checks::add);
    } else {
      checks.add(
          Check.failed(
              "data directory",
              data + " is not there",
              "custody up makes it; --data names another"));
    }
    return checks;
  }

  private static Check java() {
    int version = Runtime.version().feature();
    List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
    List<String> missing = FLAGS.stream().filter(flag -> !isGiven(given, flag)).toList();
    if (version < JAVA) {
      return Check.failed("java", "version " + version, "install a JDK 25");
    }
    return missing.isEmpty()
        ? Check.ok("java", Runtime.version().toString())
        : Check.failed(
            "java",
            "started without " + String.join(" ", missing),
            "start it with the launcher custody; it sets what is needed");
  }

  // The virtual machine may show --name=value as two words.
  private static boolean isGiven(List<String> given, String flag) {
    return given.contains(flag)
        || given.contains(flag.substring(0, flag.indexOf('=')))
        || String.join(" ", given).contains(flag);
  }

  private static Check conscrypt() {
    try {
      // Whatever needs a key has it registered first.
      var _ = dev.custody.signing.FingerprintKey.ephemeral();
    } catch (IllegalStateException | LinkageError e) {
      return Check.failed("conscrypt", "cannot be loaded", "is the machine's /tmp mounted noexec?");
    }
    return Security.getProvider("Conscrypt") == null
        ? Check.failed("conscrypt", "is not registered", "install a whole build")
        : Check.ok("conscrypt", "signs and hashes");
  }

  private Check curl() {
    boolean found =
        Stream.of(path.split(":", -1))
            .filter(d -> !d.isEmpty())
            .anyMatch(d -> Files.isExecutable(Path.of(d, "curl")));
    return found
        ? Check.ok("curl", "is there for the forwarder")
        : Check.failed("curl", "is not on the PATH", "install curl: the forwarder needs it");
  }

  private static Check closed(String name, Path file, Set<PosixFilePermission> forbidden) {
    try {
      Set<PosixFilePermission> bits = Files.getPosixFilePermissions(file);
      String found = file + " " + PosixFilePermissions.toString(bits);
      if (bits.stream().anyMatch(forbidden::contains)) {
        return Check.failed(name, found, "chmod go-rwx " + file);
      }
      return Files.isWritable(file)
          ? Check.ok(name, found)
          : Check.note(name, found + ", of somebody else", "is this the user that runs custody?");
    } catch (IOException | UnsupportedOperationException e) {
      return Check.failed(name, file + " cannot be looked at", "is it yours?");
    }
  }

  private Check disk() {
    try {
      long free = Files.getFileStore(data).getUsableSpace() / MIB;
      String found = free + " MiB free at " + data;
      if (free < LEAST_MIB) {
        return Check.failed("disk", found, "make room: soon nothing can be recorded");
      }
      return free < SPOOL_MIB
          ? Check.note("disk", found, "the spool takes up to 2048 MiB while Kafka is away")
          : Check.ok("disk", found);
    } catch (IOException e) {
      return Check.failed("disk", data + " does not tell its free space", "is the disk mounted?");
    }
  }

  private java.util.Optional<Check> missed() {
    try {
      Path missed = data.resolve("missed");
      return Files.exists(missed) && Files.size(missed) > 0
          ? java.util.Optional.of(
              Check.note(
                  "missed hooks",
                  missed + " waits to be recorded",
                  "a running collector takes it within 10 s"))
          : java.util.Optional.empty();
    } catch (IOException e) {
      return java.util.Optional.empty();
    }
  }
}
