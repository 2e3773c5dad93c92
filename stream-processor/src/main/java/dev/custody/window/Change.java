package dev.custody.window;

import dev.custody.event.EventId;
import java.util.List;

/**
 * What is to be told after a change of a group.
 *
 * @param raised matches to tell, or to tell anew because their evidence changed
 * @param gone matches to take back, by the events that completed them
 */
public record Change(List<Match> raised, List<EventId> gone) {
  /** Copies. */
  public Change {
    raised = List.copyOf(raised);
    gone = List.copyOf(gone);
  }
}
