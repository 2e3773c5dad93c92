package dev.custody.accuracy.scenario;

/** One kind of thing that an agent's session does, or that is done beside it. */
interface AgentScenario {
  /** Lets it happen now. */
  void play(AgentSession session);

  /** What tables call it. */
  default String name() {
    return getClass().getSimpleName();
  }
}
