package dev.custody.source.otlp;

import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.event.Event;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.SessionPlaces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes requests of OTLP/HTTP and records what they tell. Safe for use by several threads. */
public final class OtlpReceiver {
  /** Content that is recorded at once: of a large request the rest waits its turn. */
  private static final long PART_BYTES = 4 << 20;

  private static final String NO_AGENT =
      "expected records of a coding agent, found some of another sender";

  private final Observer observer;
  private final TelemetryEvents events;
  private final SessionRedactors redactors;
  private final List<Client> clients;

  /**
   * Receives what agents on {@code observer}'s machine send.
   *
   * @param redactors shared with the hooks of the same agents
   * @param places what those hooks tell of sessions
   */
  public OtlpReceiver(Observer observer, SessionRedactors redactors, SessionPlaces places) {
    this.observer = observer;
    this.events = new TelemetryEvents(observer, redactors, places);
    this.redactors = redactors;
    this.clients =
        List.of(
            new ClaudeCodeTelemetry(),
            new CodexTelemetry(places),
            new GeminiTelemetry(),
            new OpencodeTelemetry(),
            new GenAiSpans());
  }

  /**
   * What became of a request.
   *
   * @param recorded events that are now durable
   * @param repeated events that were before
   * @param refused records that were not taken
   * @param why why the first of those was not; null when all were taken
   */
  public record Taken(int recorded, int repeated, int refused, @Nullable String why) {}

  /**
   * Records what {@code body} tells, and then returns. A failure on the way leaves a part of it
   * recorded, and that part out when it is sent again.
   *
   * @throws BadInputException when it is no request of {@code signal}; nothing was recorded
   * @throws TooMuchException when it holds more than is looked at; nothing was recorded
   * @throws CaptureException when it cannot be made durable
   */
  public Taken receive(Signal signal, Encoding encoding, byte[] body, Recorder recorder)
      throws BadInputException, TooMuchException, CaptureException {
    Batch batch = Batch.read(signal, encoding, body);
    clients.forEach(client -> client.learn(batch.records().stream().filter(client::sent).toList()));
    Redactor sessionless = redactors.fresh();
    Recording recording = new Recording(recorder);
    int foreign = 0;
    for (Telemetry record : batch.records()) {
      Client client = clientOf(record);
      Event probe = client == null ? ProbeRecord.event(record, observer) : null;
      if (probe != null) {
        recording.add(List.of(probe));
      } else if (client == null) {
        foreign++;
      } else if (client.tells(record)) {
        recording.add(events.of(record, client, sessionless));
      }
    }
    recording.flush();
    String why = batch.why() == null && foreign > 0 ? NO_AGENT : batch.why();
    return new Taken(recording.recorded, recording.repeated, batch.refused() + foreign, why);
  }

  private @Nullable Client clientOf(Telemetry record) {
    for (Client client : clients) {
      if (client.sent(record)) {
        return client;
      }
    }
    return null;
  }

  /** Records in parts. */
  private static final class Recording {
    private final Recorder recorder;
    private final List<Event> waiting = new ArrayList<>();
    private long bytes;
    private int recorded;
    private int repeated;

    Recording(Recorder recorder) {
      this.recorder = recorder;
    }

    void add(List<Event> told) throws CaptureException {
      waiting.addAll(told);
      told.forEach(event -> bytes += event.content().size());
      if (bytes > PART_BYTES || waiting.size() > 2_000) {
        flush();
      }
    }

    void flush() throws CaptureException {
      if (!waiting.isEmpty()) {
        Recorder.Receipt receipt = recorder.record(List.copyOf(waiting));
        recorded += receipt.recorded();
        repeated += receipt.repeated();
        waiting.clear();
        bytes = 0;
      }
    }
  }
}
