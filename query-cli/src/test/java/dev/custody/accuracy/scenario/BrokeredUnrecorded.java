package dev.custody.accuracy.scenario;

/** The provider's record of AssumeRole never arrives: only the broker says whose the key is. */
final class BrokeredUnrecorded implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    for (int i = session.dice().between(1, 2); i > 0; i--) {
      BrokeredCli.calls(name(), session, false);
    }
  }
}
