package dev.custody.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.detect.RuleMatcher;
import dev.custody.event.Event;
import dev.custody.local.RecordedSource;
import dev.custody.pipeline.Pipelines;
import dev.custody.sigma.LoadedRules;
import dev.custody.sigma.Placeholders;
import dev.custody.sigma.RuleSet;
import dev.custody.sigma.SigmaRule;
import dev.custody.source.records.RecordFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rules that others wrote, unmodified, on records of their providers, by the collector's own code.
 * {@code CUSTODY_SIGMA_RULES} names a directory that is laid out as SigmaHQ's; {@code
 * CUSTODY_CLOUDTRAIL_SAMPLES} one with CloudTrail records.
 */
@EnabledIfEnvironmentVariable(named = "CUSTODY_SIGMA_RULES", matches = ".+")
class PublicRulesFireTest {

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "cloudtrail, rules/cloud/aws/cloudtrail",
    "github, rules/application/github/audit",
    "kubernetes, rules/application/kubernetes/audit",
    "gcp, rules/cloud/gcp",
  })
  void everyRuleFiresOnARecordThatItIsWrittenForAndOnNoPlainOne(String source, String directory)
      throws IOException {
    Map<String, String> rules = new TreeMap<>();
    for (Path file : files(Path.of(System.getenv("CUSTODY_SIGMA_RULES"), directory))) {
      rules.put(file.getFileName().toString(), Files.readString(file));
    }
    assertThat(rules).isNotEmpty();
    Map<String, byte[]> files = new LinkedHashMap<>();
    rules.forEach((name, text) -> files.put(name, text.getBytes(UTF_8)));
    RuleSet set = RuleSet.of(Pipelines.shipped().context(Placeholders.none()), files);
    RuleMatcher matcher = new RuleMatcher(set);

    assertThat(hits(matcher, source, RecordForRule.plain(source, 0).toString())).isEmpty();
    List<String> silent = new ArrayList<>();
    int number = 1;
    for (Map.Entry<String, String> rule : rules.entrySet()) {
      String id =
          RuleSet.of(
                  Pipelines.shipped().context(Placeholders.none()),
                  Map.of(rule.getKey(), rule.getValue().getBytes(UTF_8)))
              .rules()
              .getFirst()
              .id();
      String record = RecordForRule.of(source, rule.getValue(), number++).toString();
      if (!hits(matcher, source, record).contains(id)) {
        silent.add(rule.getKey() + " on " + record);
      }
    }
    System.out.printf(
        "%s: %d of %d rules fire%n", directory, rules.size() - silent.size(), rules.size());
    assertThat(silent).isEmpty();
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CUSTODY_CLOUDTRAIL_SAMPLES", matches = ".+")
  void recordedAttacksFireRulesThatWereWrittenForThem() throws IOException {
    Path directory = Path.of(System.getenv("CUSTODY_SIGMA_RULES"), "rules/cloud/aws/cloudtrail");
    RuleSet set =
        LoadedRules.load(Pipelines.shipped().context(Placeholders.none()), directory).set();
    RuleMatcher matcher = new RuleMatcher(set);
    Map<String, Integer> hits = new TreeMap<>();
    int[] records = new int[2];
    RecordedSource.of("cloudtrail")
        .read(
            List.of(Path.of(System.getenv("CUSTODY_CLOUDTRAIL_SAMPLES"))),
            new ByteArrayInputStream(new byte[0]),
            new RecordedSource.Sink() {
              @Override
              public void events(RecordFiles.Item place, List<Event> events) {
                records[0]++;
                List<String> fired = matcher.hits(events.getFirst());
                records[1] += fired.isEmpty() ? 0 : 1;
                fired.forEach(id -> hits.merge(id, 1, Integer::sum));
              }

              @Override
              public void problem(RecordFiles.Problem problem) {
                throw new AssertionError(problem.toString());
              }
            });
    for (SigmaRule rule : set.rules()) {
      Integer count = hits.get(rule.id());
      if (count != null) {
        System.out.printf("%5d %s%n", count, rule.title());
      }
    }
    System.out.printf(
        "%d records, %d of them fire a rule, %d of %d rules fire%n",
        records[0], records[1], hits.size(), set.rules().size());
    assertThat(hits.values().stream().mapToInt(i -> i).sum()).isGreaterThan(10);
  }

  private static List<String> hits(RuleMatcher matcher, String source, String record) {
    List<String> hits = new ArrayList<>();
    RecordedSource.of(source)
        .read(
            List.of(Path.of("-")),
            new ByteArrayInputStream(record.getBytes(UTF_8)),
            new RecordedSource.Sink() {
              @Override
              public void events(RecordFiles.Item place, List<Event> events) {
                events.forEach(event -> hits.addAll(matcher.hits(event)));
              }

              @Override
              public void problem(RecordFiles.Problem problem) {
                throw new AssertionError(problem + " of " + record);
              }
            });
    return hits;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> path.toString().endsWith(".yml")).sorted().toList();
    }
  }
}
