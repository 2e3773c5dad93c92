package dev.custody.accuracy.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.world.Machine;
import dev.custody.source.otlp.Signal;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Something that reaches a collector. */
public sealed interface Step {
  /** When, by a right clock. */
  Instant at();

  /**
   * An agent calls a hook.
   *
   * @param body made when it is sent: it may tell the id of a commit that was made just before
   */
  record Hook(Instant at, Machine machine, Supplier<ObjectNode> body) implements Step {}

  /** An agent exports telemetry. */
  record Telemetry(Instant at, Machine machine, Signal signal, Supplier<ObjectNode> body)
      implements Step {}

  /**
   * An agent's session asks for its environment, from which its tools carry its tag.
   *
   * @param given is told the tag
   */
  record Environment(Instant at, Machine machine, String session, Consumer<String> given)
      implements Step {}

  /**
   * A human signs a delegation for the agents on their machine.
   *
   * @param human who
   * @param delegation its id
   */
  record Grant(Instant at, Machine machine, String human, String delegation) implements Step {}

  /**
   * A session's tool asks the broker for a credential.
   *
   * @param reference what placeholders call the key by
   * @param eventId id of the provider's record of it
   */
  record Asks(Instant at, Machine machine, String session, String reference, String eventId)
      implements Step {}

  /** A repository on a machine changes. */
  record Change(Instant at, Machine machine, Action action) implements Step {}

  /** The provider delivers a file of records. */
  record Trail(Instant at, List<ObjectNode> records) implements Step {
    /** Copies. */
    public Trail {
      records = List.copyOf(records);
    }
  }

  /** A change of a repository. */
  @FunctionalInterface
  interface Action {
    /** Makes it. */
    void run() throws IOException;
  }
}
