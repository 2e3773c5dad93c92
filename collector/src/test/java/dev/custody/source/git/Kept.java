package dev.custody.source.git;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder;
import dev.custody.event.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What survives a collector: the recorded events and the stored tips, in memory. */
final class Kept implements Recorder, TipStore {
  final List<Event> events = new ArrayList<>();
  private final Map<String, byte[]> values = new HashMap<>();
  private final Set<String> ids = new HashSet<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private boolean full;
  private boolean forgetful;
  private boolean broken;
  int puts;

  @Override
  public synchronized Receipt record(List<Event> batch) throws CaptureException {
    if (full) {
      throw new CaptureException("the disk is full");
    }
    int recorded = 0;
    for (Event event : batch) {
      String id = event.source().id();
      if (id == null || ids.add(event.source().kind() + id)) {
        events.add(event);
        recorded++;
      }
    }
    first.countDown();
    return new Receipt(recorded, batch.size() - recorded);
  }

  @Override
  public synchronized byte @Nullable [] get(String name) {
    return values.get(name);
  }

  @Override
  public synchronized void put(String name, byte[] value) {
    if (broken) {
      throw new UncheckedIOException(new IOException("the store is broken"));
    }
    if (!forgetful) {
      values.put(name, value);
      puts++;
    }
  }

  /** As if another release had stored the values whose names begin with {@code prefix}. */
  synchronized void rewrite(String prefix, UnaryOperator<String> change) {
    values.replaceAll((name, value) ->
        name.startsWith(prefix)
            ? change
                .apply(new String(value, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8)
            : value);
  }

  /** Refuses to record from now on, or not any more. */
  synchronized void full(boolean value) {
    full = value;
  }

  /** As if the collector died before each put. */
  synchronized void forgetful(boolean value) {
    forgetful = value;
  }

  /** Fails at each put from now on, or not any more. */
  synchronized void broken(boolean value) {
    broken = value;
  }

  void awaitFirst() throws InterruptedException {
    first.await();
  }
}
