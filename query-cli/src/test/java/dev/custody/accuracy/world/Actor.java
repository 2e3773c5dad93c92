package dev.custody.accuracy.world;

/** Who really did something. */
public sealed interface Actor {
  /**
   * An agent, with a tool.
   *
   * @param session its session
   * @param toolCall the call that did it
   * @param human for whom
   */
  record AgentCall(String session, String toolCall, String human) implements Actor {}

  /**
   * A human, by hand.
   *
   * @param email who
   */
  record ByHand(String email) implements Actor {}

  /**
   * Neither: a service, a job, somebody from outside.
   *
   * @param what a word for it
   */
  record Other(String what) implements Actor {}
}
