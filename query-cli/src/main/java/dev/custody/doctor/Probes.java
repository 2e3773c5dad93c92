package dev.custody.doctor;

import dev.custody.hook.Machine;
import dev.custody.hook.ProbeTarget;
import dev.custody.index.IndexException;
import dev.custody.index.IndexSearch;
import dev.custody.query.Filters;
import dev.custody.query.Query;
import dev.custody.query.QueryParser;
import dev.custody.query.QuerySyntaxException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends a probe on every way, then looks for them where answers come from. */
public final class Probes {
  private static final Duration SEND = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final Machine machine;
  private final HttpClient http;
  private final Path index;
  private final Duration wait;
  private final @Nullable String token;

  /**
   * Ways that are tried.
   *
   * @param machine the user's environment, in which what stands in settings is run
   * @param index where events are looked up
   * @param wait longest time until the last of them has to be there
   * @param token what the collector asks for; null for nothing
   */
  public Probes(
      Machine machine, HttpClient http, Path index, Duration wait, @Nullable String token) {
    this.machine = machine;
    this.http = http;
    this.index = index;
    this.wait = wait;
    this.token = token;
  }

  /** What became of a probe on each of {@code targets}. */
  public List<Check> send(List<ProbeTarget> targets) throws InterruptedException {
    List<Check> checks = new ArrayList<>();
    Map<Probe, Instant> sent = new LinkedHashMap<>();
    for (ProbeTarget target : targets) {
      Probe probe = Probe.of(target);
      Instant now = Instant.now();
      Check outcome = send(probe);
      if (outcome == null) {
        sent.put(probe, now);
      } else {
        checks.add(outcome);
      }
      if (target instanceof ProbeTarget.Telemetry telemetry) {
        checks.add(traces(telemetry));
      }
    }
    checks.addAll(look(sent));
    return checks;
  }

  /** Spans go where log records go, by a path of their own: an empty request is taken there. */
  private Check traces(ProbeTarget.Telemetry logs) throws InterruptedException {
    String url = logs.url().replaceFirst("/v1/logs$", "/v1/traces");
    String name = logs.wire().id() + " " + url;
    Check failure = post(name, url, "{\"resourceSpans\":[]}");
    return failure == null
        ? Check.ok(name, "takes an empty request; nothing is recorded")
        : failure;
  }

  /** What came of it; null when it was sent and is to be looked for. */
  private @Nullable Check send(Probe probe) throws InterruptedException {
    return switch (probe.target()) {
      case ProbeTarget.Url url -> post(probe.name(), url.url(), probe.body());
      case ProbeTarget.Telemetry telemetry -> post(probe.name(), telemetry.url(), probe.body());
      case ProbeTarget.Command command -> run(probe, command.command());
      case ProbeTarget.Plugin plugin -> new PluginTrial(machine).run(probe, plugin);
      case ProbeTarget.GitHook hook -> new GitTrial(machine).run(probe, hook);
    };
  }

  private @Nullable Check post(String name, String url, String body) throws InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(SEND)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body));
      if (token != null) {
        request.header("Authorization", "Bearer " + token);
      }
      int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
      return status / 100 == 2
          ? null
          : Check.failed(
              name,
              "the collector answers " + status,
              switch (status) {
                case 401 -> "it wants a token: copy its token file to DATA/http.token, mode 0600";
                case 404 -> "this collector does not listen for it: is it of the same version?";
                default -> "its log says why";
              });
    } catch (IOException | IllegalArgumentException e) {
      return Check.failed(
          name, "nobody answers", "is it the collector's port? custody hook install");
    }
  }

  private static @Nullable Check run(Probe probe, String command) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
    builder.environment().put("CUSTODY_MISSED", "/dev/null"); // A probe that fails is told here.
    builder.environment().remove("CLAUDE_ENV_FILE");
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(probe.body().getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(SEND.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return Check.failed(
            probe.name(), "runs for more than " + SEND.toSeconds() + " s", "custody hook install");
      }
      return process.exitValue() == 0
          ? null
          : Check.failed(
              probe.name(),
              "ends with " + process.exitValue(),
              "custody hook install writes it anew");
    } catch (IOException e) {
      return Check.failed(probe.name(), "cannot be run", "custody hook install writes it anew");
    }
  }

  private List<Check> look(Map<Probe, Instant> sent) throws InterruptedException {
    List<Check> checks = new ArrayList<>();
    Map<Probe, Instant> waiting = new LinkedHashMap<>(sent);
    long end = System.nanoTime() + wait.toNanos();
    String problem = "";
    while (!waiting.isEmpty()) {
      try (IndexSearch search = IndexSearch.open(index)) {
        problem = "";
        for (Probe probe : List.copyOf(waiting.keySet())) {
          if (isFound(search, probe.session())) {
            long millis = Duration.between(waiting.get(probe), Instant.now()).toMillis();
            checks.add(
                Check.ok(probe.name(), "arrived, and was found within %d ms".formatted(millis)));
            waiting.remove(probe);
          }
        }
      } catch (IndexException e) {
        problem = String.valueOf(e.getMessage());
      }
      if (System.nanoTime() > end) {
        break;
      }
      if (!waiting.isEmpty()) {
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
      }
    }
    for (Probe probe : waiting.keySet()) {
      checks.add(lost(probe, problem));
    }
    return checks;
  }

  private Check lost(Probe probe, String problem) {
    return problem.isEmpty()
        ? Check.failed(
            probe.name(),
            "was sent, and not found within " + wait.toSeconds() + " s",
            probe.target() instanceof ProbeTarget.GitHook
                ? "git's hooks speak to the collector of CUSTODY_COLLECTOR, or of CUSTODY_DATA or ~/.custody: is it this one?"
                : "is the port another collector's, or does the processor lag? custody doctor --wait 120")
        : Check.failed(
            probe.name(),
            "was sent, and cannot be looked up: " + problem,
            "run it where the index is: --data DIR");
  }

  private static boolean isFound(IndexSearch search, String session) {
    try {
      Query query =
          new QueryParser(Instant.now())
              .search(List.of(session), Filters.none(), Query.Order.NEWEST_FIRST, 1);
      return search.events(query).total() > 0;
    } catch (QuerySyntaxException e) {
      throw new IllegalStateException("a session's id is no question", e);
    }
  }
}
