package dev.custody.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.Position;
import dev.custody.attribution.TraceEdge;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.event.Identifier;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; {@code docs/cli-json.md} fixes the fields. */
final class JsonLines {
  private static final JsonFactory JSON = new JsonFactory();

  private final PrintStream out;

  /** Writes to {@code out}, which takes UTF-8. */
  JsonLines(PrintStream out) {
    this.out = out;
  }

  /** Writes the fields of one object. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  void event(Attribution event) {
    event(event, Beside.NOTHING);
  }

  /**
   * What is known of an event beside its attribution.
   *
   * @param untrusted what speaks against its record; null where nothing does
   * @param vouchedBy the collector whose chain holds it; null where it is not known
   * @param history the answers that were replaced, newest first
   * @param witnesses other records of the same step of the same tool call
   */
  record Beside(
      @Nullable String untrusted,
      @Nullable String vouchedBy,
      List<Attribution> history,
      List<Attribution> witnesses) {
    static final Beside NOTHING = new Beside(null, null, List.of(), List.of());

    Beside with(List<Attribution> others) {
      return new Beside(untrusted, vouchedBy, history, others);
    }

    static Beside of(Attribution event, TrustView trust, Lookup lookup) {
      return new Beside(
          trust.against(event.position()).orElse(null),
          lookup.collector(event.position().chain()).orElse(null),
          lookup.history(event),
          List.of());
    }
  }

  void event(Attribution event, Beside beside) {
    line(json -> {
      json.writeStringField("id", event.event().toString());
      json.writeStringField("kind", event.kind());
      json.writeNumberField("revision", event.revision());
      json.writeStringField("time", event.occurredAt().toString());
      json.writeStringField("observedAt", event.observedAt().toString());
      who(json, event.best());
      json.writeStringField("humanGrade", event.humanGrade().name());
      delegation(json, event.delegation());
      what(json, event);
      json.writeStringField("grade", event.best().grade().name());
      strings(json, "concerns", event.best().concerns().stream().map(Enum::name).toList());
      strings(json, "reasons", event.best().reasons());
      strings(json, "evidence", event.best().evidence());
      rivals(json, event);
      position(json, event.position());
      json.writeStringField("untrusted", beside.untrusted());
      origin(json, event);
      json.writeStringField("vouchedBy", beside.vouchedBy());
      history(json, beside.history());
      witnesses(json, beside.witnesses());
    });
  }

  void edge(TraceEdge edge) {
    line(json -> {
      json.writeStringField("kind", "TraceEdge");
      json.writeStringField("prompt", edge.prompt());
      json.writeStringField("from", edge.from());
      json.writeStringField("to", edge.to());
      json.writeStringField("relation", edge.relation());
      json.writeStringField("grade", edge.grade().name());
      json.writeStringField("time", edge.occurredAt().toString());
      strings(json, "reasons", edge.reasons());
      strings(json, "evidence", edge.evidence());
      json.writeNumberField("revision", edge.revision());
    });
  }

  /** A line that is JSON already. */
  void raw(String json) {
    out.print(json.replace('\n', ' ').replace('\r', ' '));
    out.print('\n');
  }

  void line(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    out.print(text);
    out.print('\n');
  }

  private static void history(JsonGenerator json, List<Attribution> replaced) throws IOException {
    json.writeArrayFieldStart("history");
    for (Attribution answer : replaced) {
      json.writeStartObject();
      json.writeNumberField("revision", answer.revision());
      who(json, answer.best());
      json.writeStringField("humanGrade", answer.humanGrade().name());
      json.writeStringField("delegation", answer.delegation().id());
      json.writeStringField("delegationVerdict", answer.delegation().verdict().name());
      json.writeStringField("delegationReason", answer.delegation().reason());
      json.writeStringField("grade", answer.best().grade().name());
      strings(json, "reasons", answer.best().reasons());
      strings(json, "evidence", answer.best().evidence());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void witnesses(JsonGenerator json, List<Attribution> others) throws IOException {
    json.writeArrayFieldStart("witnesses");
    for (Attribution other : others) {
      json.writeStartObject();
      json.writeStringField("id", other.event().toString());
      json.writeStringField("source", other.source().kind());
      position(json, other.position());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void who(JsonGenerator json, Candidate candidate) throws IOException {
    Agent agent = candidate.agent();
    json.writeStringField("agent", agent == null ? null : agent.product());
    json.writeStringField("agentVersion", agent == null ? null : agent.version());
    json.writeStringField("agentSpiffeId", agent == null ? null : agent.spiffeId());
    json.writeStringField("agentInstance", agent == null ? null : agent.instance());
    json.writeStringField("subAgent", agent == null ? null : agent.subAgent());
    json.writeStringField("session", candidate.session());
    Human human = candidate.human();
    json.writeStringField("human", human == null ? null : human.id());
    json.writeStringField("humanBasis", human == null ? null : human.basis().name());
    json.writeStringField("prompt", candidate.prompt());
    json.writeStringField("toolCall", candidate.toolCall());
    json.writeStringField("project", candidate.project());
  }

  private static void delegation(JsonGenerator json, DelegationUse use) throws IOException {
    json.writeStringField("delegation", use.id());
    json.writeStringField("delegationVerdict", use.verdict().name());
    json.writeStringField("delegationReason", use.reason());
    json.writeStringField("delegationGrantor", use.grantor());
    strings(json, "delegationScope", use.scope());
    json.writeStringField("delegationExpiresAt", text(use.expiresAt()));
    json.writeStringField(
        "delegationGrantedIn", use.grantedIn() == null ? null : use.grantedIn().toString());
    strings(json, "delegationChain", use.chain());
  }

  private static void what(JsonGenerator json, Attribution event) throws IOException {
    json.writeStringField("credential", Words.credential(event.identifiers()).orElse(null));
    json.writeStringField("action", event.action());
    json.writeStringField(
        "resource", event.resources().isEmpty() ? null : event.resources().getFirst());
    strings(json, "resources", event.resources());
    json.writeStringField("outcome", event.outcome().name());
    json.writeStringField("outcomeReason", event.outcomeReason());
  }

  private static void rivals(JsonGenerator json, Attribution event) throws IOException {
    json.writeArrayFieldStart("rivals");
    for (Candidate rival : event.rivals()) {
      json.writeStartObject();
      who(json, rival);
      json.writeStringField("grade", rival.grade().name());
      strings(json, "reasons", rival.reasons());
      strings(json, "evidence", rival.evidence());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("moreRivals", event.moreRivals());
  }

  private static void position(JsonGenerator json, Position position) throws IOException {
    json.writeObjectFieldStart("position");
    json.writeNumberField("partition", position.partition());
    json.writeNumberField("offset", position.offset());
    json.writeStringField("chain", position.chain().hex());
    json.writeNumberField("sequence", position.sequence());
    json.writeEndObject();
  }

  private static void origin(JsonGenerator json, Attribution event) throws IOException {
    json.writeStringField("source", event.source().kind());
    json.writeStringField("sourceEvent", event.source().event());
    json.writeStringField("sourceId", event.source().id());
    json.writeStringField("host", event.host());
    json.writeArrayFieldStart("identifiers");
    for (Identifier identifier : event.identifiers()) {
      json.writeStartObject();
      json.writeStringField("kind", identifier.kind().name());
      json.writeStringField("value", identifier.value());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("redactions", event.redactions());
    json.writeStringField("extract", event.extract());
    strings(json, "rules", event.hits());
  }

  static void strings(JsonGenerator json, String name, Collection<?> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (Object value : values) {
      json.writeString(value.toString());
    }
    json.writeEndArray();
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
