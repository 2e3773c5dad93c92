package dev.custody.detect;

import dev.custody.event.EventId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an event counts otherwise in a group than before.
 *
 * @param members as what it counts now
 * @param again whether it counted before
 */
record GroupChanges(List<GroupMember> members, boolean again) {
  /** By group, where an event counted as {@code before} and counts as {@code now}. */
  static Map<String, GroupChanges> between(List<Contribution> before, List<Contribution> now) {
    Map<String, GroupChanges> changes = new LinkedHashMap<>();
    for (Contribution old : before) {
      if (in(old, now) == null) {
        changes.put(old.key(), new GroupChanges(List.of(), true));
      }
    }
    for (Contribution each : now) {
      Contribution old = in(each, before);
      if (old == null || !old.members().equals(each.members())) {
        changes.put(each.key(), new GroupChanges(each.members(), old != null));
      }
    }
    return changes;
  }

  private static @Nullable Contribution in(Contribution one, List<Contribution> all) {
    return all.stream().filter(one::isOf).findFirst().orElse(null);
  }

  GroupMessage message(EventId event, Instant occurredAt, Instant observedAt) {
    return new GroupMessage(event, occurredAt, observedAt, members, again);
  }
}
