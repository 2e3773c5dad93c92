package dev.custody.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file of tokens, one a line; empty lines and lines that begin with {@code #} are comments. A
 * client sends the first; a collector takes each of them, so that they can be changed one after the
 * other.
 */
public final class TokenFile {
  /** Environment variable that names a client's file. */
  public static final String VARIABLE = "CUSTODY_TOKEN_FILE";

  /** A client's file in its data directory, when the variable names none. */
  public static final String NAME = "http.token";

  /** Environment variable that names the file with which a client imports. */
  public static final String IMPORT_VARIABLE = "CUSTODY_IMPORT_TOKEN_FILE";

  /** That file in a data directory, where the collector of that directory makes it. */
  public static final String IMPORT_NAME = "import.token";

  /** Most tokens that are in force at once. */
  static final int MOST_TOKENS = 16;

  private static final int MAX_BYTES = 16 << 10;
  private static final int RANDOM_BYTES = 32;

  /** The characters of RFC 6750's b64token; 32 of them hold what nobody guesses. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{32,256}");

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private TokenFile() {}

  /**
   * The tokens in {@code file}, at least one.
   *
   * @throws TokenException when others may read or write it, or a line is no token
   */
  public static List<String> read(Path file) throws IOException {
    List<String> tokens = new ArrayList<>();
    int number = 0;
    for (String line : text(file).split("\n", -1)) {
      number++;
      String word = line.strip();
      if (word.isEmpty() || word.startsWith("#")) {
        continue;
      }
      if (!TOKEN.matcher(word).matches()) {
        throw new TokenException(
            "%s:%d: expected a token of 32 to 256 characters A-Za-z0-9._~+/=-, found something else; try: openssl rand -hex 32"
                .formatted(file, number),
            null);
      }
      tokens.add(word);
    }
    if (tokens.isEmpty() || tokens.size() > MOST_TOKENS) {
      throw new TokenException(
          "%s: expected 1 to %d tokens, found %d; try: openssl rand -hex 32"
              .formatted(file, MOST_TOKENS, tokens.size()),
          null);
    }
    return List.copyOf(tokens);
  }

  /**
   * What a client sends with the records that it imports.
   *
   * @throws TokenException when the file cannot be used, or is not there: nobody imports without
   */
  public static String importToken(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new TokenException(
          "%s is not there; try: copy the %s of the collector's data directory to it, or name another by --import-token-file or %s"
              .formatted(file, IMPORT_NAME, IMPORT_VARIABLE),
          null);
    }
    return read(file).getFirst();
  }

  /** The file that a client imports with, when no option names one. */
  public static Path ofImports(Map<String, String> environment, Path data) {
    String named = environment.get(IMPORT_VARIABLE);
    return named == null || named.isBlank() ? data.resolve(IMPORT_NAME) : Path.of(named);
  }

  private static String text(Path file) throws IOException {
    try {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
      if (!OWNER_ONLY.containsAll(rights)) {
        throw new TokenException(
            "%s has rights %s, expected rw-------; try: chmod 600 %s"
                .formatted(file, PosixFilePermissions.toString(rights), file),
            null);
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] all = in.readNBytes(MAX_BYTES + 1);
        if (all.length > MAX_BYTES) {
          throw new TokenException(
              "%s: expected at most %d bytes, found more; try: one token a line"
                  .formatted(file, MAX_BYTES),
              null);
        }
        return new String(all, StandardCharsets.US_ASCII);
      }
    } catch (NoSuchFileException e) {
      throw new TokenException(
          "%s is not there; try: copy the collector's token file to it, or have %s name another"
              .formatted(file, VARIABLE),
          e);
    }
  }

  /**
   * Makes {@code file} with one random token of 256 bits where there is none. It is durable before
   * this returns: a token that was handed out outlives a crash.
   *
   * @return whether it was made now
   */
  public static boolean makeIfMissing(Path file) throws IOException {
    if (Files.exists(file)) {
      return false;
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Path aside =
        Files.createTempFile(
            parent, ".token", ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      try (FileChannel out = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap((token + "\n").getBytes(StandardCharsets.US_ASCII));
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.createLink(file, aside);
      return true;
    } catch (FileAlreadyExistsException e) {
      // Another process made it first; its token is the one to use.
      return false;
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /**
   * The file that a client reads its token from: what {@link #VARIABLE} names, else {@link #NAME}
   * in its data directory where that is there.
   */
  public static Optional<Path> ofClient(Map<String, String> environment, Path data) {
    String named = environment.get(VARIABLE);
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    return Optional.of(data.resolve(NAME)).filter(Files::exists);
  }

  /**
   * What a client sends; empty where it has no file.
   *
   * @throws IOException when its file cannot be used: a request without a token would be refused,
   *     and nobody would know why
   */
  public static Optional<String> clientToken(Map<String, String> environment, Path data)
      throws IOException {
    Optional<Path> file = ofClient(environment, data);
    return file.isEmpty() ? Optional.empty() : Optional.of(read(file.get()).getFirst());
  }
}
