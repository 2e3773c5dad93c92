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
 * @param concerns what speaks against it, or should not be
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
    @Nullable String project,
    List<Concern> concerns) {
  public Candidate {
    reasons = List.copyOf(reasons);
    evidence = List.copyOf(evidence);
    concerns = List.copyOf(concerns);
  }

  /** One that nothing speaks against. */
  public Candidate(
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
    this(
        agent,
        human,
        session,
        prompt,
        toolCall,
        delegation,
        grade,
        reasons,
        evidence,
        project,
        List.of());
  }

  private Candidate with(
      @Nullable Human human,
      @Nullable String toolCall,
      @Nullable String delegation,
      Grade grade,
      List<String> reasons,
      List<EventId> evidence,
      List<Concern> concerns) {
    return new Candidate(
        agent,
        human,
        session,
        prompt,
        toolCall,
        delegation,
        grade,
        reasons,
        evidence,
        project,
        concerns);
  }

  /** The same, graded so, for these reasons. */
  public Candidate graded(Grade value, List<String> why) {
    return with(human, toolCall, delegation, value, why, evidence, concerns);
  }

  /** The same, for these reasons. */
  public Candidate because(List<String> why) {
    return graded(grade, why);
  }

  /** The same, with what speaks against it. */
  public Candidate concerned(List<Concern> value) {
    return with(human, toolCall, delegation, grade, reasons, evidence, value);
  }

  /** The same, under a delegation. */
  public Candidate under(@Nullable String value) {
    return with(human, toolCall, value, grade, reasons, evidence, concerns);
  }

  /** The same, acting for somebody else, or for the same person better known. */
  public Candidate actingFor(@Nullable Human value) {
    return with(value, toolCall, delegation, grade, reasons, evidence, concerns);
  }

  /** The same, in another tool call, or in none. */
  public Candidate during(@Nullable String call) {
    return with(human, call, delegation, grade, reasons, evidence, concerns);
  }

  /** The same, shown by these events. */
  public Candidate shownBy(List<EventId> events) {
    return with(human, toolCall, delegation, grade, reasons, events, concerns);
  }
}
