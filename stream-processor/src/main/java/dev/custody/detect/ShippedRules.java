package dev.custody.detect;

import dev.custody.sigma.RuleSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The detection rules that come with Custody, Sigma files beside this project's other resources.
 */
public final class ShippedRules {
  private static final List<String> FILES =
      List.of(
          "borrowed_identity.yml",
          "capture_gap_no_prompt.yml",
          "capture_gap_no_result.yml",
          "capture_gap_numbers.yml",
          "capture_gap_one_witness.yml",
          "capture_missed_hook.yml",
          "chain_integrity.yml",
          "collector_silent.yml",
          "credential_misuse.yml",
          "delegation_outside.yml",
          "delegation_unknown.yml",
          "mcp_tool_description_changed.yml",
          "orphan_cloud_call.yml",
          "secret_in_tool_result.yml");

  private ShippedRules() {}

  /** All of them. */
  public static RuleSet load() {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : FILES) {
      try (InputStream in = ShippedRules.class.getResourceAsStream("/dev/custody/rules/" + name)) {
        if (in == null) {
          throw new IllegalStateException("rule " + name + " is missing from the class path");
        }
        files.put(name, in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return RuleSet.of(files);
  }
}
