package dev.custody.source.git;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.redact.Redacted;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SecretPrints;
import dev.custody.sighting.Sighting;
import dev.custody.signing.FingerprintKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What became of commits that were about to add secrets, as the check before the commit tells it:
 * refused, or let through for a reason that somebody gave. A decision is recorded, never a secret.
 */
public final class SecretChecks {
  private static final String TOOL = "git:commit";
  private static final String PROCEED = "proceed";
  private static final String DENY = "deny";
  private static final int LONGEST_TEXT = 4096;
  private static final int MOST_SECRETS = 1_000;
  private static final int MOST_NAMED = 8;

  /** What a kind may be called; which there are, the patterns on the other side say. */
  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  private final Observer observer;
  private final Workplaces workplaces;
  private final Redactor redactor;

  public SecretChecks(Observer observer) {
    this.observer = observer;
    this.workplaces = new Workplaces(observer.clock());
    this.redactor = SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral());
  }

  /**
   * The events of one check: {@code {directory, answer, reason?, session?, secrets: [{file, line,
   * kind}]}}.
   *
   * @throws BadInputException when it is no such record
   */
  public List<Event> events(JsonNode record) throws BadInputException {
    ObjectNode said = JsonNodeFactory.instance.objectNode();
    String directory = text(record, "directory");
    said.put("directory", directory);
    said.put("answer", answer(record));
    said.put("reason", optional(record, "reason"));
    said.put("session", optional(record, "session"));
    said.set("secrets", secrets(record.path("secrets")));
    Redacted<JsonNode> redacted = redactor.json(said);
    return finished(workplaces.at(directory), redacted);
  }

  private List<Event> finished(Workplace place, Redacted<JsonNode> redacted) {
    JsonNode fields = redacted.value();
    String directory = fields.path("directory").asText();
    boolean proceeds = fields.path("answer").asText().equals(PROCEED);
    String reason = proceeds ? fields.path("reason").asText("") : reason(fields.path("secrets"));
    Sighting sighting =
        new Sighting(observer, new Source("custody", "secret-check", null, null), redacted)
            .project(place.repository() == null ? directory : place.repository())
            .actor(new Actor(observer.human(place.gitEmail()), null))
            .within(fields.path("session").textValue(), null, null);
    Body body =
        new Body.PolicyDecision(
            TOOL,
            "enforce",
            "NOT_APPLICABLE",
            "secrets",
            proceeds ? "user" : "configuration",
            fields.path("answer").asText(),
            reason);
    return sighting.finish(
        sighting
            .event(body)
            .action("policy:decide")
            .outcome(proceeds ? Outcome.SUCCESS : Outcome.DENIED, reason)
            .resources(Sighting.bounded(resources(directory, fields.path("secrets"))))
            .identifiers(
                place.repository() == null
                    ? List.of()
                    : List.of(Repositories.identifier(observer.host(), place.repository()))));
  }

  private static String reason(JsonNode secrets) {
    List<String> kinds = new ArrayList<>();
    for (JsonNode secret : secrets) {
      kinds.add(secret.path("kind").asText());
    }
    String named = kinds.stream().distinct().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return "the commit would add %d secrets: %s".formatted(kinds.size(), named);
  }

  private static List<String> resources(String directory, JsonNode secrets) {
    List<String> resources = new ArrayList<>();
    for (JsonNode secret : secrets) {
      resources.add(
          directory + "/" + secret.path("file").asText() + ":" + secret.path("line").asInt());
    }
    return resources;
  }

  private static String answer(JsonNode record) throws BadInputException {
    String answer = text(record, "answer");
    if (!answer.equals(PROCEED) && !answer.equals(DENY)) {
      throw new BadInputException("answer: expected proceed or deny, found something else");
    }
    if (answer.equals(PROCEED) && optional(record, "reason") == null) {
      throw new BadInputException("reason: expected why the commit goes on, found nothing");
    }
    return answer;
  }

  private static ArrayNode secrets(JsonNode given) throws BadInputException {
    if (!given.isArray() || given.isEmpty() || given.size() > MOST_SECRETS) {
      throw new BadInputException(
          "secrets: expected 1 to %d, found %s"
              .formatted(MOST_SECRETS, given.isArray() ? given.size() : "no list"));
    }
    ArrayNode secrets = JsonNodeFactory.instance.arrayNode();
    for (JsonNode secret : given) {
      String kind = text(secret, "kind");
      if (!KIND.matcher(kind).matches()) {
        throw new BadInputException("kind: expected a kind of secret, found something else");
      }
      JsonNode line = secret.path("line");
      if (!line.isInt() || line.intValue() < 1) {
        throw new BadInputException("line: expected a number from 1, found something else");
      }
      secrets
          .addObject()
          .put("file", text(secret, "file"))
          .put("line", line.intValue())
          .put("kind", kind);
    }
    return secrets;
  }

  private static String text(JsonNode record, String field) throws BadInputException {
    String text = optional(record, field);
    if (text == null) {
      throw new BadInputException(field + ": expected a text, found none");
    }
    return text;
  }

  private static @Nullable String optional(JsonNode record, String field) throws BadInputException {
    String text = record.path(field).textValue();
    if (text != null && text.length() > LONGEST_TEXT) {
      throw new BadInputException(
          field + ": expected at most " + LONGEST_TEXT + " characters, found " + text.length());
    }
    return text == null || text.isBlank() ? null : text;
  }
}
