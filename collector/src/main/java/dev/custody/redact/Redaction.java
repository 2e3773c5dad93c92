package dev.custody.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the secrets out of one text after the other, and notes what was taken. */
final class Redaction {
  /** How often what changed is looked at again, texts and trees alike. */
  static final int MOST_ROUNDS = 16;

  private final SecretPatterns patterns;
  private final Fingerprint fingerprint;
  private final List<Finding> findings;

  Redaction(SecretPatterns patterns, Fingerprint fingerprint, List<Finding> findings) {
    this.patterns = patterns;
    this.fingerprint = fingerprint;
    this.findings = findings;
  }

  SecretPatterns patterns() {
    return patterns;
  }

  /**
   * The text without its secrets; the same instance if there are none.
   *
   * @param location names the text in findings; made into text only if there is one
   */
  String of(String text, Object location) {
    // What a marker replaced may have hidden the name of what follows: again, until nothing
    // changes. What is wrapped is unwrapped when what is plain has gone.
    if (patterns.cleanTexts().has(text)) {
      return text;
    }
    String before = text;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      String after = plain(before, location);
      if (after.equals(before)) {
        after = wrapped(before, location);
      }
      if (after.equals(before)) {
        patterns.cleanTexts().keep(before);
        return before;
      }
      before = after;
    }
    return before;
  }

  /** A marker for a secret that is taken out as a whole. */
  String mark(SecretKind kind, String secret, Object location) {
    String print = fingerprint.of(kind, secret);
    findings.add(new Finding(kind, print, location.toString()));
    return Marker.of(kind, print);
  }

  private String plain(String text, Object location) {
    int first = patterns.triggers().next(text, 0);
    if (first == text.length()) {
      return text;
    }
    Scan scan = new Scan(text, patterns);
    Span span = scan.next(0, first);
    if (span == null) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    while (span != null) {
      String secret = text.substring(span.start(), span.end());
      out.append(text, copied, span.start()).append(mark(span.kind(), secret, location));
      copied = span.end();
      span = scan.next(copied);
    }
    return out.append(text, copied, text.length()).toString();
  }

  private String wrapped(String text, Object location) {
    String unbased = base64(text, location);
    if (!unbased.equals(text)) {
      return unbased;
    }
    String coloured =
        Unwrapped.hasColours(text) ? inside(Unwrapped.colours(text), text, location) : text;
    if (!coloured.equals(text)) {
      return coloured;
    }
    return Unwrapped.hasEscapes(text) ? inside(Unwrapped.escapes(text), text, location) : text;
  }

  /** Replaces what is a secret once a text's wrapping is off, wrapping included. */
  private String inside(Unwrapped unwrapped, String text, Object location) {
    String inner = unwrapped.text();
    if (inner.length() == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    Scan scan = new Scan(inner, patterns);
    int copied = 0;
    for (Span span = scan.next(0); span != null; span = scan.next(span.end())) {
      int start = unwrapped.start(span.start());
      int end = unwrapped.end(span.end());
      if (start < copied) {
        continue;
      }
      String secret = inner.substring(span.start(), span.end());
      out.append(text, copied, start).append(mark(span.kind(), secret, location));
      copied = end;
    }
    return copied == 0 ? text : out.append(text, copied, text.length()).toString();
  }

  private String base64(String text, Object location) {
    @Nullable StringBuilder out = null;
    int copied = 0;
    Base64Runs runs = new Base64Runs(text);
    for (Base64Runs.Run run = runs.next(); run != null; run = runs.next()) {
      String inner = run.text();
      Scan scan = new Scan(inner, patterns);
      String marker = null;
      for (Span span = scan.next(0); span != null; span = scan.next(span.end())) {
        String secret = inner.substring(span.start(), span.end());
        String mark = mark(span.kind(), secret, location);
        marker = marker == null ? mark : marker; // The run goes as a whole, under its first secret.
      }
      if (marker != null) {
        out = out == null ? new StringBuilder() : out;
        out.append(text, copied, run.start()).append(marker);
        copied = run.end();
      }
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }
}
