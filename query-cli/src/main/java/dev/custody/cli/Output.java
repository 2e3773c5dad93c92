package dev.custody.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Standard output of this process. */
final class Output {
  private Output() {}

  /** For programs: UTF-8, whatever the locale is. */
  static PrintStream stream() {
    return System.out.charset().equals(StandardCharsets.UTF_8)
        ? System.out
        : open(StandardCharsets.UTF_8);
  }

  /**
   * For people: colours only where a terminal shows them and {@code NO_COLOR} is not set; UTF-8
   * unless a terminal has another character set.
   */
  // It is null in Java 25 again, where no terminal is.
  @SuppressWarnings("SystemConsoleNull")
  static Terminal terminal() {
    boolean terminal = System.console() != null && System.console().isTerminal();
    Charset charset = terminal ? System.out.charset() : StandardCharsets.UTF_8;
    String noColour = System.getenv("NO_COLOR");
    boolean colours =
        terminal
            && (noColour == null || noColour.isEmpty())
            && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(
        terminal ? System.out : stream(), colours, charset.equals(StandardCharsets.UTF_8));
  }

  private static PrintStream open(Charset charset) {
    return new PrintStream(new FileOutputStream(FileDescriptor.out), false, charset);
  }
}
