package dev.custody.local;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.digest.Bytes;
import dev.custody.identity.Certificate;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;

/** A file of one signed certificate: the line {@code custody-certificate-v1 BASE64}. */
public final class CertificateFile {
  /** How its name ends. */
  public static final String SUFFIX = ".cert";

  private static final String HEADER = "custody-certificate-v1 ";
  private static final int MAX_BYTES = 64 << 10;

  private CertificateFile() {}

  /** The text of the file. */
  public static String text(Bytes signed) {
    return HEADER + Base64.getEncoder().encodeToString(signed.toByteArray()) + "\n";
  }

  /**
   * The signed certificate in {@code file}.
   *
   * @throws IOException when it cannot be read, or is of another form
   */
  public static Bytes read(Path file) throws IOException {
    if (Files.size(file) <= MAX_BYTES) {
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      if (text.startsWith(HEADER) && text.endsWith("\n")) {
        try {
          String encoded = text.substring(HEADER.length(), text.length() - 1);
          Bytes signed = new Bytes(Base64.getDecoder().decode(encoded));
          if (text(signed).equals(text)) {
            return signed;
          }
        } catch (IllegalArgumentException e) {
          throw new IOException(file + ": not base64: " + e.getMessage(), e);
        }
      }
    }
    throw new IOException(file + ": expected one line '" + HEADER + "BASE64', found another text");
  }

  /**
   * What {@code roots} certify in {@code file}.
   *
   * @throws IOException when it cannot be read, or no trusted root signed it
   */
  public static Certificate read(Path file, TrustedRoots roots) throws IOException {
    try {
      return roots.verify(read(file));
    } catch (UntrustedException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Writes it whole, in the place of one that is there. */
  public static void write(Path file, Bytes signed) throws IOException {
    replace(file, text(signed));
  }

  /** Puts {@code text} into {@code file}, whole or not at all. */
  static void replace(Path file, String text) throws IOException {
    Path aside = Path.of(file + ".new-" + ProcessHandle.current().pid());
    Files.writeString(aside, text);
    try (var out = FileChannel.open(aside, StandardOpenOption.WRITE)) {
      out.force(true);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
