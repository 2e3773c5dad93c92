package dev.custody.event;

import org.jspecify.annotations.Nullable;

/**
 * Where an event was learnt.
 *
 * @param kind adapter, for example claude-code, claude-code-otlp, cloudtrail, git, custody
 * @param event the source's own name of the kind of record, for example PostToolUse
 * @param id the source's own identifier of the record, for example CloudTrail eventID; never two
 *     events with one
 * @param version version of the source product, where it says so
 * @param sequence the source's own counter of its records; a gap in it is a lost record
 */
public record Source(
    String kind,
    @Nullable String event,
    @Nullable String id,
    @Nullable String version,
    @Nullable Long sequence) {

  /** A source that does not count its records. */
  public Source(
      String kind, @Nullable String event, @Nullable String id, @Nullable String version) {
    this(kind, event, id, version, null);
  }
}
