package dev.custody.http;

import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder;
import dev.custody.source.otlp.Encoding;
import dev.custody.source.otlp.OtlpAnswer;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.source.otlp.Signal;
import dev.custody.source.otlp.TooMuchException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * OTLP/HTTP (the specification of OpenTelemetry's protocol 1.x): every answer is in the encoding of
 * its request; what may be sent again is told so by 503 and {@code Retry-After}.
 */
final class TelemetryIntake {
  /** Most bytes of a body that was compressed. */
  static final int MAX_DECOMPRESSED_BYTES = 32 << 20;

  /** Decoded, a request is many times as large: no more of them are held at once. */
  private static final int AT_ONCE = 2;

  private static final int WAIT_SECONDS = 10;
  private static final int RETRY_AFTER = 5;

  private final RequestBody bodies;
  private final OtlpReceiver receiver;
  private final Recorder recorder;
  private final RefusalLog refusals;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  TelemetryIntake(
      RequestBody bodies, OtlpReceiver receiver, Recorder recorder, RefusalLog refusals) {
    this.bodies = bodies;
    this.receiver = receiver;
    this.recorder = recorder;
    this.refusals = refusals;
  }

  /** The answer to {@code request}, once all that it tells is durable. */
  Refusal.Form take(Signal signal, ServerRequest request) throws Refusal {
    Encoding encoding = Encoding.of(request.headers().first(HeaderNames.CONTENT_TYPE).orElse(""));
    if (encoding == null) {
      throw told(
          Encoding.JSON,
          new Refusal(415, "expected Content-Type application/json or application/x-protobuf"));
    }
    try {
      return taken(signal, encoding, request);
    } catch (BadInputException e) {
      throw told(encoding, new Refusal(400, e.getMessage()));
    } catch (TooMuchException e) {
      throw told(encoding, new Refusal(413, e.getMessage()));
    } catch (CaptureException e) {
      throw told(encoding, new Refusal(503, e.getMessage()));
    } catch (Refusal refusal) {
      throw told(encoding, refusal);
    }
  }

  private Refusal.Form taken(Signal signal, Encoding encoding, ServerRequest request)
      throws Refusal, BadInputException, TooMuchException, CaptureException {
    RequestBody.Compressible sent = bodies.readCompressible(request, HttpServer.MAX_BODY_BYTES);
    if (!waitForPlace()) {
      throw new Refusal(503, "more telemetry arrives than can be taken; try again later");
    }
    try {
      OtlpReceiver.Taken taken =
          receiver.receive(signal, encoding, sent.plain(MAX_DECOMPRESSED_BYTES), recorder);
      if (taken.refused() > 0) {
        refusals.add(
            "POST", signal.path(), new Refusal(400, taken.refused() + " records: " + taken.why()));
      }
      return new Refusal.Form(
          encoding.contentType(),
          OtlpAnswer.taken(signal, encoding, taken.refused(), taken.why()),
          0);
    } finally {
      places.release();
    }
  }

  private boolean waitForPlace() {
    try {
      return places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Refusal told(Encoding encoding, Refusal refusal) {
    String reason = RefusalLog.neutral(refusal.reason());
    return new Refusal(
        refusal.status(),
        reason,
        new Refusal.Form(
            encoding.contentType(),
            OtlpAnswer.failed(encoding, refusal.status(), reason),
            refusal.status() == 503 ? RETRY_AFTER : 0));
  }
}
