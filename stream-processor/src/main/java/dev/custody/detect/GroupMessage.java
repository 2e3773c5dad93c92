package dev.custody.detect;

import dev.custody.event.EventId;
import java.time.Instant;
import java.util.List;

/**
 * As what an event counts in a group of a correlation, from now on.
 *
 * @param event the event
 * @param occurredAt when it occurred, as its source claims
 * @param observedAt when it was observed
 * @param members as what it counts; empty when it is of the group no longer
 * @param again whether it may have counted otherwise before
 */
public record GroupMessage(
    EventId event,
    Instant occurredAt,
    Instant observedAt,
    List<GroupMember> members,
    boolean again) {
  public GroupMessage {
    members = List.copyOf(members);
  }
}
