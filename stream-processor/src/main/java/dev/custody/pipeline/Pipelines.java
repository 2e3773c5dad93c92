package dev.custody.pipeline;

import dev.custody.sigma.Logsource;
import dev.custody.sigma.Placeholders;
import dev.custody.sigma.RuleContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The pipelines of all kinds of sources. Immutable and safe to share between threads. */
public final class Pipelines {
  /** The product of what only Custody itself tells of; its log sources need no pipeline. */
  private static final String OWN = "custody";

  private static final List<String> KINDS = List.of("cloudtrail", "gcp", "github", "kubernetes");

  private static final Pipelines SHIPPED = new Pipelines(resources());

  private final Map<String, Pipeline> byKind = new TreeMap<>();
  private final String digest;

  private Pipelines(Map<String, byte[]> files) {
    files.forEach((kind, file) -> byKind.put(kind, PipelineFile.read(kind, file)));
    this.digest = digest(files);
  }

  /** Those that come with Custody. */
  public static Pipelines shipped() {
    return SHIPPED;
  }

  /** That of events whose source is of this kind ({@code cloudtrail}, {@code claude-code}, ...). */
  public Pipeline of(String sourceKind) {
    return Objects.requireNonNullElse(byKind.get(sourceKind), Pipeline.IDENTITY);
  }

  /** Whether any event can be what a rule with that log source applies to. */
  public boolean canServe(Logsource rule) {
    return OWN.equals(rule.product())
        || byKind.values().stream().anyMatch(pipeline -> pipeline.mayHave(rule));
  }

  /** What rules are loaded with: placeholders, and the names of these pipelines. */
  public RuleContext context(Placeholders placeholders) {
    return new RuleContext(placeholders, digest);
  }

  private static Map<String, byte[]> resources() {
    Map<String, byte[]> files = new TreeMap<>();
    for (String kind : KINDS) {
      String name = "/dev/custody/pipelines/" + kind + ".yml";
      try (InputStream in = Pipelines.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException(name + " is missing from the class path");
        }
        files.put(kind, in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  // SHA-256 over the name and the bytes of each file, in the order of the names, each behind its
  // length in eight bytes: as of a rule set.
  private static String digest(Map<String, byte[]> files) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      files.forEach((kind, file) -> {
        for (byte[] part : List.of(kind.getBytes(StandardCharsets.UTF_8), file)) {
          sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(0, part.length));
          sha256.update(part);
        }
      });
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
