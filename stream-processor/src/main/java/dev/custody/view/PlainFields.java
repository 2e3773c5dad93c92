package dev.custody.view;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Human;
import dev.custody.event.Identifier;
import dev.custody.event.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What an event says of itself beside its record. */
final class PlainFields {
  private PlainFields() {}

  static ObjectNode of(Event event) {
    ObjectNode custody = JsonNodeFactory.instance.objectNode();
    custody.put("kind", event.body().name());
    put(custody, "action", event.action());
    custody.put("source", event.source().kind()).put("outcome", event.outcome().name());
    put(custody, "outcome_reason", event.outcomeReason());
    custody.put("secrets", event.redactions().size());
    event.redactions().forEach(r -> custody.withArray("secret_kinds").add(r.kind()));
    event.redactions().stream()
        .map(r -> r.kind() + ':' + r.fingerprint())
        .distinct()
        .forEach(secret -> custody.withArray("secret_fingerprints").add(secret));
    event.redactions().forEach(r -> custody.withArray("secret_location").add(r.location()));
    event.resources().forEach(r -> custody.withArray("resources").add(r));
    who(event, custody);
    where(event, custody);
    if (event.contentOmitted() > 0) {
      custody.put("truncated", true);
    }
    BodyFields.add(event.body(), custody);
    return custody;
  }

  private static void who(Event event, ObjectNode custody) {
    Agent agent = event.actor().agent();
    if (agent != null) {
      custody.put("agent", agent.product());
      put(custody, "agent_version", agent.version());
      put(custody, "sub_agent", agent.subAgent());
    }
    Human human = event.actor().human();
    if (human != null) {
      custody.put("human", human.id()).put("human_basis", human.basis().name());
      put(custody, "git_email", human.gitEmail());
    }
    put(custody, "delegation", event.delegation());
    if (!event.identifiers().isEmpty()) {
      ObjectNode identifiers = custody.putObject("identifiers");
      for (Identifier identifier : event.identifiers()) {
        identifiers.withArray(identifier.kind().name()).add(identifier.value());
      }
    }
  }

  private static void where(Event event, ObjectNode custody) {
    put(custody, "session", event.session());
    put(custody, "prompt", event.prompt());
    put(custody, "tool_call", event.toolCall());
    put(custody, "project", event.project());
    custody.put("host", event.host().name());
    ToolProvider provider = event.toolProvider();
    if (provider != null) {
      ObjectNode told = custody.putObject("provider").put("kind", provider.kind().name());
      put(told, "name", provider.name());
      put(told, "digest", provider.digest() == null ? null : provider.digest().hex());
    }
    if (event.body() instanceof Body.ToolsListed listed) {
      custody.withObject("/provider").put("name", listed.provider());
      put(custody.withObject("/provider"), "version", listed.version());
    }
  }

  static void put(ObjectNode into, String field, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      into.put(field, value);
    }
  }
}
