package dev.custody.source.otlp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one coding agent tells of itself. Without state of its own. */
interface Client {
  /** Kind of source. */
  String kind(Telemetry record);

  /** The agent's product, as its hooks have it. */
  String product(Telemetry record);

  /** Whether {@code record} is of this agent. */
  boolean sent(Telemetry record);

  /**
   * Whether {@code record} tells anything: some of an agent's spans are of its programmers only.
   */
  default boolean tells(Telemetry record) {
    return true;
  }

  /** The agent's session, the same as its hooks'; null where the record names none. */
  @Nullable String session(Telemetry record);

  /** The agent's own name of the kind of record. */
  default String event(Telemetry record) {
    return record.name();
  }

  /** The account that the agent is logged in with. */
  default @Nullable String account(Telemetry record) {
    return null;
  }

  /** The agent's own counter of its records. */
  default @Nullable Long sequence(Telemetry record) {
    return null;
  }

  /** Learns, from all records of a request, what single ones of them do not repeat. */
  default void learn(List<Telemetry> records) {}

  /** What {@code record}, which is redacted, tells. */
  Told told(Telemetry record);
}
