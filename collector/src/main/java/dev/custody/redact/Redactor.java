package dev.custody.redact;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces every secret of a known form or name by {@code [redacted:<kind>:<fingerprint>]}; what it
 * finds, in which order, and what it can't: {@code docs/redaction.md}.
 *
 * <p>Linear in the length of the text. Safe for use by several threads if its {@link Fingerprint}
 * is.
 */
public final class Redactor {
  private final SecretPatterns patterns;
  private final Fingerprint fingerprint;

  /** Uses the patterns that are in force. */
  public Redactor(Fingerprint fingerprint) {
    this(SecretPatterns.inForce(), fingerprint);
  }

  public Redactor(SecretPatterns patterns, Fingerprint fingerprint) {
    this.patterns = patterns;
    this.fingerprint = fingerprint;
  }

  /**
   * Redacts a text.
   *
   * @param location how findings name the text
   */
  public Redacted<String> text(String text, String location) {
    List<Finding> findings = new ArrayList<>();
    String value = new Redaction(patterns, fingerprint, findings).of(text, location);
    return new Redacted<>(value, findings);
  }

  /**
   * A tree without its secrets, its keys included. A value under a name such as {@code
   * sessionToken} goes even if nothing in itself gives it away. The tree stays as it is; what of it
   * holds no secret is shared with the result, so neither may be changed afterwards. The parser
   * that made the tree bounds its depth.
   */
  public Redacted<JsonNode> json(JsonNode tree) {
    List<Finding> findings = new ArrayList<>();
    Redaction redaction = new Redaction(patterns, fingerprint, findings);
    // What a marker replaced may have hidden what a neighbour is: again, until nothing changes.
    JsonNode before = tree;
    for (int round = 0; round < Redaction.MOST_ROUNDS; round++) {
      JsonNode after = new TreeRedaction(redaction).copy(before);
      if (after.equals(before)) {
        break;
      }
      before = after;
    }
    return new Redacted<>(before, findings);
  }
}
