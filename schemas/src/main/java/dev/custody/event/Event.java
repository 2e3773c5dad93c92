package dev.custody.event;

import dev.custody.digest.Bytes;
import dev.custody.digest.Salt;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened, as one collector signed it.
 *
 * @param salt 32 fresh random bytes, never copied to anything derived
 * @param id identifier of this event
 * @param occurredAt claimed by the source
 * @param observedAt the collector's clock; equals the Kafka timestamp
 * @param source where it was learnt
 * @param host the collector's machine
 * @param actor who is said to have acted
 * @param session agent session
 * @param prompt prompt within the session
 * @param toolCall tool call within the prompt
 * @param toolProvider who supplies the tool
 * @param trace trace context
 * @param delegation delegation that was presented
 * @param project directory or repository at work
 * @param resources ARNs, paths or URLs that are touched or named
 * @param action for example s3:DeleteBucket, tool:Bash, git:commit
 * @param outcome what came of it
 * @param outcomeReason error code or reason
 * @param identifiers public identifiers that the record shows
 * @param redactions secrets replaced before signing
 * @param content the redacted source record, UTF-8 JSON; empty when there is none
 * @param contentKey key that content is encrypted with; empty: in the clear
 * @param contentOmitted bytes left out of content to keep the event within its limit
 * @param body what kind of event
 */
public record Event(
    Salt salt,
    EventId id,
    Instant occurredAt,
    Instant observedAt,
    Source source,
    Host host,
    Actor actor,
    @Nullable String session,
    @Nullable String prompt,
    @Nullable String toolCall,
    @Nullable ToolProvider toolProvider,
    @Nullable TraceContext trace,
    @Nullable String delegation,
    @Nullable String project,
    List<String> resources,
    @Nullable String action,
    Outcome outcome,
    @Nullable String outcomeReason,
    List<Identifier> identifiers,
    List<Redaction> redactions,
    Bytes content,
    String contentKey,
    long contentOmitted,
    Body body)
    implements EventView {
  public Event {
    resources = List.copyOf(resources);
    identifiers = List.copyOf(identifiers);
    redactions = List.copyOf(redactions);
  }

  @Override
  public String type() {
    return body.name();
  }
}
