package dev.custody.cli;

import dev.custody.signing.Protection;
import java.io.Console;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks for a passphrase at the terminal, without showing it; a new one twice. */
final class TerminalPassphrase implements Protection.PassphraseSource {
  private final Path directory;

  // A command opens the keys more than once; it asks once.
  private byte @Nullable [] known;

  TerminalPassphrase(Path directory) {
    this.directory = directory;
  }

  // It is null in Java 25 again, where no terminal is.
  @SuppressWarnings("SystemConsoleNull")
  @Override
  public byte[] read(boolean fresh) {
    byte[] before = known;
    if (before != null) {
      return before.clone();
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new CouldNotRunException(
          "the keys in %s need a passphrase, and there is no terminal to ask at"
              .formatted(directory),
          "--passphrase-file FILE, or CUSTODY_PASSPHRASE_FILE",
          null);
    }
    byte[] read = ask(console, "Passphrase for the keys in " + directory + ": ");
    if (fresh && !Arrays.equals(read, ask(console, "The same again: "))) {
      throw new CouldNotRunException("the two passphrases differ", "start again", null);
    }
    known = read;
    return read.clone();
  }

  private static byte[] ask(Console console, String prompt) {
    char[] typed = console.readPassword("%s", prompt);
    if (typed == null || typed.length == 0) {
      throw new CouldNotRunException("no passphrase was given", "start again", null);
    }
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    Arrays.fill(typed, ' ');
    encoded.clear();
    encoded.put(new byte[encoded.capacity()]);
    return bytes;
  }
}
