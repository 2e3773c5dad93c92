package dev.custody.source.agent;

import static dev.custody.source.agent.Recordings.json;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Event;
import dev.custody.sighting.TestObserver;
import dev.custody.wire.Formats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Bodies of every agent that are unknown, broken or hostile. */
final class OddBodiesTest {
  static final List<String> ALL = Recordings.ALL;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PLANTED = "sk_live_PLANTED0000000000000000zq";
  private static final int MUTANTS = 3;

  private final TestObserver observer = new TestObserver();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "codex|{'session_id':'s'}|hook_event_name: expected a name of 1 to 256 printable ASCII characters, found nothing",
        "codex|{'hook_event_name':'Stop','session_id':7}|session_id: expected an identifier of 1 to 256 printable ASCII characters, found number",
        "codex|{'thread-id':'t'}|type: expected a name of 1 to 256 printable ASCII characters, found nothing",
        "codex|{'type':'x','thread-id':[]}|thread-id: expected an identifier of 1 to 256 printable ASCII characters, found array",
        "gemini-cli|{'hook_event_name':'a b','session_id':'s'}|hook_event_name: expected a name of 1 to 256 printable ASCII characters, found other characters",
        "gemini-cli|{'hook_event_name':'BeforeTool'}|session_id: expected an identifier of 1 to 256 printable ASCII characters, found nothing",
        "opencode|{'input':{}}|hook: expected a name of 1 to 256 printable ASCII characters, found nothing",
        "opencode|{'hook':'tool.execute.before','input':{'sessionID':'a b'}}|input.sessionID: expected an identifier of 1 to 256 printable ASCII characters, found other characters",
        "opencode|{'hook':'chat.message'}|input.sessionID: expected an identifier of 1 to 256 printable ASCII characters, found nothing",
        "opencode|[]|body: expected a JSON object, found array",
        "gemini-cli|{'a':1,'a':1}|body: expected each name once in an object, found one twice",
        "codex|{'hook_event_name':'St|body: expected the rest of a JSON value, found the end"
      })
  void whatIsNoHookIsRefusedByField(String agent, String body, String message) {
    AgentHooks<?> hooks = Recordings.hooksOf(agent + "/", observer.of("dana"));
    assertThatThrownBy(() -> hooks.events(json(body)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aHookOfTheFutureIsRecordedOfEveryAgent() throws Exception {
    for (Map.Entry<String, String> body :
        Map.of(
                "codex/", "{'hook_event_name':'Teleport','session_id':'s','where':'mars'}",
                "gemini-cli/", "{'hook_event_name':'Teleport','session_id':'s','where':'mars'}",
                "opencode/", "{'hook':'Teleport','input':{'where':'mars'}}")
            .entrySet()) {
      Event event =
          Recordings.hooksOf(body.getKey(), observer.of("dana"))
              .events(json(body.getValue()))
              .getFirst();
      assertThat(event.type()).isEqualTo("Observed");
      assertThat(event.content().utf8()).contains("mars");
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void aMutatedBodyIsToldOrRefusedAndNothingOfItLeaks(String recording) throws Exception {
    AgentHooks<?> hooks = Recordings.hooksOf(recording, observer.of("dana"));
    int told = 0;
    List<byte[]> bodies = Recordings.bodies(recording);
    for (int i = 0; i < bodies.size(); i++) {
      for (int n = 0; n < MUTANTS; n++) {
        long seed = 1_000L * i + n;
        JsonNode mutant = mutated(JSON.readTree(bodies.get(i)), new Random(seed));
        told +=
            check(
                hooks, JSON.writeValueAsBytes(mutant), recording + " line " + i + " seed " + seed);
      }
    }
    assertThat(told).isPositive();
  }

  private static int check(AgentHooks<?> hooks, byte[] body, String as) throws Exception {
    List<Event> events;
    try {
      events = hooks.receive(body, null).events();
    } catch (BadInputException e) {
      assertThat(e.getMessage()).as(as).contains("expected", "found").doesNotContain(PLANTED);
      return 0;
    }
    assertThat(events).as(as).isNotEmpty();
    for (Event event : events) {
      byte[] encoded = Formats.EVENT.encode(event);
      assertThat(encoded.length).as(as).isLessThanOrEqualTo(Formats.MAX_EVENT_BYTES);
      // Half a surrogate pair becomes '?' in the encoding, which is what counts.
      assertThat(Formats.EVENT.encode(Formats.EVENT.decode(encoded))).as(as).isEqualTo(encoded);
      assertThat(new String(encoded, ISO_8859_1)).as(as).doesNotContain(PLANTED);
    }
    return 1;
  }

  @Test
  void anyBytesAreToldOrRefused() throws Exception {
    for (String agent : List.of("claude-code/", "codex/", "gemini-cli/", "opencode/")) {
      AgentHooks<?> hooks = Recordings.hooksOf(agent, observer.of("dana"));
      byte[] body = Recordings.bodies(recordingOf(agent)).get(6);
      for (long seed = 0; seed < 200; seed++) {
        Random random = new Random(seed);
        byte[] broken = body.clone();
        for (int k = 0; k < 1 + random.nextInt(4); k++) {
          broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
        }
        assertThat(check(hooks, broken, agent + " seed " + seed)).isBetween(0, 1);
      }
    }
  }

  private static String recordingOf(String agent) {
    return Recordings.ALL.stream().filter(r -> r.startsWith(agent)).findFirst().orElseThrow();
  }

  /** One to four changes anywhere. */
  private static JsonNode mutated(JsonNode tree, Random random) {
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      List<JsonNode> inner = new ArrayList<>();
      collect(tree, inner);
      JsonNode at = inner.get(random.nextInt(inner.size()));
      if (at instanceof ObjectNode object) {
        change(object, random);
      } else if (at instanceof ArrayNode array) {
        array.add(odd(random));
      }
    }
    return tree;
  }

  private static void change(ObjectNode object, Random random) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty()) {
      object.set("added", odd(random));
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    switch (random.nextInt(5)) {
      case 0 -> object.remove(name);
      case 1 -> object.set("x" + name, object.path(name).deepCopy());
      case 2 -> object.put(name, "API_KEY=" + PLANTED + "\n" + object.path(name).asText());
      default -> object.set(name, odd(random));
    }
  }

  private static void collect(JsonNode tree, List<JsonNode> inner) {
    if (tree.isContainerNode()) {
      inner.add(tree);
      tree.forEach(child -> collect(child, inner));
    }
  }

  private static JsonNode odd(Random random) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (random.nextInt(9)) {
      case 0 -> make.nullNode();
      case 1 -> make.numberNode(random.nextLong());
      case 2 -> make.numberNode(1e308);
      case 3 -> make.booleanNode(random.nextBoolean());
      case 4 -> make.arrayNode().add(1).add("x").add(make.objectNode().put("callID", "c"));
      case 5 -> make.objectNode().put("sessionID", "other").put("command", "git commit");
      case 6 -> make.textNode("");
      case 7 ->
          make.textNode(
              "\u0000\ud83d [main 1234567] x\n*** Add File: \u0000\n"
                  + "y".repeat(random.nextInt(5_000)));
      default -> make.textNode(new String(new byte[] {(byte) 0xc3, (byte) 0xa9}, UTF_8));
    };
  }
}
