package dev.custody.cli;

import dev.custody.pipeline.Pipelines;
import dev.custody.sigma.Correlation;
import dev.custody.sigma.LoadedRules;
import dev.custody.sigma.Logsource;
import dev.custody.sigma.RuleDocument;
import dev.custody.sigma.RuleSet;
import dev.custody.sigma.SigmaRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The rules of files, or those that come with Custody. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description =
        "Lists rules: level, log source, id and title. Last comes the set's digest, which findings name.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody rule list                        those that come with Custody",
      "  custody rule list rules/ more.yml --json"
    })
final class RuleListCommand implements Callable<Integer>, ReadsOnly {
  @Parameters(
      paramLabel = "PATH",
      description = "Rule files and directories; without any those that come with Custody.")
  private List<Path> paths = List.of();

  @Option(
      names = "--json",
      description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
  private boolean json;

  @Mixin private RuleContextOptions context;

  @SuppressWarnings("NullAway.Init")
  RuleListCommand() {}

  @Override
  public Integer call() {
    LoadedRules loaded = RuleCommand.load(paths, context.context());
    RuleSet rules = loaded.set();
    int code =
        new Answers(json, "no rule is in these files", false)
            .print(
                rules.documents(),
                0,
                true,
                (lines, rule) -> write(lines, rule, rules.digest()),
                (terminal, rule) ->
                    terminal.line(
                        "%-13s  %-30s  %s  %s"
                            .formatted(level(rule), shownSource(rule), rule.id(), rule.title())));
    if (!json) {
      Terminal terminal = Output.terminal();
      terminal.line("%d rules, digest %s".formatted(rules.documents().size(), rules.digest()));
      terminal.flush();
    }
    return loaded.refused().isEmpty() ? code : ExitCode.COULD_NOT_RUN;
  }

  static String level(RuleDocument rule) {
    SigmaRule.Level level = rule.level();
    return level == null ? "unknown" : level.name().toLowerCase(Locale.ROOT);
  }

  /** The log source, and that no event has it where that is so. */
  private static String shownSource(RuleDocument rule) {
    return hasSource(rule) ? source(rule) : "no source: " + source(rule);
  }

  static boolean hasSource(RuleDocument rule) {
    return !(rule instanceof SigmaRule single) || Pipelines.shipped().canServe(single.logsource());
  }

  static String source(RuleDocument rule) {
    return switch (rule) {
      case Correlation correlation -> "correlation/" + correlation.type().written();
      case SigmaRule single -> source(single.logsource());
    };
  }

  private static String source(Logsource source) {
    return Stream.of(source.product(), source.category(), source.service())
        .filter(Objects::nonNull)
        .collect(Collectors.joining("/"));
  }

  private static void write(JsonLines lines, RuleDocument rule, String digest) {
    lines.line(json -> {
      json.writeStringField("rule", rule.id());
      json.writeStringField("title", rule.title());
      json.writeStringField("level", level(rule));
      json.writeStringField("logsource", source(rule));
      json.writeBooleanField("has_source", hasSource(rule));
      json.writeArrayFieldStart("tags");
      for (String tag : rule.tags()) {
        json.writeString(tag);
      }
      json.writeEndArray();
      json.writeStringField("rule_set", digest);
    });
  }
}
