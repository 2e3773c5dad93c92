package dev.custody.redact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every form of every kind in every text: none survives, in whatever form. */
class CorpusTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final long seed = Long.getLong("custody.seed", new Random().nextLong());
  private final Sampler sampler = new Sampler(new Random(seed));
  private final Redactor redactor = new Redactor(RedactorTest::print);

  @Test
  void noSecretSurvivesInAnyText() {
    Set<SecretKind> kinds = new HashSet<>();
    Map<String, List<String>> survivors = new TreeMap<>();
    int contexts = 0;
    for (Sample sample : sampler.all(SecretPatterns.builtIn())) {
      kinds.add(sample.kind());
      for (Carrier carrier : Carriers.all()) {
        if (carrier.carries(sample)) {
          contexts++;
          check(sample, carrier, survivors);
        }
      }
    }
    assertThat(survivors).as("seed %d, %d contexts", seed, contexts).isEmpty();
    assertThat(kinds).hasSizeGreaterThanOrEqualTo(60);
    assertThat(contexts).isGreaterThanOrEqualTo(500);
  }

  /** URL-safe base64 has the sign that options begin with. */
  @Test
  void aSecretThatBeginsWithDashesIsNotTakenForAnOption() {
    int found = 0;
    for (Sample sample : sampler.all(SecretPatterns.builtIn())) {
      if (!sample.isSelfTelling() && sample.before().isEmpty()) {
        String secret = dashed(sample);
        String json = "{\"%s\":\"%s\"}".formatted(sample.name(), secret);
        for (String text :
            List.of(
                "export " + sample.name() + "=" + secret + "\n",
                json,
                "run: " + Base64.getEncoder().encodeToString(json.getBytes(UTF_8)))) {
          String once = redactor.text(text, "x").value();
          assertThat(Survival.of(once, secret)).as("seed %d: %s", seed, text).isNull();
          found++;
        }
      }
    }
    assertThat(found).isGreaterThan(100);
  }

  /** As long as before, but for what only its randomness tells: what it loses may be its digit. */
  private static String dashed(Sample sample) {
    boolean byRandomness = sample.kind().equals(SecretKind.RANDOM_SECRET);
    return "--" + sample.secret().substring(byRandomness ? 0 : 2);
  }

  private void check(Sample sample, Carrier carrier, Map<String, List<String>> survivors) {
    String text = carrier.text(sample);
    String once = redactor.text(text, "x").value();
    String left = Survival.of(once, sample.secret());
    if (left != null) {
      survivors
          .computeIfAbsent(carrier.title(), title -> new ArrayList<>())
          .add(sample.kind().id() + " in " + text + " -> " + once);
    }
    assertThat(redactor.text(once, "x").value())
        .as("seed %d, again: %s", seed, text)
        .isEqualTo(once);
  }

  @Test
  void noSecretSurvivesInATree() throws JsonProcessingException {
    for (Sample sample : sampler.all(SecretPatterns.builtIn())) {
      for (Carrier carrier : Carriers.all()) {
        if (carrier.carries(sample)) {
          JsonNode tree =
              JsonNodeFactory.instance
                  .objectNode()
                  .put("tool_name", "Bash")
                  .set(
                      "tool_response",
                      JsonNodeFactory.instance.objectNode().put("stdout", carrier.text(sample)));
          JsonNode redacted = redactor.json(tree).value();
          assertThat(Survival.of(redacted.at("/tool_response/stdout").textValue(), sample.secret()))
              .as("seed %d: %s", seed, tree)
              .isNull();
        }
      }
      JsonNode named =
          JsonNodeFactory.instance.objectNode().put(sample.nameOr("ITEM"), sample.value());
      assertThat(
              Survival.of(JSON.writeValueAsString(redactor.json(named).value()), sample.secret()))
          .as("seed %d: %s", seed, named)
          .isNull();
    }
  }

  @Test
  void whatDiceMakeIsTakenForRandom() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    int found = 0;
    for (int i = 0; i < 1_000; i++) {
      String text = "SIGNING_KEY=" + sampler.of(alphabet, 32);
      found += redactor.text(text, "x").findings().size();
    }
    assertThat(found).as("seed %d, of 1000", seed).isGreaterThan(980);
  }
}
