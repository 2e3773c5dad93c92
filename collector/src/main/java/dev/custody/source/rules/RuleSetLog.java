package dev.custody.source.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Source;
import dev.custody.source.records.AuditLog;
import dev.custody.source.records.CallFacts;
import dev.custody.source.records.RecordShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Takes {@code {"digest": "64 hex digits", "rules": ["id", ...]}}: the rules that came into force
 * in a stream processor that runs elsewhere. It comes as an import does, from whoever has the token
 * of imports: an agent can't say which rules watch it. Safe for use by several threads.
 */
public final class RuleSetLog implements AuditLog {
  /** One set a record. 20,000 ids of 36 characters fit. */
  public static final RecordShape SHAPE = new RecordShape("rules", "rule set", Set.of(), 1 << 20);

  private static final int MOST_RULES = 20_000;

  private final Observer observer;

  /** For sets that {@code observer} is told of. */
  public RuleSetLog(Observer observer) {
    this.observer = observer;
  }

  @Override
  public RecordShape shape() {
    return SHAPE;
  }

  @Override
  public List<Event> events(JsonNode record) throws BadInputException {
    Digest digest = digest(record);
    return List.of(
        new EventBuilder(
                new Source("custody", "rules", "rules:" + digest.hex(), null),
                observer.host(),
                observer.clock().instant(),
                new Body.RulesLoaded(digest, ids(record.path("rules"))))
            .action("rules:load")
            .build());
  }

  private static Digest digest(JsonNode record) throws BadInputException {
    String hex = CallFacts.text(record, "digest");
    if (hex == null) {
      throw new BadInputException("a set of rules without its digest");
    }
    try {
      return Digest.ofHex(hex);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("the digest is none: expected 64 lower-case hex digits");
    }
  }

  private static List<String> ids(JsonNode rules) throws BadInputException {
    if (!rules.isArray() || rules.size() > MOST_RULES) {
      throw new BadInputException("expected rules: a list of at most " + MOST_RULES + " ids");
    }
    List<String> ids = new ArrayList<>(rules.size());
    for (JsonNode rule : rules) {
      if (!rule.isTextual() || rule.textValue().length() > CallFacts.LONGEST_ID) {
        throw new BadInputException(
            "expected ids of rules: texts of at most " + CallFacts.LONGEST_ID + " characters");
      }
      ids.add(rule.textValue());
    }
    return ids;
  }
}
