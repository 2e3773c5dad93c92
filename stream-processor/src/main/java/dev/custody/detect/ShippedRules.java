package dev.custody.detect;

import dev.custody.pipeline.Pipelines;
import dev.custody.sigma.Placeholders;
import dev.custody.sigma.RuleContext;
import dev.custody.sigma.RuleDocument;
import dev.custody.sigma.RuleSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The detection rules that come with Custody: Sigma files beside this project's other resources,
 * each in a folder of its own together with sequences of records that fire it and that must not.
 * The file {@code index.txt} names the folders; a jar cannot be asked for what is in it.
 */
public final class ShippedRules {
  private static final String ROOT = "/dev/custody/rules/";

  private ShippedRules() {}

  /** All of them, without values for placeholders. */
  public static RuleSet load() {
    return load(Pipelines.shipped().context(Placeholders.none()));
  }

  /** All of them. */
  public static RuleSet load(RuleContext context) {
    Map<String, byte[]> files = new TreeMap<>();
    for (String folder : folders()) {
      String name = folder + "/rule.yml";
      files.put(name, read(name));
    }
    return RuleSet.of(context, files);
  }

  /** The names of their folders, in order. */
  static List<String> folders() {
    return new String(read("index.txt"), StandardCharsets.UTF_8).lines().toList();
  }

  /** What the file of one folder holds. */
  static List<RuleDocument> documentsOf(String folder) {
    String name = folder + "/rule.yml";
    return RuleSet.of(Pipelines.shipped().context(Placeholders.none()), Map.of(name, read(name)))
        .documents();
  }

  private static byte[] read(String name) {
    try (InputStream in = ShippedRules.class.getResourceAsStream(ROOT + name)) {
      if (in == null) {
        throw new IllegalStateException("rule " + name + " is missing from the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
