package dev.custody.sigma;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What beside its own text decides what a rule means; part of the {@linkplain RuleSet#digest()
 * digest} of the rules that are loaded with it.
 *
 * @param placeholders what stands for placeholders
 * @param fieldNames digest of the names by which events show their fields to rules; empty where
 *     these are the events' own
 */
public record RuleContext(Placeholders placeholders, String fieldNames) {
  private static final RuleContext PLAIN = new RuleContext(Placeholders.none(), "");

  /** No placeholder has values, and fields are named as events name them. */
  public static RuleContext plain() {
    return PLAIN;
  }

  /** What a digest covers, under names that no rule file has; what is empty is left out. */
  Map<String, byte[]> digested() {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    if (placeholders.content().length > 0) {
      parts.put("//placeholders", placeholders.content());
    }
    if (!fieldNames.isEmpty()) {
      parts.put("//field-names", fieldNames.getBytes(UTF_8));
    }
    return parts;
  }
}
