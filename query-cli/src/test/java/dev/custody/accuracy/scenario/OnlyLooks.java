package dev.custody.accuracy.scenario;

/** The agent sees the project's key and never uses it. */
final class OnlyLooks implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    KeyFromFile.show(name(), session);
    session.bash(name(), "npm test", session.dice().seconds(2, 30), "ok");
  }
}
