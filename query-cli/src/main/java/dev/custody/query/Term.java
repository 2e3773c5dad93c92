package dev.custody.query;

/** What can be asked of an event or a finding. */
public enum Term {
  /** Event id, or finding id. */
  ID,
  /** Kind of event, such as {@code CloudCall}. */
  KIND,
  /** The whole action, such as {@code s3:DeleteBucket}; case does not count. */
  ACTION,
  /** The action without its service, such as {@code DeleteBucket}; case does not count. */
  ACTION_NAME,
  /** A whole resource: an ARN, an absolute path, an address; case counts. */
  RESOURCE,
  /**
   * The end of a resource, from any of its separators on: {@code .env}, {@code api/.env}; case
   * counts.
   */
  RESOURCE_END,
  /** Agent: product, SPIFFE ID, instance or sub-agent; case does not count. */
  AGENT,
  /** Human: id, operating-system user or git address; case does not count. */
  HUMAN,
  /** Agent session. */
  SESSION,
  /** Prompt. */
  PROMPT,
  /** Tool call. */
  TOOL_CALL,
  /** Delegation id. */
  DELEGATION,
  /** How the action stands to the delegation, such as {@code OUTSIDE}. */
  VERDICT,
  /** Grade of the attribution. */
  GRADE,
  /** Outcome. */
  OUTCOME,
  /** Value of any identifier, such as an access key id. */
  IDENTIFIER,
  /** Full id of a commit. */
  COMMIT,
  /** Chain id, hex. */
  CHAIN,
  /** Machine of the collector. */
  HOST,
  /** Adapter that learnt of it, such as {@code cloudtrail}. */
  SOURCE,
  /** Rule: id or name, of a finding, or one that an event fired. */
  RULE,
  /** Severity of a finding. */
  SEVERITY
}
