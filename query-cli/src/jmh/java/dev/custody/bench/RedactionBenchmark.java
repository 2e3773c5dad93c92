package dev.custody.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.redact.PatternException;
import dev.custody.redact.Redactor;
import dev.custody.redact.SecretPatterns;
import java.io.IOException;
import java.util.List;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What redaction costs: each operation is a text of 1 MiB, so that the score is MiB a second. With
 * {@code -p mib=4} the score is to be a quarter: the cost is linear.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class RedactionBenchmark {
  /** Kinds whose forms are known. */
  @Param({"30", "60", "120", "240"})
  public int kinds;

  /** What the text is. */
  @Param({
    "PROSE",
    "CODE",
    "AGENT_JSON",
    "CLOUDTRAIL",
    "SECRETS",
    "PREFIXES",
    "SIGNS",
    "WORDS",
    "NESTED_BASE64"
  })
  public BenchText text;

  /** Its length. */
  @Param("1")
  public int mib;

  private Redactor redactor = new Redactor((kind, secret) -> "0123456789ab");
  private String plain = "";
  private List<JsonNode> trees = List.of();

  /** Makes text and patterns. */
  @Setup
  public void prepare() throws IOException, PatternException {
    SecretPatterns patterns = SecretPatterns.only("bench", BenchText.patterns(kinds));
    redactor = new Redactor(patterns, (kind, secret) -> "0123456789ab");
    plain = text.make(mib << 20);
    trees = text.trees(mib << 20);
  }

  /** Redacts a tree where the text is one, else the text. */
  @Benchmark
  public void redact(Blackhole sink) {
    if (trees.isEmpty()) {
      sink.consume(redactor.text(plain, "bench"));
    }
    for (JsonNode tree : trees) {
      sink.consume(redactor.json(tree));
    }
  }

  /** The limit: looks at each character once, for one that is not there. */
  @Benchmark
  public int lookOnly() {
    int found = 0;
    for (int i = 0; i < plain.length(); i++) {
      found += plain.charAt(i) == '\u0001' ? 1 : 0;
    }
    return found;
  }

  static void main(String[] arguments) throws IOException {
    org.openjdk.jmh.Main.main(arguments);
  }
}
