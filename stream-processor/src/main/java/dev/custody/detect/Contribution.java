package dev.custody.detect;

import java.util.List;

/**
 * That an event is of a group of a correlation.
 *
 * @param correlation id of the correlation
 * @param key the group, as {@link dev.custody.window.GroupKey} has it, in hex
 * @param values what the group's events share, in the order of the correlation's group-by
 * @param members as what it counts
 */
public record Contribution(
    String correlation, String key, List<String> values, List<GroupMember> members) {
  public Contribution {
    values = List.copyOf(values);
    members = List.copyOf(members);
  }

  /** Whether it is of the same group. */
  boolean isOf(Contribution other) {
    return correlation.equals(other.correlation) && key.equals(other.key);
  }
}
