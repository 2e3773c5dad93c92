package dev.custody.missed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Source;
import dev.custody.identity.SpiffeId;
import dev.custody.redact.Redacted;
import dev.custody.sighting.SecretPrints;
import dev.custody.sighting.Sighting;
import dev.custody.signing.FingerprintKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of the file: a hook that could not be handed over.
 *
 * @param agent product, as the forwarder was installed for it
 * @param hook the hook's name; null where the forwarder could not read one
 * @param session the agent's session; null where the forwarder could not read one
 * @param at when it was given up
 */
record MissedHook(String agent, @Nullable String hook, @Nullable String session, Instant at) {
  /** Longest line, without its end. */
  static final int LONGEST = 320;

  private static final Pattern LINE =
      Pattern.compile(
          "([a-z0-9][a-z0-9-]{0,31}) ([A-Za-z0-9_.-]{1,128}) ([A-Za-z0-9_.-]{1,128}) ([0-9]{13})");

  /** What the forwarder writes in place of a name that it could not read. */
  private static final String NONE = "-";

  /** How far the clock of the forwarder may be ahead. */
  private static final Duration AHEAD = Duration.ofDays(1);

  private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");

  /** What {@code line} says; empty when it is none. */
  static Optional<MissedHook> parse(String line, Instant now) {
    Matcher parts = LINE.matcher(line);
    if (line.length() > LONGEST || !parts.matches()) {
      return Optional.empty();
    }
    Instant at = Instant.ofEpochMilli(Long.parseLong(parts.group(4)));
    return at.isBefore(FIRST) || at.isAfter(now.plus(AHEAD))
        ? Optional.empty()
        : Optional.of(
            new MissedHook(parts.group(1), name(parts.group(2)), name(parts.group(3)), at));
  }

  private static @Nullable String name(String word) {
    return word.equals(NONE) ? null : word;
  }

  /**
   * The events that tell of it.
   *
   * @param id where it stands: the same line is known again
   */
  List<Event> events(Observer observer, String id) {
    ObjectNode note = JsonNodeFactory.instance.objectNode();
    note.put("agent", agent).put("hook", hook).put("session", session).put("at", at.toString());
    // Whoever can post hooks can write this file: a name may be a secret here as well.
    Redacted<JsonNode> clean =
        SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral()).json(note);
    String cleanHook = clean.value().path("hook").textValue();
    String cleanSession = clean.value().path("session").textValue();
    Sighting sighting =
        new Sighting(observer, new Source(agent, cleanHook, id, null), clean)
            .actor(new Actor(observer.human(null), agentOf(observer, cleanSession)))
            .occurredAt(at)
            .within(cleanSession, null, null);
    return sighting.finish(
        sighting
            .event(new Body.HookMissed(cleanHook == null ? "unknown" : cleanHook))
            .action("hook:miss"));
  }

  private Agent agentOf(Observer observer, @Nullable String cleanSession) {
    // The note names no directory, so nobody knows in which project it was at work.
    String id = SpiffeId.agent(observer.trustDomain(), agent, "unknown").toString();
    return new Agent(agent, null, id, cleanSession, null);
  }
}
