package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a token is asked of an event of the world. It goes to every token of the event, so it holds
 * no more than answers depend on; the event's draft goes to the event's own partition, once.
 *
 * @param event the event
 * @param kind name of the event's body
 * @param occurredAt claimed by the source
 * @param observedAt the collector's clock
 * @param action action
 * @param resources at most 8 resources, and what a cloud's request names
 * @param identifiers those that answers depend on
 * @param userAgent as sent by the client
 * @param issued the credential that it hands out
 */
public record Question(
    EventId event,
    String kind,
    Instant occurredAt,
    Instant observedAt,
    @Nullable String action,
    List<String> resources,
    List<Identifier> identifiers,
    @Nullable String userAgent,
    @Nullable Identifier issued) {
  private static final int MOST_RESOURCES = 8;
  private static final int LONGEST_USER_AGENT = 256;

  /** A field of a request that names something: {@code "tableName":"orders"}. */
  private static final Pattern NAMED =
      Pattern.compile("\"(?:name|\\w*(?:Name|Id|Identifier))\":\"([^\"]{3,128})\"");

  /** Copies. */
  public Question {
    resources = List.copyOf(resources);
    identifiers = List.copyOf(identifiers);
  }

  /** The question that {@code event} asks. */
  public static Question of(Event event, Attribution draft) {
    Identifier issued = draft.issued() == null ? null : draft.issued().credential();
    List<Identifier> identifiers = new ArrayList<>();
    draft.identifiers().stream()
        .filter(i -> Token.isAsked(i.kind()) || i.kind() == IdentifierKind.SOURCE_ADDRESS)
        .forEach(identifiers::add);
    if (issued != null && !identifiers.contains(issued)) {
      identifiers.add(issued);
    }
    return new Question(
        draft.event(),
        draft.kind(),
        draft.occurredAt(),
        draft.observedAt(),
        draft.action(),
        resources(event, draft),
        identifiers,
        userAgent(event),
        issued);
  }

  // Many requests name what they touch by a name or an id, and the record has no ARN of it.
  private static List<String> resources(Event event, Attribution draft) {
    Set<String> named = new LinkedHashSet<>(draft.resources());
    if (event.body() instanceof Body.CloudCall) {
      Matcher matcher = NAMED.matcher(draft.extract());
      while (matcher.find()) {
        named.add(matcher.group(1));
      }
    }
    return named.stream().limit(MOST_RESOURCES).toList();
  }

  private static @Nullable String userAgent(Event event) {
    String sent = event.body() instanceof Body.CloudCall call ? call.userAgent() : null;
    return sent == null || sent.length() <= LONGEST_USER_AGENT
        ? sent
        : sent.substring(0, LONGEST_USER_AGENT);
  }

  /** The distinct tokens that it asks. */
  public List<String> tokens() {
    return identifiers.stream()
        .filter(i -> Token.isAsked(i.kind()))
        .map(Token::of)
        .distinct()
        .toList();
  }

  /** The first identifier of {@code kind}, or null. */
  @Nullable String first(IdentifierKind kind) {
    return identifiers.stream()
        .filter(i -> i.kind() == kind)
        .map(Identifier::value)
        .findFirst()
        .orElse(null);
  }
}
