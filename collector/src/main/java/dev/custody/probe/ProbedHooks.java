package dev.custody.probe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Source;
import dev.custody.http.HookSource;
import dev.custody.http.Routes;
import dev.custody.sighting.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hooks of one agent, and the probes among them, which the agent's own source never sees. */
public final class ProbedHooks implements HookSource {
  /** Name of the hook, and of the event that records it. */
  public static final String HOOK = "CustodyProbe";

  /** How the session of a probe begins. */
  public static final String SESSION = "custody-probe-";

  private static final Pattern ID = Pattern.compile(SESSION + "[a-z0-9]{8,64}");

  /** The larger of a plugin's two has 202 bytes. */
  private static final int LARGEST = 256;

  private final String path;
  private final HookSource hooks;
  private final Observer observer;

  private ProbedHooks(String path, HookSource hooks, Observer observer) {
    this.path = path;
    this.hooks = hooks;
    this.observer = observer;
  }

  /** Every source of {@code hooks}, by its path, with probes. */
  public static Map<String, HookSource> of(Map<String, HookSource> hooks, Observer observer) {
    Map<String, HookSource> probed = new HashMap<>();
    hooks.forEach((path, source) -> probed.put(path, new ProbedHooks(path, source, observer)));
    return Map.copyOf(probed);
  }

  @Override
  public HookReply receive(byte[] body, @Nullable String delegation) throws BadInputException {
    String probe = probe(body);
    return probe == null
        ? hooks.receive(body, delegation)
        : HookReply.proceed(List.of(event(probe)));
  }

  @Override
  public @Nullable HookReply late(byte[] body, String why) throws BadInputException {
    return probe(body) == null ? hooks.late(body, why) : null;
  }

  @Override
  public Duration deadline() {
    return hooks.deadline();
  }

  // Exactly these members: nothing else can hide from the agent's source behind them.
  private @Nullable String probe(byte[] body) throws BadInputException {
    if (body.length > LARGEST
        || !new String(body, StandardCharsets.ISO_8859_1).contains('"' + HOOK + '"')) {
      return null;
    }
    ObjectNode sent = StrictJson.object(body);
    String session =
        path.equals(Routes.OPENCODE) && sent.has("hook")
            ? ProbedPlugin.session(sent)
            : session(sent);
    return session != null && ID.matcher(session).matches() ? session : null;
  }

  private static @Nullable String session(ObjectNode sent) {
    return sent.size() == 2 && HOOK.equals(sent.path("hook_event_name").textValue())
        ? sent.path("session_id").textValue()
        : null;
  }

  private Event event(String session) {
    return new EventBuilder(
            new Source("custody", HOOK, null, null),
            observer.host(),
            observer.clock().instant(),
            new Body.Observed(HOOK))
        .within(session, null, null)
        .action("custody:probe")
        .resources(List.of(path))
        .build();
  }
}
