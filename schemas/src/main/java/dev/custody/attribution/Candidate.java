package dev.custody.attribution;

import dev.custody.event.Agent;
import dev.custody.event.EventId;
import dev.custody.event.Human;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may have done it.
 *
 * @param agent null when no agent
 * @param human acting for
 * @param session session
 * @param prompt prompt
 * @param toolCall tool call
 * @param delegation delegation that the identifier names
 * @param grade grade
 * @param reasons why, in words
 * @param evidence events that show it
 * @param project project at work
 */
public record Candidate(
    @Nullable Agent agent,
    @Nullable Human human,
    @Nullable String session,
    @Nullable String prompt,
    @Nullable String toolCall,
    @Nullable String delegation,
    Grade grade,
    List<String> reasons,
    List<EventId> evidence,
    @Nullable String project) {
  public Candidate {
    reasons = List.copyOf(reasons);
    evidence = List.copyOf(evidence);
  }
}
