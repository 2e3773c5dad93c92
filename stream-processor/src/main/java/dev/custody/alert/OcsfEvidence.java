package dev.custody.alert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.detect.Evidence;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.sigma.AddressRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a finding rests on, and what of it a SIEM can look up: OCSF 1.8.0 {@code evidences}. */
final class OcsfEvidence {
  /** How many pieces of evidence, resources and observables of one kind are written. */
  static final int MOST = 32;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern URL = Pattern.compile("https?://\\S+");

  private OcsfEvidence() {}

  /** OCSF 1.8.0, {@code observable.type_id}. */
  private enum Kind {
    IP_ADDRESS(2, "IP Address"),
    USER_NAME(4, "User Name"),
    URL_STRING(6, "URL String"),
    RESOURCE_UID(10, "Resource UID"),
    FILE_PATH(45, "File Path");

    private final int id;
    private final String caption;

    Kind(int id, String caption) {
      this.id = id;
      this.caption = caption;
    }
  }

  /** Writes evidence, the resources it is about and its observables into {@code finding}. */
  static void write(List<Evidence> evidence, ObjectNode finding) {
    Observables observables = new Observables();
    ArrayNode evidences = finding.putArray("evidences");
    for (Evidence e : evidence.subList(0, Math.min(MOST, evidence.size()))) {
      evidences.add(evidence(e, "evidences[" + evidences.size() + "]", observables));
    }
    List<String> names =
        evidence.stream().flatMap(e -> e.resources().stream()).distinct().limit(MOST).toList();
    if (!names.isEmpty()) {
      ArrayNode resources = finding.putArray("resources");
      for (String name : names) {
        observables.add(Kind.RESOURCE_UID, name, "resources[" + resources.size() + "].uid");
        resources.addObject().put("uid", name).put("name", name);
      }
    }
    observables.write(finding);
  }

  private static ObjectNode evidence(Evidence e, String place, Observables observables) {
    ObjectNode node = JSON.createObjectNode();
    actor(e, node.putObject("actor"), place, observables);
    if (e.action() != null && e.kind().equals("CloudCall")) {
      int colon = e.action().indexOf(':');
      ObjectNode api = node.putObject("api").put("operation", e.action().substring(colon + 1));
      api.putObject("service").put("name", e.action().substring(0, Math.max(0, colon)));
    }
    if (e.sourceAddress() != null && AddressRange.isAddress(e.sourceAddress())) {
      node.putObject("src_endpoint").put("ip", e.sourceAddress());
      observables.add(Kind.IP_ADDRESS, e.sourceAddress(), place + ".src_endpoint.ip");
    }
    resource(e, name -> name.startsWith("/"))
        .ifPresent(path -> {
          String name = path.substring(path.lastIndexOf('/') + 1);
          node.putObject("file")
              .put("name", name.isEmpty() ? path : name)
              .put("path", path)
              .put("type_id", 0)
              .put("type", "Unknown");
          observables.add(Kind.FILE_PATH, path, place + ".file.path");
        });
    resource(e, URL.asMatchPredicate())
        .ifPresent(url -> {
          node.putObject("url").put("url_string", url);
          observables.add(Kind.URL_STRING, url, place + ".url.url_string");
        });
    node.set("data", data(e));
    return node;
  }

  private static void actor(Evidence e, ObjectNode actor, String place, Observables observables) {
    Agent agent = e.agent();
    actor.put("app_name", agent == null ? "unknown" : agent.product());
    if (agent != null) {
      actor.put("app_uid", agent.spiffeId());
    }
    if (e.session() != null) {
      actor.putObject("session").put("uid", e.session());
    }
    Human human = e.human();
    if (human != null) {
      actor.putObject("user").put("name", human.id()).put("type_id", 1).put("type", "User");
      observables.add(Kind.USER_NAME, human.id(), place + ".actor.user.name");
    }
  }

  private static Optional<String> resource(Evidence e, Predicate<String> kind) {
    return e.resources().stream().filter(kind).findFirst();
  }

  private static ObjectNode data(Evidence e) {
    ObjectNode data = JSON.createObjectNode();
    data.put("event_id", e.key())
        .put("kind", e.kind())
        .put("summary", e.summary())
        .put("grade", e.grade().name());
    data.put("occurred_at", e.occurredAt().toString());
    putKnown(data, "action", e.action());
    putKnown(data, "prompt_id", e.prompt());
    putKnown(data, "tool_call_id", e.toolCall());
    putKnown(data, "delegation_id", e.delegation());
    data.put("partition", e.position().partition());
    if (e.position().offset() >= 0) { // What is said of a whole log stands nowhere in it.
      data.put("offset", e.position().offset());
    }
    data.put("chain", e.position().chain().hex()).put("sequence", e.position().sequence());
    data.put("prove_with", "custody verify");
    return data;
  }

  private static void putKnown(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  /** Each thing once, at the first place where it stands. */
  private static final class Observables {
    private final Map<Kind, Map<String, String>> places = new LinkedHashMap<>();

    void add(Kind kind, String value, String place) {
      Map<String, String> known = places.computeIfAbsent(kind, k -> new LinkedHashMap<>());
      if (known.size() < MOST) {
        known.putIfAbsent(value, place);
      }
    }

    void write(ObjectNode finding) {
      ArrayNode observables = JSON.createArrayNode();
      places.forEach((kind, known) ->
          known.forEach((value, place) ->
              observables
                  .addObject()
                  .put("name", place)
                  .put("type_id", kind.id)
                  .put("type", kind.caption)
                  .put("value", value)));
      if (!observables.isEmpty()) {
        finding.set("observables", observables);
      }
    }
  }
}
