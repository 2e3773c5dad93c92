package dev.custody.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.admission.UntrustedException;
import dev.custody.broker.RefusedException;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder;
import dev.custody.digest.Bytes;
import dev.custody.event.Event;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.source.delegation.DelegationSource;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.source.otlp.Signal;
import dev.custody.source.records.AuditLog;
import dev.custody.source.records.RecordReader;
import dev.custody.source.registration.RegistrationSource;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each path does. */
final class Handlers {
  private static final int MAX_DELEGATION_BYTES = 256 << 10;
  private static final int MAX_REGISTRATION_BYTES = 32 << 10;
  private static final int MAX_REVOCATION_BYTES = 4 << 10;
  private static final int MAX_CREDENTIAL_REQUEST_BYTES = 16 << 10;
  private static final List<String> HOOK_TYPES = List.of("application/json");
  private static final List<String> LINE_TYPES =
      List.of("application/x-ndjson", "application/json");
  private static final Duration IMPORT_WAIT = Duration.ofSeconds(10);
  private static final HeaderName IMPORT = HeaderNames.create(Routes.IMPORT_HEADER);
  private static final HeaderName DELEGATION = HeaderNames.create(Routes.DELEGATION_HEADER);
  private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);

  /**
   * What is sent back.
   *
   * @param body empty for a hook that is not denied: an agent is not influenced
   */
  record Answer(int status, @Nullable String type, Bytes body) {
    static final Answer EMPTY = new Answer(200, null, new Bytes(new byte[0]));

    static Answer json(int status, byte[] body) {
      return new Answer(status, "application/json", new Bytes(body));
    }

    static Answer text(String body) {
      return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", Bytes.utf8(body));
    }
  }

  @FunctionalInterface
  interface Endpoint {
    Answer answer(ServerRequest request) throws Refusal, CaptureException;
  }

  private final Admittance admittance;
  private final RequestBody bodies;
  private final Recorder recorder;
  private final Routes routes;
  private final RefusalLog refusals;

  /** Those that are ours; any other may hold what somebody pasted, and is not repeated. */
  private final Set<String> paths = new HashSet<>();

  private final ImportOrder order = new ImportOrder(IMPORT_WAIT);
  private final LargeBodies large = new LargeBodies();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Handlers(
      Admittance admittance,
      RequestBody bodies,
      Recorder recorder,
      Routes routes,
      RefusalLog refusals) {
    this.admittance = admittance;
    this.bodies = bodies;
    this.recorder = recorder;
    this.routes = routes;
    this.refusals = refusals;
  }

  void hook(HttpRouting.Builder routing, String path, HookSource source) {
    HookAnswer answers = new HookAnswer(source, threads, large, this::record);
    on(
        routing,
        Method.POST,
        path,
        request -> {
          byte[] body = bodies.read(request, HttpServer.MAX_BODY_BYTES, HOOK_TYPES);
          Bytes answer = answers.to(body, presented(request));
          return answer == null ? Answer.EMPTY : Answer.json(200, answer.toByteArray());
        });
  }

  private static @Nullable String presented(ServerRequest request) {
    return request.headers().first(DELEGATION).orElse(null);
  }

  Answer environment(ServerRequest request) throws Refusal, CaptureException {
    Admittance.requireLoopback(request);
    try {
      String lines =
          routes.environment().give(bodies.read(request, HttpServer.MAX_BODY_BYTES), this::record);
      return new Answer(200, "text/plain; charset=utf-8", Bytes.utf8(lines));
    } catch (BadInputException e) {
      throw new Refusal(400, e.getMessage());
    }
  }

  void lines(HttpRouting.Builder routing, AuditLog log) {
    RecordReader reader = new RecordReader(log);
    String path = log.shape().route();
    paths.add(path);
    Endpoint taking =
        request -> {
          Recorder.Turn turn = order.turn(request.headers().first(IMPORT).orElse(null));
          LineImport lines =
              read(bodies.read(request, HttpServer.MAX_BODY_BYTES, LINE_TYPES), reader);
          if (lines.refused() > 0) {
            refusals.add("POST", path, new Refusal(400, lines.refused() + " lines are no records"));
          }
          return Answer.json(200, lines.answer(record(lines.events(), turn)));
        };
    Endpoint guarded =
        request -> {
          admittance.requireImportToken(request);
          return only(Method.POST, taking).answer(request);
        };
    routing.any(path, (request, response) -> answer(request, response, guarded));
  }

  private LineImport read(byte[] body, RecordReader reader) throws Refusal {
    try (LargeBodies.Place _ = large.place(body)) {
      return LineImport.read(body, reader);
    }
  }

  // Telemetry changes nothing that is known of sessions: nobody but the log is told of it.
  void telemetry(HttpRouting.Builder routing) {
    OtlpReceiver receiver = routes.telemetry();
    if (receiver == null) {
      return;
    }
    TelemetryIntake intake = new TelemetryIntake(bodies, receiver, recorder, refusals);
    for (Signal signal : Signal.values()) {
      on(
          routing,
          Method.POST,
          signal.path(),
          request -> {
            Refusal.Form taken = intake.take(signal, request);
            return new Answer(200, taken.type(), taken.body());
          });
    }
  }

  Answer grant(ServerRequest request, DelegationSource delegations)
      throws Refusal, CaptureException {
    try {
      Event granted = delegations.event(bodies.read(request, MAX_DELEGATION_BYTES));
      Recorder.Receipt receipt = record(List.of(granted));
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("delegation", granted.delegation());
      answer.put("recorded", receipt.recorded());
      answer.put("repeated", receipt.repeated());
      return Answer.json(200, line(answer));
    } catch (BadInputException e) {
      throw new Refusal(400, e.getMessage());
    } catch (InvalidDelegationException e) {
      throw new Refusal(403, e.defect() + ": " + e.getMessage());
    }
  }

  Answer agent(ServerRequest request, RegistrationSource agents) throws Refusal, CaptureException {
    try {
      Event stated = agents.event(bodies.read(request, MAX_REGISTRATION_BYTES));
      Recorder.Receipt receipt = record(List.of(stated));
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("agent", stated.resources().getFirst());
      answer.put("recorded", receipt.recorded());
      answer.put("repeated", receipt.repeated());
      return Answer.json(200, line(answer));
    } catch (BadInputException e) {
      throw new Refusal(400, e.getMessage());
    } catch (UntrustedException e) {
      throw new Refusal(403, e.getMessage());
    }
  }

  Answer revoke(ServerRequest request, KeyRoutes keys) throws Refusal, CaptureException {
    try {
      Event revoked = keys.revocations().event(bodies.read(request, MAX_REVOCATION_BYTES));
      Recorder.Receipt receipt = record(List.of(revoked));
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("recorded", receipt.recorded());
      answer.put("repeated", receipt.repeated());
      return Answer.json(200, line(answer));
    } catch (UntrustedException e) {
      throw new Refusal(403, e.getMessage());
    }
  }

  Answer reload(ServerRequest request, KeyRoutes keys) throws Refusal, CaptureException {
    Admittance.requireLoopback(request);
    if (bodies.read(request, MAX_REVOCATION_BYTES).length > 0) {
      throw new Refusal(400, "expected no body: the collector reads its own key directory");
    }
    try {
      KeyReload.Reloaded reloaded = keys.reload().reload();
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("key", reloaded.key().hex());
      answer.put("rotated", reloaded.rotated());
      return Answer.json(200, line(answer));
    } catch (BadInputException e) {
      throw new Refusal(403, e.getMessage());
    }
  }

  /** The one answer that is secret: it goes to this machine only. */
  Answer credential(ServerRequest request) throws Refusal, CaptureException {
    Admittance.requireLoopback(request);
    try {
      byte[] body = bodies.read(request, MAX_CREDENTIAL_REQUEST_BYTES);
      return Answer.json(200, routes.credentials().credential(body));
    } catch (BadInputException e) {
      throw new Refusal(400, e.getMessage());
    } catch (RefusedException e) {
      throw new Refusal(e.status(), e.getMessage());
    }
  }

  static Answer health(Health health) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("status", health.spoolProblem() == null ? "ok" : "not recording");
    answer.put("spool", health.spoolProblem() == null ? "ok" : health.spoolProblem());
    answer.put("unpublished", health.unpublished());
    answer.put("kafka", health.kafkaProblem() == null ? "ok" : health.kafkaProblem());
    return Answer.json(health.spoolProblem() == null ? 200 : 503, line(answer));
  }

  private static byte[] line(ObjectNode json) {
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private Recorder.Receipt record(List<Event> events) throws CaptureException {
    return record(events, Recorder.Turn.AT_ONCE);
  }

  private Recorder.Receipt record(List<Event> events, Recorder.Turn turn) throws CaptureException {
    Recorder.Receipt receipt = recorder.record(events, turn);
    for (Event event : events) {
      noteDelegation(event);
    }
    try {
      routes.afterRecord().accept(events);
    } catch (RuntimeException e) {
      // The events are durable: whoever is told of them may not turn that into a refusal.
      LOG.error("told of recorded events, {} failed", e.getClass().getName());
    }
    return receipt;
  }

  // The event is durable: that the book could not note it is no refusal. It knows it until the
  // next start.
  private void noteDelegation(Event event) {
    try {
      routes.delegations().recorded(event);
    } catch (CaptureException e) {
      LOG.error("a delegation is not noted: {}", e.getMessage());
    }
  }

  void on(HttpRouting.Builder routing, Method method, String path, Endpoint endpoint) {
    paths.add(path);
    Endpoint guarded = withToken(only(method, endpoint));
    routing.any(path, (request, response) -> answer(request, response, guarded));
  }

  /** For those without a token, too. */
  void toAll(HttpRouting.Builder routing, Method method, String path, Endpoint endpoint) {
    paths.add(path);
    routing.any(path, (request, response) -> answer(request, response, only(method, endpoint)));
  }

  private static Endpoint only(Method method, Endpoint endpoint) {
    return request -> {
      if (!request.prologue().method().equals(method)) {
        throw new Refusal(405, "expected " + method.text());
      }
      return endpoint.answer(request);
    };
  }

  private Endpoint withToken(Endpoint endpoint) {
    return request -> {
      admittance.requireToken(request);
      return endpoint.answer(request);
    };
  }

  void otherwise(HttpRouting.Builder routing) {
    routing.any((request, response) ->
        answer(
            request,
            response,
            withToken(r -> {
              throw new Refusal(404, "nothing here");
            })));
  }

  private void answer(ServerRequest request, ServerResponse response, Endpoint endpoint) {
    try {
      admittance.check(request);
      Answer answer = endpoint.answer(request);
      if (answer.type() != null) {
        response.header(HeaderNames.CONTENT_TYPE, answer.type());
      }
      response.status(Status.create(answer.status())).send(answer.body().toByteArray());
      if (request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
        throw new CloseConnectionException("the client wanted one answer");
      }
    } catch (Refusal refusal) {
      refuse(request, response, refusal);
    } catch (CaptureException e) {
      refuse(request, response, new Refusal(503, e.getMessage()));
    } catch (CloseConnectionException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // Neither the message nor the trace: both may hold what was sent.
      LOG.error("{} at {}", e.getClass().getName(), where(e));
      refuse(request, response, new Refusal(500, "internal error; see the collector's log"));
    }
  }

  private static String where(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length == 0 ? "an unknown place" : trace[0].toString();
  }

  private static Refusal.Form ownForm(Refusal refusal) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("error", RefusalLog.neutral(refusal.reason()));
    return new Refusal.Form("application/json", new Bytes(line(answer)), 0);
  }

  private void refuse(ServerRequest request, ServerResponse response, Refusal refusal) {
    String path = request.path().rawPath();
    refusals.add(
        request.prologue().method().text(),
        paths.contains(path) ? path : "a path that is none of ours",
        refusal);
    Refusal.Form form = refusal.form() == null ? ownForm(refusal) : refusal.form();
    response.status(Status.create(refusal.status()));
    response.header(HeaderNames.CONTENT_TYPE, form.type());
    if (refusal.status() == 401) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"custody\"");
    }
    if (form.retryAfter() > 0) {
      response.header(HeaderNames.RETRY_AFTER, Integer.toString(form.retryAfter()));
    }
    // What is left of the body is not read.
    response.header(HeaderValues.CONNECTION_CLOSE);
    response.send(form.body().toByteArray());
    throw new CloseConnectionException("refused");
  }
}
