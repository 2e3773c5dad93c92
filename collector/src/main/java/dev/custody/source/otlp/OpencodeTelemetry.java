package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Body;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * opencode: its log is what its programmers print, a text or a pair of a text and its details; its
 * spans name sessions and tool calls. A sub-agent is a session of its own, as for its plugins.
 */
final class OpencodeTelemetry implements Client {
  private static final String PRODUCT = "opencode";
  private static final Pattern SESSION = Pattern.compile("ses_[A-Za-z0-9]{1,64}");

  /** What begins with it is no JSON: it holds {@code undefined}. */
  private static final Pattern CREATED = Pattern.compile("\\{\"id\":\"(ses_[A-Za-z0-9]{1,64})\"");

  @Override
  public String kind(Telemetry record) {
    return "opencode-otlp";
  }

  @Override
  public String product(Telemetry record) {
    return PRODUCT;
  }

  @Override
  public boolean sent(Telemetry record) {
    return record.service().equals(PRODUCT);
  }

  @Override
  public boolean tells(Telemetry record) {
    return !record.isSpan()
        || session(record) != null
        || call(record) != null
        || record.status() == 2;
  }

  @Override
  public @Nullable String session(Telemetry record) {
    if (record.isSpan()) {
      return record.identifier("session.id");
    }
    JsonNode details = details(record);
    String session = Telemetry.identifier(Telemetry.inner(details), "session.id");
    if (session == null && subject(record).equals("created") && details.isTextual()) {
      Matcher created = CREATED.matcher(details.textValue());
      session = created.lookingAt() ? created.group(1) : null;
    }
    return session != null && SESSION.matcher(session).matches() ? session : null;
  }

  @Override
  public String event(Telemetry record) {
    String subject = record.isSpan() ? "" : subject(record);
    return subject.isEmpty() || subject.length() > Telemetry.LONGEST_NAME ? record.name() : subject;
  }

  @Override
  public Told told(Telemetry record) {
    Told told = record.isSpan() ? span(record) : log(record);
    return told.within(null, call(record));
  }

  private Told log(Telemetry log) {
    String subject = subject(log);
    JsonNode details = Telemetry.inner(details(log));
    if (subject.equals("created") && session(log) != null) {
      return Prompts.sessionStarted(log);
    }
    String permission = Telemetry.text(details, "permission", Telemetry.LONGEST_NAME);
    if (subject.equals("evaluated") && permission != null) {
      return Calls.decided(
          permission,
          Telemetry.text(details.path("action"), "action", Telemetry.LONGEST_NAME),
          null);
    }
    return Told.of(new Body.Observed(event(log)), null);
  }

  private static Told span(Telemetry span) {
    String tool = span.text("tool.name");
    if (span.name().equals("Tool.execute") && tool != null) {
      return Calls.outcome(
          Calls.completed(tool, span.millis(), Calls.provider(tool, null), span.fields().path("")),
          span);
    }
    String called = span.text("ai.toolCall.name");
    if (span.name().equals("ai.toolCall") && called != null) {
      // Here a server's tool looks like any other.
      return Calls.outcome(
          Told.of(new Body.ToolCallCompleted(called, span.millis()), "tool:" + called)
              .of(null, span.inner("ai.toolCall.args")),
          span);
    }
    Told told = Calls.outcome(Told.observed(span), span);
    return span.name().startsWith("ai.") ? told.repeating() : told;
  }

  private static String subject(Telemetry log) {
    JsonNode body = log.body();
    return (body.isArray() ? body.path(0) : body).asText("");
  }

  private static JsonNode details(Telemetry log) {
    return log.body().path(1);
  }

  private static @Nullable String call(Telemetry record) {
    String call = record.identifier("tool.call_id");
    return call == null ? record.identifier("ai.toolCall.id") : call;
  }
}
