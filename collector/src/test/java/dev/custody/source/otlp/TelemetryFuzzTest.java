package dev.custody.source.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.fail;

import dev.custody.capture.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Recorded requests, damaged: each is taken or refused, and nothing else happens. */
final class TelemetryFuzzTest {
  private static final int ROUNDS = 600;
  private static final int LONGEST = 60_000;
  private static final byte[][] TOKENS = {
    "\"".getBytes(UTF_8),
    "[[".getBytes(UTF_8),
    "null".getBytes(UTF_8),
    "{\"stringValue\":1}".getBytes(UTF_8),
    "1e999".getBytes(UTF_8),
    "\\u0000".getBytes(UTF_8),
    "\\ud800".getBytes(UTF_8),
    "18446744073709551615".getBytes(UTF_8),
    {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f},
    {0x0a, 0x00},
  };

  @Test
  void whateverIsSentIsTakenOrRefused() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Recordings.Request> corpus = new ArrayList<>(Recordings.PROTOBUF);
    Recordings.JSON_RUNS.forEach(run -> corpus.addAll(Recordings.of(run)));
    corpus.removeIf(request -> request.body().length > LONGEST);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Recordings.Request request = corpus.get(random.nextInt(corpus.size()));
      byte[] damaged = damaged(request.body(), random);
      try {
        OtlpReceiver.Taken _ =
            new Intake()
                .take(
                    new Recordings.Request(
                        request.name(), request.signal(), request.encoding(), damaged));
      } catch (BadInputException | TooMuchException e) {
        refused++;
      } catch (Exception | StackOverflowError e) {
        fail("seed " + seed + " round " + round + " " + request, e);
      }
    }
    System.out.println(refused + " of " + ROUNDS + " refused");
    if (refused == 0 || refused == ROUNDS) {
      fail("seed " + seed + ": the damage is of no use, " + refused + " were refused");
    }
  }

  private static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int times = 1 + random.nextInt(2); times > 0 && bytes.length > 8; times--) {
      int at = random.nextInt(bytes.length - 4);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 2 -> {
          byte[] token = TOKENS[random.nextInt(TOKENS.length)];
          System.arraycopy(token, 0, bytes, at, Math.min(token.length, bytes.length - at));
        }
        case 3 -> {
          int length = Math.min(1 + random.nextInt(64), bytes.length - at);
          System.arraycopy(bytes, at, bytes, random.nextInt(bytes.length - length + 1), length);
        }
        default -> bytes[at] = (byte) ('0' + random.nextInt(10));
      }
    }
    return bytes;
  }
}
