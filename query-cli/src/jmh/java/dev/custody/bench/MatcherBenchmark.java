package dev.custody.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.detect.RuleMatcher;
import dev.custody.event.Event;
import dev.custody.local.RecordedSource;
import dev.custody.sigma.RuleSet;
import dev.custody.source.records.RecordFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an event costs that is put before rules, its JSON read anew each time: the score is events a
 * second of one thread. The first ten rules are the same whatever their number, and have to find
 * the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MatcherBenchmark {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 1;
  private static final int RECORDS = 2_000;
  private static final int FEW = 10;
  private static final int RULES_OF_FILE = 500;

  /** Rules that are loaded. */
  @Param({"10", "100", "1000", "3000"})
  public int rules;

  /** Where the events come from. */
  @Param({"cloudtrail", "claude-code"})
  public String source = "cloudtrail";

  private List<Event> events = List.of();
  private RuleMatcher matcher = new RuleMatcher(RuleSet.of(Map.of()));
  private int next;

  /** Makes events and rules, and compares what the first ten find among all and alone. */
  @Setup
  public void prepare() throws IOException {
    events = events();
    matcher = matcher(rules);
    RuleMatcher few = matcher(FEW);
    Set<String> first = new HashSet<>();
    for (int i = 0; i < FEW; i++) {
      first.add(id(i));
    }
    int hits = 0;
    for (Event event : events) {
      List<String> alone = few.hits(event);
      List<String> among = matcher.hits(event).stream().filter(first::contains).toList();
      if (!alone.equals(among)) {
        throw new IllegalStateException("expected " + alone + ", found " + among);
      }
      hits += alone.size();
    }
    if (hits == 0) {
      throw new IllegalStateException("the first rules find nothing");
    }
  }

  private List<Event> events() throws IOException {
    Path file = Files.createTempFile("bench", ".json");
    try {
      if (source.equals("cloudtrail")) {
        GeneratedTrail.write(file, RECORDS, SEED);
      } else {
        try (InputStream in =
            Objects.requireNonNull(
                MatcherBenchmark.class.getResourceAsStream(
                    "/agents/claude-code-2.1.330-incident.jsonl"))) {
          StringBuilder hooks = new StringBuilder();
          for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
            JsonNode body = JSON.readTree(line).path("body");
            hooks.append(body.has("hook_event_name") ? body + "\n" : "");
          }
          Files.writeString(file, hooks);
        }
      }
      List<Event> read = new ArrayList<>();
      RecordedSource.of(source)
          .read(
              List.of(file),
              InputStream.nullInputStream(),
              new RecordedSource.Sink() {
                @Override
                public void events(RecordFiles.Item place, List<Event> events) {
                  read.addAll(events);
                }

                @Override
                public void problem(RecordFiles.Problem problem) {
                  throw new IllegalStateException(problem.toString());
                }
              });
      return read;
    } finally {
      Files.delete(file);
    }
  }

  private static RuleMatcher matcher(int rules) {
    SplittableRandom random = new SplittableRandom(SEED);
    Map<String, byte[]> files = new HashMap<>();
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < rules; i++) {
      file.append(file.isEmpty() ? "" : "---\n").append(i < FEW ? common(i) : rule(i, random));
      // A file has a bound.
      if (i % RULES_OF_FILE == RULES_OF_FILE - 1 || i == rules - 1) {
        String name = "bench-%04d.yml".formatted(i);
        files.put(name, file.toString().getBytes(StandardCharsets.UTF_8));
        file.setLength(0);
      }
    }
    return new RuleMatcher(RuleSet.of(files));
  }

  private static String id(int number) {
    return "bench-" + number;
  }

  /** Rules that the events fire now and then. */
  private static String common(int i) {
    return switch (i % 5) {
      case 0 -> cloud(i, "eventName: Decrypt", "sourceIPAddress|cidr: 10.0.0.0/8");
      case 1 -> cloud(i, "eventName|startswith: Put", "userAgent|contains: boto3");
      case 2 -> agent(i, "tool_input.command|contains: docker", "custody.secrets: 0");
      case 3 -> agent(i, "tool_input.command|re: '(docker|git) .*co(nfig|mmit)'", "a: b");
      // Has every command parsed, and what it does worked out.
      default -> agent(i, "custody.acts: [reads-secret-file, egress]", "custody.agent: codex");
    };
  }

  /** As public sets have them: many on an event's name, many on parts of a command, some words. */
  private static String rule(int i, SplittableRandom random) {
    String word = word(random);
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> cloud(i, "eventName: [Put%s, Create%<s]".formatted(word), "errorCode: Denied");
      case 3 ->
          cloud(i, "eventSource: %s.amazonaws.com".formatted(word), "userAgent|contains: " + word);
      case 4, 5, 6 ->
          agent(
              i,
              "tool_input.command|contains: ['%s --', '/usr/bin/%<s']".formatted(word),
              "tool_input.command|contains: '--help'");
      case 7 ->
          agent(
              i,
              "tool_input.command|contains|all: ['%s', '-%s']".formatted(word, word(random)),
              "cwd|endswith: /tmp");
      case 8 -> agent(i, "tool_input.command|re: '%s\\s+-[a-z]+'".formatted(word), "a: b");
      default -> agent(i, "tool_input.file_path|endswith: /%s.conf".formatted(word), "a: b");
    };
  }

  private static String word(SplittableRandom random) {
    StringBuilder word = new StringBuilder();
    for (int length = random.nextInt(4, 10); length > 0; length--) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private static String cloud(int i, String selection, String filter) {
    return text(i, "{product: aws, service: cloudtrail}", selection, filter);
  }

  private static String agent(int i, String selection, String filter) {
    return text(i, "{product: custody, category: agent_event}", selection, filter);
  }

  private static String text(int i, String logsource, String selection, String filter) {
    return """
    title: Rule %d
    id: %s
    level: low
    logsource: %s
    detection:
      selection:
        %s
      filter:
        %s
      condition: selection and not filter
    """
        .formatted(i, id(i), logsource, selection, filter);
  }

  /** One event. */
  @Benchmark
  public List<String> match() {
    next = next + 1 == events.size() ? 0 : next + 1;
    return matcher.hits(events.get(next));
  }

  static void main(String[] arguments) throws IOException {
    org.openjdk.jmh.Main.main(arguments);
  }
}
