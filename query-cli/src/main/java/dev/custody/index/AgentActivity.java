package dev.custody.index;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What one agent was seen to do.
 *
 * @param spiffeId the agent, as it was recorded
 * @param first claimed time of the oldest event
 * @param last claimed time of the newest
 * @param events how many
 * @param sessions newest first; empty when no event names one
 * @param humans whom it acted for
 * @param delegations ids that its acts were judged under, or presented
 */
public record AgentActivity(
    String spiffeId,
    Instant first,
    Instant last,
    long events,
    List<Session> sessions,
    Set<String> humans,
    Set<String> delegations) {
  /** Copies. */
  public AgentActivity {
    sessions = List.copyOf(sessions);
  }

  /**
   * One session: an instance of the agent.
   *
   * @param id session
   * @param first claimed time of its oldest event
   * @param last claimed time of its newest
   * @param events how many
   * @param humans whom it acted for
   * @param hosts machines that reported it
   * @param chains chains that hold what it reported, 32 hex digits each
   */
  public record Session(
      String id,
      Instant first,
      Instant last,
      long events,
      Set<String> humans,
      Set<String> hosts,
      Set<String> chains) {}
}
