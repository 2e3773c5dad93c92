package dev.custody.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.event.Event;
import dev.custody.pipeline.Pipeline;
import dev.custody.pipeline.Pipelines;
import dev.custody.sigma.FieldSource;
import dev.custody.sigma.Logsource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event as rules see it.
 *
 * @param logsources what its rules may name as log source
 * @param fields the source's own record, redacted, and {@code custody} beside it; to be used by one
 *     thread
 */
public record RuleView(List<Logsource> logsources, FieldSource fields) {
  private static final Logger LOG = LoggerFactory.getLogger(RuleView.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pipelines PIPELINES = Pipelines.shipped();

  /** Copies. */
  public RuleView {
    logsources = List.copyOf(logsources);
  }

  /** The view of {@code event}. */
  public static RuleView of(Event event) {
    ObjectNode record = content(event);
    // In place of what a record itself calls so: it would speak as if it were Custody.
    record.properties().removeIf(field -> field.getKey().startsWith("custody."));
    record.set("custody", PlainFields.of(event));
    Pipeline pipeline = PIPELINES.of(event.source().kind());
    FieldSource own = pipeline.over(record);
    List<Logsource> logsources = new ArrayList<>(pipeline.logsources(own));
    logsources.add(new Logsource("agent_event", "custody", event.source().kind()));
    return new RuleView(logsources, new EventFields(own, new DerivedFields(event, record)));
  }

  private static ObjectNode content(Event event) {
    try {
      if (!event.content().isEmpty()
          && event.contentKey().isEmpty()
          && JSON.readTree(event.content().toByteArray()) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      // The collector writes JSON; where a foreign one did not, its event still runs past the rules
      // on Custody's own fields.
      LOG.warn("content of event {} is not JSON", event.id());
    }
    return JSON.createObjectNode();
  }
}
