package dev.custody.http;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Has the requests of one import recorded in the order of their numbers, while several of them are
 * read at once. A request that failed keeps its place: it is sent again, and those behind it wait.
 *
 * <p>What an import is called is its client's choice and lets it do nothing that it could not do
 * otherwise: who takes another's name only waits.
 */
final class ImportOrder {
  private static final Pattern FORM = Pattern.compile("([0-9a-f]{16})/([0-9]{1,15})/([0-9]{1,15})");
  private static final int MOST_IMPORTS = 64;

  private final Duration longestWait;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  // The next number of each import, the one used longest ago first.
  private final Map<String, Long> next = new LinkedHashMap<>(16, 0.75f, true);

  ImportOrder(Duration longestWait) {
    this.longestWait = longestWait;
  }

  /**
   * The turn of a request.
   *
   * @param place {@code IMPORT/NUMBER/ANSWERED}: all requests before {@code ANSWERED} were
   *     answered, perhaps by a collector that ran before this one; null for a request that is alone
   */
  Recorder.Turn turn(@Nullable String place) throws Refusal {
    if (place == null) {
      return Recorder.Turn.AT_ONCE;
    }
    Matcher form = FORM.matcher(place);
    if (!form.matches()) {
      throw new Refusal(
          400, Routes.IMPORT_HEADER + ": expected 16 hex digits and two numbers, / between them");
    }
    return new Place(form.group(1), Long.parseLong(form.group(2)), Long.parseLong(form.group(3)));
  }

  private final class Place implements Recorder.Turn {
    private final String name;
    private final long number;
    private final long answered;

    Place(String name, long number, long answered) {
      this.name = name;
      this.number = number;
      this.answered = answered;
    }

    @Override
    public void take() throws CaptureException {
      lock.lock();
      try {
        long left = longestWait.toNanos();
        while (Math.max(answered, next.getOrDefault(name, 0L)) < number) {
          if (left <= 0) {
            throw new CaptureException(
                "the request before this one of the same import did not come; send both again");
          }
          left = moved.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CaptureException("interrupted while waiting for its turn", e);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void pass() {
      lock.lock();
      try {
        next.merge(name, number + 1, Math::max);
        if (next.size() > MOST_IMPORTS) {
          next.remove(next.keySet().iterator().next());
        }
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
