package dev.custody.redact;

import java.util.List;

/** What may be stored, and what was taken out of it, in order of appearance. */
public record Redacted<T>(T value, List<Finding> findings) {
  public Redacted {
    findings = List.copyOf(findings);
  }
}
