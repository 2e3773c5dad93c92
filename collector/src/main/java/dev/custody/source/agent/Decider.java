package dev.custody.source.agent;

import dev.custody.capture.Observer;
import dev.custody.enforce.Decision;
import dev.custody.enforce.DecisionPoint;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.sighting.Sighting;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has calls of tools decided on, and tells what was decided. */
final class Decider {
  private static final Logger LOG = LoggerFactory.getLogger(Decider.class);

  private final Observer observer;
  private final DecisionPoint decisions;

  Decider(Observer observer, DecisionPoint decisions) {
    this.observer = observer;
    this.decisions = decisions;
  }

  /** The decision on {@code call}, which {@code requested} tells of. */
  Decision decide(Hook hook, String session, ToolCall call, Setting setting, Event requested) {
    try {
      return decisions.decide(
          call.tool(),
          requested.resources(),
          call.command(),
          setting.binding(),
          setting.human().id(),
          setting.agent(),
          session,
          hook.subAgent(),
          observer.clock().instant());
    } catch (RuntimeException e) {
      // Neither the message nor the trace: both may hold what was sent.
      LOG.error("no decision on a call of a tool: {}", e.getClass().getName());
      return decisions.undecided(call.tool(), "an internal error; see the collector's log");
    }
  }

  /** When no decision could be made, or recorded, in time. */
  Decision undecided(String tool, String why) {
    return decisions.undecided(tool, why);
  }

  /** What is recorded of {@code decision}; nothing where it is not worth an event. */
  List<Event> told(Hook hook, @Nullable Setting setting, Decision decision) {
    if (!decision.recorded()) {
      return List.of();
    }
    Body.PolicyDecision body = decision.body();
    boolean denied = decision.denial() != null;
    EventBuilder event =
        new EventBuilder(
                new Source("custody", "PolicyDecision", null, null),
                observer.host(),
                observer.clock().instant(),
                body)
            .within(hook.session(), hook.prompt(), hook.toolCall())
            .project(hook.cwd())
            .action("policy:decide")
            .resources(Sighting.bounded(decision.resources()));
    if (setting != null) {
      event.actor(setting.actor(hook)).delegation(setting.binding().id());
    }
    return List.of(
        event
            .outcome(denied ? Outcome.DENIED : Outcome.UNKNOWN, denied ? body.reason() : null)
            .build());
  }
}
