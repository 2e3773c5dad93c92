package dev.custody.source.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.digest.Bytes;
import dev.custody.enforce.Decision;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.redact.Finding;
import dev.custody.redact.Redacted;
import dev.custody.redact.SecretKind;
import dev.custody.sighting.SessionRedactors;
import dev.custody.sighting.StrictJson;
import dev.custody.source.git.FileContent;
import dev.custody.source.git.Workplaces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bodies of one agent's hooks into events, as {@code docs/events.md} says, and answers
 * those that ask. Safe for use by several threads.
 *
 * @param <S> what is remembered of a session
 */
public abstract class AgentHooks<S extends AgentSession> {
  /** Sessions whose state is kept; of one more, the one that was quiet for longest is forgotten. */
  public static final int MOST_SESSIONS = 512;

  private final String product;
  private final Observer observer;
  private final SessionRedactors redactors;
  private final Settings settings;
  private final Sessions<S> sessions;
  private final ToolKinds kinds;
  private final @Nullable Oversight oversight;
  private final @Nullable Decider decider;

  /**
   * For hooks of {@code product}.
   *
   * @param unknown a session of which nothing is known
   * @param redactors one a session, shared with other sources that tell of it
   * @param oversight null to record and do nothing else: no session is bound to a delegation, none
   *     is answered
   */
  protected AgentHooks(
      String product,
      ToolKinds kinds,
      Observer observer,
      Workplaces workplaces,
      int mostSessions,
      Supplier<S> unknown,
      SessionRedactors redactors,
      @Nullable Oversight oversight) {
    this.product = product;
    this.observer = observer;
    this.redactors = redactors;
    this.settings = new Settings(product, observer, workplaces, oversight);
    this.sessions = new Sessions<>(unknown, mostSessions);
    this.kinds = kinds;
    this.oversight = oversight;
    this.decider = oversight == null ? null : new Decider(observer, oversight.decisions());
  }

  /**
   * The session whose memory a body falls under; empty for a hook of no session.
   *
   * @throws BadInputException when the body is no hook; the message repeats nothing of it
   */
  protected abstract String session(ObjectNode sent) throws BadInputException;

  /** What {@code fields}, redacted, say; for {@code session}, by which hooks are joined. */
  protected abstract Hook read(ObjectNode fields, S session);

  /** The events that a hook tells of, never none; a call's own event first. */
  protected abstract List<Event> tell(Telling telling, S session);

  /** The call that a hook asks about before it runs; null for any other hook. */
  protected abstract @Nullable ToolCall asked(Hook hook);

  /** Whether a hook tells of the start of the sub-agent that it names. */
  protected abstract boolean startsSubAgent(Hook hook);

  /** Whether a hook tells of its session's end. */
  protected boolean endsSession(Hook hook) {
    return hook.name().equals("SessionEnd");
  }

  /**
   * What files hold after the call of a tool that a hook tells of: texts as they were sent, to be
   * named and forgotten.
   */
  protected abstract List<String> written(ObjectNode sent);

  /** The answer that keeps the agent from running what it asked about. */
  protected abstract Bytes denial(String reason);

  /** The agent was answered that {@code hook}'s call may not run. */
  protected void denied(Hook hook, S session) {}

  /** The events that one hook's body tells of, from an agent whose environment names nothing. */
  public final List<Event> events(byte[] body) throws BadInputException {
    return receive(body, null).events();
  }

  /**
   * The events that one hook's body tells of, in order and never none, and what is answered.
   *
   * @param delegation what the agent's environment names; null or blank for nothing
   * @throws BadInputException when the body is no hook; the message repeats nothing of it
   */
  public final HookReply receive(byte[] body, @Nullable String delegation)
      throws BadInputException {
    ObjectNode sent = StrictJson.object(body);
    String id = session(sent);
    S session = sessions.of(id);
    Redacted<JsonNode> record = redactors.of(product, id).json(sent);
    Hook hook = read((ObjectNode) record.value(), session);
    // The hook that tells of a sub-agent's start is still the session's own.
    Setting setting = settings.of(hook, delegation, startsSubAgent(hook) ? null : hook.subAgent());
    Telling telling =
        new Telling(
            observer,
            oversight == null ? null : oversight.tags(),
            kinds,
            hook,
            record,
            contents(sent, record.findings()),
            setting);
    List<Event> events = withHop(hook, setting, tell(telling, session));
    if (endsSession(hook)) {
      // From now on no guess can be tested against its fingerprints. What comes late has a new key.
      redactors.end(product, id);
    }
    return decided(hook, session, setting, events);
  }

  private List<Identifier> contents(ObjectNode sent, List<Finding> secrets) {
    // By the name of a content nobody shall be able to try guesses at a password in it.
    if (!secrets.stream().allMatch(s -> s.kind().entropy() == SecretKind.Entropy.HIGH)) {
      return List.of();
    }
    return written(sent).stream()
        .limit(FileContent.MOST)
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .flatMap(text -> FileContent.identifier(observer.fingerprints(), text).stream())
        .toList();
  }

  /** The answer when nothing could be recorded in time; null for a hook that waits for none. */
  public final @Nullable HookReply late(byte[] body, String why) throws BadInputException {
    ObjectNode sent = StrictJson.object(body);
    String id = session(sent);
    S session = sessions.of(id);
    Hook hook = read((ObjectNode) redactors.of(product, id).json(sent).value(), session);
    ToolCall call = asked(hook);
    return decider == null || call == null
        ? null
        : answer(hook, session, null, List.of(), decider.undecided(call.tool(), why));
  }

  private HookReply decided(Hook hook, S session, Setting setting, List<Event> events) {
    ToolCall call = asked(hook);
    String id = hook.session();
    if (decider == null || call == null || id == null) {
      return HookReply.proceed(events);
    }
    Decision decision = decider.decide(hook, id, call, setting, events.getFirst());
    return answer(hook, session, setting, events, decision);
  }

  private HookReply answer(
      Hook hook, S session, @Nullable Setting setting, List<Event> events, Decision decision) {
    List<Event> all = new ArrayList<>(events);
    if (decider != null) {
      all.addAll(decider.told(hook, setting, decision));
    }
    String reason = decision.denial();
    if (reason == null) {
      // An empty body leaves the agent's own permissions in force.
      return HookReply.proceed(all);
    }
    denied(hook, session);
    return new HookReply(all, denial(reason));
  }

  /** What a sub-agent is handed is recorded with its start, and presented from then on. */
  private List<Event> withHop(Hook hook, Setting setting, List<Event> events) {
    String session = hook.session();
    String subAgent = hook.subAgent();
    if (oversight == null || session == null || subAgent == null || !startsSubAgent(hook)) {
      return events;
    }
    Event hop =
        oversight
            .hops()
            .handOn(setting.binding(), setting.human().id(), setting.agent(), session, subAgent);
    if (hop == null) {
      return events;
    }
    List<Event> all = new ArrayList<>(events);
    all.add(hop);
    return all;
  }
}
