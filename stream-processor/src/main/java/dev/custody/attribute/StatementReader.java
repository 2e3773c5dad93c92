package dev.custody.attribute;

import dev.custody.admission.AgentStatements;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.admission.VerifiedEvent;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Position;
import dev.custody.attribution.RuleHits;
import dev.custody.event.Body;
import dev.custody.event.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what humans state of agents, and believes it by the human's signature alone: whoever holds
 * a collector's key can record anything.
 */
public final class StatementReader {
  private static final Logger LOG = LoggerFactory.getLogger(StatementReader.class);

  private final AgentStatements statements;

  /** Trusts {@code roots}. */
  public StatementReader(TrustedRoots roots) {
    this.statements = new AgentStatements(roots);
  }

  /** The first attribution of any event that is no grant. */
  public Attribution draft(VerifiedEvent verified, Position position, RuleHits hits) {
    Event event = verified.event();
    if (!(event.body() instanceof Body.AgentRegistered)
        && !(event.body() instanceof Body.AgentRetired)) {
      return Draft.of(verified, position, hits);
    }
    try {
      return Draft.ofStatement(verified, position, hits, statements.verify(event));
    } catch (UntrustedException e) {
      LOG.warn("{} {} does not count: {}", event.body().name(), event.id(), e.getMessage());
      return Draft.ofUnverified(verified, position, hits, String.valueOf(e.getMessage()));
    }
  }
}
