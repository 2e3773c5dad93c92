package dev.custody.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in passing is what a whole reader finds. */
class SkimTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Skim skim(byte[] bytes, Random random) {
    Skim skim = new Skim();
    for (int at = 0; at < bytes.length; ) {
      int to = Math.min(bytes.length, at + 1 + random.nextInt(7));
      skim.take(bytes, at, to);
      at = to;
    }
    return skim;
  }

  private static Skim skim(String text) {
    return skim(text.replace('\'', '"').getBytes(UTF_8), new Random(1));
  }

  @Test
  void theMembersOfRandomMessagesAreFoundWhateverTheirOrder() throws Exception {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      ObjectNode message = JSON.createObjectNode();
      boolean text = random.nextBoolean();
      String method = random.nextBoolean() ? "tools/call" : "tools/list";
      for (int member : random.ints(0, 4).distinct().limit(4).toArray()) {
        switch (member) {
          case 0 -> message.put("jsonrpc", "2.0");
          case 1 -> {
            if (text) {
              message.put("id", "i\"" + seed + "\\}");
            } else {
              message.put("id", seed);
            }
          }
          case 2 -> message.put("method", method);
          default -> {
            message.putObject("params").put("name", "t\n" + seed).putArray("x").add("]}\"{");
            message.withObject("/params/arguments").put("id", "other").put("name", "other");
          }
        }
      }
      Skim skim = skim(JSON.writeValueAsBytes(message), random);
      String as = "seed " + seed;
      assertThat(skim.id()).as(as).isEqualTo(message.path("id").asText());
      assertThat(skim.hasTextId()).as(as).isEqualTo(text);
      assertThat(skim.method()).as(as).isEqualTo(method);
      assertThat(skim.tool()).as(as).isEqualTo("t\n" + seed);
      assertThat(skim.callsTool()).as(as).isEqualTo(method.equals("tools/call"));
      assertThat(skim.isMessage()).as(as).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'method':'tools/call'}",
        "{'m\\u0065thod':'tools\\/c\\u0061ll'}",
        "[{'id':1,'method':'ping'},{'method':'tools/call'}]",
        "{'method':'ping','method':'tools/call'}",
        "{'method':'tools/call','method':'ping'}",
        "noise {'method' : 'tools/call'}",
        "{} {'method':'tools/call'}",
        "]]]}}}{'method':'tools/call'}",
        "[[[[[[[[[\r{'method':'tools/call'}",
        "'open\r{'method':'tools/call'}",
        "{'params':{'x':'\\'}'},'method':'tools/call'"
      })
  void noCallOfAToolIsOverlooked(String text) {
    assertThat(skim(text).callsTool()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'method':'tools/list'}",
        "{'x':'method','y':'tools/call'}",
        "{'x':'\\'method\\':\\'tools/call\\''}",
        "{'method':['tools/call']}",
        "tools/call",
        ""
      })
  void whatIsNoCallDoesNotWait(String text) {
    assertThat(skim(text).callsTool()).isFalse();
  }

  @Test
  void howAResultEndedIsKnown() {
    assertThat(skim("{'id':1,'result':{'content':[],'isError':true}}").hasFailed()).isTrue();
    assertThat(skim("{'id':1,'result':{'content':{'isError':true}}}").hasFailed()).isFalse();
    assertThat(skim("{'error':{'code':1},'id':1}").isError()).isTrue();
    assertThat(skim("{'result':{'error':{}},'id':1}").isError()).isFalse();
  }

  @Test
  void noBytesAreTooOdd() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[4000];
      String alphabet = "{}[]\",:\\ \r\tu0aemthodtools/call";
      for (int i = 0; i < noise.length; i++) {
        noise[i] =
            random.nextInt(20) == 0
                ? (byte) random.nextInt()
                : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      Skim skim = skim(noise, random);
      assertThat(CollectorDelivery.outline(skim) == null || skim.isMessage()).isTrue();
    }
  }

  @Test
  void theNextMessageBeginsAnew() {
    Skim skim = skim("{'id':'1','method':'tools/call','x':['");
    skim.reset();
    byte[] next = "{\"id\":2,\"result\":{}}".getBytes(UTF_8);
    skim.take(next, 0, next.length);
    assertThat(skim.callsTool()).isFalse();
    assertThat(skim.id()).isEqualTo("2");
    assertThat(skim.method()).isNull();
  }
}
