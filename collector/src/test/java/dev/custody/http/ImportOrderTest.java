package dev.custody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportOrderTest {
  private static final String IMPORT = "0123456789abcdef/";

  @Test
  void requestsOfAnImportAreRecordedInTheOrderOfTheirNumbersHoweverTheyArrive() throws Exception {
    long seed = System.nanoTime();
    ImportOrder order = new ImportOrder(Duration.ofSeconds(30));
    List<Integer> arrivals = new ArrayList<>(IntStream.range(0, 200).boxed().toList());
    Collections.shuffle(arrivals, new java.util.Random(new SplittableRandom(seed).nextLong()));
    List<Integer> recorded = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int number : arrivals) {
        done.add(
            threads.submit(() -> {
              Recorder.Turn turn = order.turn(IMPORT + number + "/0");
              turn.take();
              recorded.add(number);
              turn.pass();
              return null;
            }));
      }
      for (Future<?> one : done) {
        one.get();
      }
    }
    assertThat(recorded).as("seed %d", seed).isEqualTo(IntStream.range(0, 200).boxed().toList());
  }

  @Test
  void aRequestThatFailedIsWaitedForAndNotForEver() throws Exception {
    ImportOrder order = new ImportOrder(Duration.ofMillis(50));
    Recorder.Turn first = order.turn(IMPORT + "0/0");
    first.take();
    Recorder.Turn second = order.turn(IMPORT + "1/0");
    assertThatThrownBy(second::take)
        .isInstanceOf(CaptureException.class)
        .hasMessage("the request before this one of the same import did not come; send both again");
    Recorder.Turn again = order.turn(IMPORT + "0/0");
    again.take();
    again.pass();
    second.take();
  }

  @Test
  void whatAnotherCollectorAnsweredIsNotWaitedFor() throws Exception {
    ImportOrder order = new ImportOrder(Duration.ofMillis(50));
    order.turn(IMPORT + "7/7").take();
    Recorder.Turn eighth = order.turn(IMPORT + "8/7");
    assertThatThrownBy(eighth::take).isInstanceOf(CaptureException.class);
  }

  @Test
  void aPlaceInAnyOtherFormIsRefused() {
    ImportOrder order = new ImportOrder(Duration.ofMillis(50));
    for (String place : List.of("", "x", IMPORT + "1", IMPORT + "1/", IMPORT + "-1/0", "0/0/0")) {
      assertThatThrownBy(() -> order.turn(place)).as(place).isInstanceOf(Refusal.class);
    }
  }
}
