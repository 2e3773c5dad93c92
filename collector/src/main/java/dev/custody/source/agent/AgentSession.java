package dev.custody.source.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.signing.FingerprintKey;

/**
 * What must be remembered of a session: what its agent's hooks do not repeat. Never stored; when
 * the collector restarts it begins anew. Safe for use by several threads.
 */
public class AgentSession {
  private final FingerprintKey organisation;

  /** A session that nothing is known of. */
  public AgentSession(FingerprintKey organisation) {
    this.organisation = organisation;
  }

  /**
   * Names the input of a call, as the agent sent it and redacted: by it the hooks of one call are
   * told from those of others. The same at any time under the organisation's key; it tells nothing
   * of the input.
   */
  public final String inputName(String tool, JsonNode input) {
    return organisation.name("tool-input", tool + '\0' + input);
  }
}
