package dev.custody.local;

import dev.custody.identity.AgentId;
import dev.custody.identity.AgentStatement;
import dev.custody.signing.KeyException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/** Where a human registers and retires agents, with the human's own key. */
public final class AgentDesk {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 8;

  private AgentDesk() {}

  /**
   * Signs what {@code human} states of {@code agent}, and has the collector record it.
   *
   * @throws KeyException when the human's key cannot be used
   * @throws IOException when the root is not at hand, or the collector does not take it
   */
  public static AgentStatement state(
      Installation installation,
      AgentStatement.Kind kind,
      AgentId agent,
      String human,
      CollectorClient collector)
      throws KeyException, IOException, InterruptedException {
    Instant now = Instant.now();
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    AgentStatement statement =
        new AgentStatement("agt-" + HexFormat.of().formatHex(random), kind, human, agent, now);
    Installation.EnrolledHuman enrolled = installation.enrol(human, now);
    collector.agent(enrolled.signer().sign(statement), enrolled.certificate());
    return statement;
  }
}
