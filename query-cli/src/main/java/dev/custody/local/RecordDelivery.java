package dev.custody.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.source.records.RecordFiles;
import dev.custody.source.records.RecordShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Hands records to a collector, some hundred at a time and several requests at once, numbered so
 * that they are recorded in order. Not safe for use by several threads.
 *
 * <p>A collector that cannot record at the moment, or does not answer, is asked again for as long
 * as its {@link Patience} says. To deliver a record twice is harmless: it is known by its own id.
 */
public final class RecordDelivery implements AutoCloseable {
  private static final int BATCH_RECORDS = 250;
  private static final int BATCH_BYTES = 2 << 20;
  private static final int AT_ONCE = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CollectorClient collector;
  private final RecordShape shape;
  private final Patience patience;
  private final Consumer<RecordFiles.Problem> refusals;
  private final String name = HexFormat.of().formatHex(random());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Sent> underWay = new ArrayDeque<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private List<RecordFiles.Item> places = new ArrayList<>();
  private long number;

  // All requests before this number were answered; those under way say so.
  private final AtomicLong answered = new AtomicLong();
  private long recorded;
  private long repeated;
  private long refused;

  private record Sent(List<RecordFiles.Item> places, Future<JsonNode> answer) {}

  /**
   * How long to wait.
   *
   * @param busy for a collector that cannot record: Kafka is behind, or its disk is full
   * @param away for one that does not answer
   */
  public record Patience(Duration busy, Duration away) {
    /** Of a command that somebody waits for. */
    public static final Patience ONCE = new Patience(Duration.ofMinutes(5), Duration.ZERO);

    /** Of one that runs until it is stopped. */
    public static final Patience FOR_EVER =
        new Patience(Duration.ofDays(36_500), Duration.ofDays(36_500));
  }

  /** How much was delivered, and what became of it. */
  public record Counts(long recorded, long repeated, long refused) {}

  /**
   * Delivers records of {@code shape}.
   *
   * @param patience how long a collector is waited for
   * @param refusals told of each record that was refused, and why
   */
  public RecordDelivery(
      CollectorClient collector,
      RecordShape shape,
      Patience patience,
      Consumer<RecordFiles.Problem> refusals) {
    this.collector = collector;
    this.shape = shape;
    this.patience = patience;
    this.refusals = refusals;
  }

  private static byte[] random() {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    return random;
  }

  /** Delivers {@code item}, now or with others that follow. */
  public void add(RecordFiles.Item item) throws IOException, InterruptedException {
    byte[] line = item.record();
    if (places.size() >= BATCH_RECORDS || body.size() + line.length > BATCH_BYTES) {
      send();
    }
    body.writeBytes(line);
    body.write('\n');
    places.add(item.placeOnly());
  }

  /** Delivers all that was added: on return it is durable, or named as refused. */
  public void flush() throws IOException, InterruptedException {
    send();
    while (!underWay.isEmpty()) {
      takeAnswer();
    }
  }

  /** What is known by now. */
  public Counts counts() {
    return new Counts(recorded, repeated, refused);
  }

  private void send() throws IOException, InterruptedException {
    if (places.isEmpty()) {
      return;
    }
    while (underWay.size() >= AT_ONCE) {
      takeAnswer();
    }
    byte[] lines = body.toByteArray();
    long mine = number++;
    underWay.addLast(new Sent(places, threads.submit(() -> post(lines, mine))));
    body.reset();
    places = new ArrayList<>(BATCH_RECORDS);
  }

  private JsonNode post(byte[] lines, long mine) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      String why;
      Duration most = patience.away();
      try {
        CollectorClient.Answer answer =
            collector.records(shape, lines, name + '/' + mine + '/' + answered.get());
        if (answer.status() == 200) {
          return JSON.readTree(answer.body().toByteArray());
        }
        why = answer.status() + ": " + answer.reason();
        most = patience.busy();
        if (answer.status() != 503) {
          throw new RefusedException("the collector answered " + why);
        }
      } catch (RefusedException e) {
        throw e;
      } catch (IOException e) {
        why = e instanceof ConnectException ? "it does not listen" : String.valueOf(e.getMessage());
      }
      if (System.nanoTime() - begin + pause.toNanos() > most.toNanos()) {
        throw new IOException("the collector does not record: " + why);
      }
      Thread.sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  /** Asked again, the answer would be the same. */
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private void takeAnswer() throws IOException, InterruptedException {
    Sent sent = underWay.removeFirst();
    JsonNode answer = get(sent.answer());
    answered.incrementAndGet();
    recorded += answer.path("recorded").asLong();
    repeated += answer.path("repeated").asLong();
    for (JsonNode refusal : answer.path("refused")) {
      refused++;
      int line = Math.clamp(refusal.path("line").asLong() - 1, 0, sent.places().size() - 1);
      refusals.accept(sent.places().get(line).problem(refusal.path("reason").asText()));
    }
  }

  private static JsonNode get(Future<JsonNode> answer) throws IOException, InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case InterruptedException interrupted -> throw interrupted;
        case RuntimeException bug -> throw bug;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
