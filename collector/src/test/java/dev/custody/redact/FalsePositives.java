package dev.custody.redact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Counts what is redacted in bodies of ordinary text, which hold no secrets: {@code main PATH...},
 * each a directory, a file, a zip or - for what other commands write - standard input as {@code -}.
 */
final class FalsePositives {
  private static final int LARGEST_FILE = 4 << 20;

  private final Redactor redactor = new Redactor(RedactorTest::print);
  private final List<String> samples = new ArrayList<>();
  private final Map<String, Integer> byKind = new TreeMap<>();
  private long lines;
  private long hits;

  long lines() {
    return lines;
  }

  /** Lines in which something was replaced. */
  long hits() {
    return hits;
  }

  double share() {
    return lines == 0 ? 0 : (double) hits / lines;
  }

  List<String> samples() {
    return samples;
  }

  static void main(String[] bodies) throws IOException {
    System.out.printf("%-48s %12s %8s %9s  %s%n", "body", "lines", "hits", "share", "by kind");
    for (String body : bodies) {
      FalsePositives counted = new FalsePositives();
      if (body.equals("-")) {
        counted.text("-", System.in.readAllBytes());
      } else {
        counted.path(Path.of(body));
      }
      System.out.printf(
          Locale.ROOT,
          "%-48s %12d %8d %8.4f%%  %s%n",
          body,
          counted.lines,
          counted.hits,
          100 * counted.share(),
          counted.byKind);
      if (Boolean.getBoolean("custody.samples")) {
        counted.samples.forEach(System.out::println);
      }
    }
  }

  void path(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        files.filter(Files::isRegularFile).filter(this::isWanted).sorted().forEach(this::file);
      }
    } else {
      file(path);
    }
  }

  private boolean isWanted(Path file) {
    String path = file.toString();
    return !path.contains("/.git/") && !path.contains("/target/");
  }

  private void file(Path file) {
    try {
      if (file.toString().endsWith(".zip")) {
        zip(file);
      } else if (Files.size(file) <= LARGEST_FILE) {
        byte[] bytes = Files.readAllBytes(file);
        text(file.toString(), file.toString().endsWith(".gz") ? gunzipped(bytes) : bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gunzipped(byte[] bytes) throws IOException {
    try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
      return in.readNBytes(LARGEST_FILE);
    }
  }

  private void zip(Path file) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory()) {
          text(entry.getName(), zip.readAllBytes());
        }
      }
    }
  }

  private void text(String name, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0) {
      return; // Not text.
    }
    Redacted<String> redacted = redactor.text(text, name);
    lines += text.lines().count();
    if (redacted.findings().isEmpty()) {
      return;
    }
    for (Finding finding : redacted.findings()) {
      byKind.merge(finding.kind().id(), 1, Integer::sum);
    }
    for (String line : redacted.value().lines().toList()) {
      if (line.contains("[redacted:") && !text.contains(line)) {
        hits++;
        samples.add(name + ": " + line.strip());
      }
    }
  }
}
