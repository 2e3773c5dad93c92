package dev.custody.detect;

import dev.custody.attribution.Grade;
import dev.custody.attribution.Position;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a finding rests on.
 *
 * @param key event id, or partition/offset of a record that was not admitted
 * @param occurredAt when
 * @param summary in words
 * @param kind kind of event, or name of the verdict
 * @param action action
 * @param resources resources
 * @param agent agent
 * @param human human
 * @param session session
 * @param prompt prompt
 * @param toolCall tool call
 * @param delegation delegation
 * @param grade how well it is known who did it
 * @param sourceAddress address it came from
 * @param position where to prove it
 */
public record Evidence(
    String key,
    Instant occurredAt,
    String summary,
    String kind,
    @Nullable String action,
    List<String> resources,
    @Nullable Agent agent,
    @Nullable Human human,
    @Nullable String session,
    @Nullable String prompt,
    @Nullable String toolCall,
    @Nullable String delegation,
    Grade grade,
    @Nullable String sourceAddress,
    Position position) {
  private static final int MOST_IN_BRIEF = 4;

  public Evidence {
    resources = List.copyOf(resources);
  }

  /** The same in other words, with the first of its resources only. */
  public Evidence inBrief(String words) {
    return new Evidence(
        key,
        occurredAt,
        words,
        kind,
        action,
        resources.subList(0, Math.min(MOST_IN_BRIEF, resources.size())),
        agent,
        human,
        session,
        prompt,
        toolCall,
        delegation,
        grade,
        sourceAddress,
        position);
  }
}
