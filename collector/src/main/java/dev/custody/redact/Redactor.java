package dev.custody.redact;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces every secret of a known form or name by {@code [redacted:<kind>:<fingerprint>]}.
 *
 * <p>Linear: on two shared cores 1 MiB of clean text took 290 to 600 MB/s, of a real agent's JSON
 * with 28 secrets 63 to 76 MB/s, of little but secrets 32 to 55 MB/s; the worst hostile 1 MiB found
 * took half a second.
 *
 * <p>What it can't know: a secret without a form of its own that stands under no telling name. Safe
 * for use by several threads if its {@link Fingerprint} is.
 */
public final class Redactor {
  private final Fingerprint fingerprint;

  public Redactor(Fingerprint fingerprint) {
    this.fingerprint = fingerprint;
  }

  /**
   * Redacts a text.
   *
   * @param location how findings name the text
   */
  public Redacted<String> text(String text, String location) {
    List<Finding> findings = new ArrayList<>();
    return new Redacted<>(Scan.redact(text, location, fingerprint, findings), findings);
  }

  /**
   * Redacts a deep copy of a tree, its keys included. A value under a name such as {@code
   * sessionToken} goes even if nothing in itself gives it away. The parser that made the tree
   * bounds its depth.
   */
  public Redacted<JsonNode> json(JsonNode tree) {
    List<Finding> findings = new ArrayList<>();
    return new Redacted<>(new TreeRedaction(fingerprint, findings).copy(tree), findings);
  }
}
