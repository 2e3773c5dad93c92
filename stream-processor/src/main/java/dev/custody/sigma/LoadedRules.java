package dev.custody.sigma;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What came of loading rules: those that can be used, and what is wrong with the others. One bad
 * document keeps none of the others from being loaded, except correlations that refer to it.
 *
 * @param set the rules that can be used; may be empty
 * @param refused documents and files that were not loaded, in the order of files and lines
 * @param warnings what an author should know of documents that were loaded, in that order
 */
public record LoadedRules(RuleSet set, List<Problem> refused, List<Problem> warnings) {
  /**
   * What is wrong.
   *
   * @param file as it was named to the loader
   * @param line from 1; 0 where the file as a whole is meant
   * @param rule title or id of the rule; empty where none is known
   * @param text what is wrong, and what was expected
   */
  public record Problem(String file, int line, String rule, String text) {
    static final Comparator<Problem> BY_PLACE =
        Comparator.comparing(Problem::file).thenComparingInt(Problem::line);

    static Problem of(RuleError error, String rule) {
      return new Problem(error.file(), error.line(), rule, error.problem());
    }

    @Override
    public String toString() {
      return file
          + (line > 0 ? ":" + line : "")
          + ": "
          + (rule.isEmpty() ? "" : "rule '" + rule + "': ")
          + text;
    }
  }

  /** Copies. */
  public LoadedRules {
    refused = List.copyOf(refused);
    warnings = List.copyOf(warnings);
  }

  /**
   * Loads rule files, and directories with all {@code *.yml} and {@code *.yaml} files below them.
   *
   * @throws RuleError if a root holds no rule file, or they are more than 20,000 files or 256 MiB
   * @throws IOException if they can't be read
   */
  public static LoadedRules load(RuleContext context, Path... roots) throws IOException {
    return RuleLinker.link(context, RuleFiles.read(roots));
  }

  /**
   * {@linkplain #load(RuleContext, Path...) Loads} files in the {@link RuleContext#plain()} one.
   */
  public static LoadedRules load(Path... roots) throws IOException {
    return load(RuleContext.plain(), roots);
  }

  /** Loads rule files that the caller has read, under their names, in the order of their names. */
  public static LoadedRules of(RuleContext context, Map<String, byte[]> files) {
    return RuleLinker.link(context, RuleFiles.of(files));
  }

  /** {@linkplain #of(RuleContext, Map) Loads} files in the {@link RuleContext#plain()} one. */
  public static LoadedRules of(Map<String, byte[]> files) {
    return of(RuleContext.plain(), files);
  }

  /** Whether there are rules, and none of them can be used. */
  public boolean isUseless() {
    return !refused.isEmpty() && set.documents().isEmpty();
  }
}
