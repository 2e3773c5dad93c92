package dev.custody.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Whether a collector records. */
public final class CollectorChecks {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Instant BUILT_AFTER = Instant.parse("2025-01-01T00:00:00Z");

  /** Claims between clocks that are further apart go wrong; docs/architecture.md. */
  private static final Duration SKEW = Duration.ofSeconds(2);

  private final HttpClient http;
  private final String address;

  /** Of the collector at {@code address}. */
  public CollectorChecks(HttpClient http, String address) {
    this.http = http;
    this.address = address;
  }

  /** Its health, and the clocks. */
  public List<Check> all() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/health")).timeout(TIMEOUT).GET().build();
    try {
      HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
      JsonNode health = JSON.readTree(answer.body());
      List<Check> checks = new ArrayList<>(List.of(recording(answer.statusCode(), health)));
      checks.add(kafka(health));
      checks.add(clock(answer));
      return checks;
    } catch (IOException e) {
      return List.of(
          Check.failed(
              "collector",
              address + " does not answer",
              "custody up starts it; custody hook install --port N where it listens elsewhere"));
    }
  }

  private Check recording(int status, JsonNode health) {
    return status == 200
        ? Check.ok("collector", address + " records")
        : Check.failed(
            "collector",
            "%s answers %d: %s"
                .formatted(address, status, health.path("spool").asText("no reason")),
            "its log says more");
  }

  private static Check kafka(JsonNode health) {
    String kafka = health.path("kafka").asText("unknown");
    String waiting = health.path("unpublished").asLong() + " envelopes wait for Kafka";
    return kafka.equals("ok")
        ? Check.ok("kafka", waiting)
        : Check.failed("kafka", kafka + "; " + waiting, "start Kafka; capture goes on meanwhile");
  }

  private static Check clock(HttpResponse<?> answer) {
    Instant now = Instant.now();
    if (now.isBefore(BUILT_AFTER)) {
      return Check.failed("clock", "it is " + now, "set the machine's clock");
    }
    try {
      Instant there =
          ZonedDateTime.parse(
                  answer.headers().firstValue("Date").orElse(""),
                  DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant();
      // The header has whole seconds.
      Duration apart = Duration.between(there, now).abs().minusSeconds(1);
      return apart.compareTo(SKEW) > 0
          ? Check.failed(
              "clock",
              apart.toSeconds() + " s between this machine and the collector's",
              "have both follow NTP")
          : Check.ok("clock", "as the collector's");
    } catch (DateTimeParseException e) {
      return Check.note("clock", now + "; the collector tells no time", "");
    }
  }
}
