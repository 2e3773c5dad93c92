package dev.custody.index;

/**
 * Every field of the store. A change of a field, or of what is written into it, needs another
 * {@link #FORMAT}: the store is then built anew.
 */
final class Fields {
  /** Number of this set of fields. */
  static final int FORMAT = 5;

  /** What a document is: one of {@link #EVENT}, {@link #FINDING}, {@link #EDGE}. */
  static final String TYPE = "type";

  static final String EVENT = "event";
  static final String FINDING = "finding";
  static final String EDGE = "edge";

  /** An edge that was taken away: it answers nothing, and only keeps its revision. */
  static final String WITHDRAWN = "withdrawn";

  /** The answers about one event that were replaced: no answer to a query. */
  static final String HISTORY = "revision";

  /** Type and id, unique in the store. */
  static final String KEY = "key";

  /** The whole record as it came from Kafka. Stored, not searched. */
  static final String RECORD = "record";

  static final String REVISION = "revision";
  static final String TIME = "time";

  /** The id again, for the order of documents of one time. */
  static final String ORDER = "order";

  static final String ID = "id";
  static final String KIND = "kind";
  static final String ACTION = "action";
  static final String ACTION_NAME = "actionName";
  static final String RESOURCE = "resource";
  static final String RESOURCE_END = "resourceEnd";
  static final String AGENT = "agent";
  static final String HUMAN = "human";
  static final String SESSION = "session";
  static final String PROMPT = "prompt";
  static final String TOOL_CALL = "toolCall";
  static final String DELEGATION = "delegation";
  static final String VERDICT = "verdict";
  static final String GRADE = "grade";
  static final String OUTCOME = "outcome";
  static final String IDENTIFIER = "identifier";
  static final String COMMIT = "commit";
  static final String CHAIN = "chain";
  static final String HOST = "host";
  static final String SOURCE = "source";
  static final String RULE = "rule";
  static final String SEVERITY = "severity";

  /** Credential that an event uses, shows, hands out or revokes. */
  static final String CREDENTIAL = "credential";

  /** Credential that a provider recorded a call with. */
  static final String USED = "used";

  /** Credential that an event hands out. */
  static final String ISSUED = "issued";

  /** Credential that one was asked for with. */
  static final String PARENT = "parent";

  /** Subject, facet and value, with a zero between: what is distinct is read off the terms. */
  static final String FACET = "facet";

  /** SPIFFE ID of the agent that did it, whoever else may have; case counts. */
  static final String DOER = "doer";

  /** Columns of what {@link #DOER} did, read without the records. */
  static final String DOER_SESSION = "doerSession";

  static final String DOER_HUMAN = "doerHuman";
  static final String DOER_HOST = "doerHost";
  static final String DOER_DELEGATION = "doerDelegation";
  static final String DOER_CHAIN = "doerChain";

  /** All words, analysed. */
  static final String TEXT = "text";

  /** Every value of a finding, whole: an OCSF record names one thing in many places. */
  static final String MENTION = "mention";

  /** A node at either end of an edge. */
  static final String NODE = "node";

  private Fields() {}
}
