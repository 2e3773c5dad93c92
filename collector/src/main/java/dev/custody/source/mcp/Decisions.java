package dev.custody.source.mcp;

import dev.custody.capture.Observer;
import dev.custody.delegations.Binding;
import dev.custody.delegations.Bindings;
import dev.custody.enforce.Decision;
import dev.custody.enforce.DecisionPoint;
import dev.custody.event.Actor;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.sighting.Sighting;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the collector's one point of decision on behalf of MCP calls. */
final class Decisions {
  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

  private final Observer observer;
  private final Bindings bindings;
  private final DecisionPoint point;

  Decisions(Observer observer, Bindings bindings, DecisionPoint point) {
    this.observer = observer;
    this.bindings = bindings;
    this.point = point;
  }

  /** What the session of {@code place} works under; {@code environment} is what its agent names. */
  Binding binding(Setting setting, Place place, @Nullable String environment) {
    return bindings.at(
        setting.root(),
        environment,
        setting.human().id(),
        setting.agent(),
        place.session(),
        place.subAgent(),
        observer.clock().instant());
  }

  Decision decide(Scene scene, Call call, List<String> resources, Binding binding) {
    Setting setting = scene.setting();
    try {
      return point.decide(
          call.tool(),
          resources,
          null,
          binding,
          setting.human().id(),
          setting.agent(),
          call.place().session(),
          call.place().subAgent(),
          observer.clock().instant());
    } catch (RuntimeException e) {
      // Neither the message nor the trace: both may hold what was sent.
      LOG.error("no decision on a call of an MCP tool: {}", e.getClass().getName());
      return point.undecided(call.tool(), "an internal error; see the collector's log");
    }
  }

  Decision undecided(String tool, String why) {
    return point.undecided(tool, why);
  }

  /** The event that tells of {@code decision}, where it is worth one. */
  List<Event> event(
      Decision decision,
      Place place,
      @Nullable String toolCall,
      @Nullable String cwd,
      @Nullable Actor actor,
      @Nullable String delegation) {
    if (!decision.recorded()) {
      return List.of();
    }
    boolean denied = decision.denial() != null;
    EventBuilder event =
        new EventBuilder(
                new Source("custody", "PolicyDecision", null, null),
                observer.host(),
                observer.clock().instant(),
                decision.body())
            .within(place.session(), place.prompt(), toolCall)
            .project(cwd)
            .action("policy:decide")
            .delegation(delegation)
            .resources(Sighting.bounded(decision.resources()))
            .outcome(
                denied ? Outcome.DENIED : Outcome.UNKNOWN,
                denied ? decision.body().reason() : null);
    if (actor != null) {
      event.actor(actor);
    }
    return List.of(event.build());
  }
}
