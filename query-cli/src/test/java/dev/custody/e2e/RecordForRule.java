package dev.custody.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Makes, of a rule's text, a record that the rule is written for: the provider's own form, with
 * what the rule's selections ask for and nothing of what its filters do. It reads rules by itself,
 * knows nothing of the matcher, and names fields as the providers do.
 */
final class RecordForRule {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> OBJECTS = Set.of("requestParameters", "responseElements");

  /** Where the providers have what rules name otherwise. */
  private static final Map<String, Map<String, String>> PROVIDERS =
      Map.of(
          "kubernetes",
          Map.of(
              "apiGroup", "objectRef.apiGroup",
              "hostPath", "requestObject.spec.volumes[].hostPath.path",
              "capabilities", "requestObject.spec.containers[].securityContext.capabilities.add"),
          "gcp",
          Map.of(
              "gcp.audit.method_name", "protoPayload.methodName",
              "data.protoPayload.resource.type", "resource.type",
              "data.protoPayload.logName", "logName",
              "protoPayload.Servicename", "protoPayload.serviceName",
              "protoPayload.metadata.event.eventName", "protoPayload.metadata.event[].eventName",
              "data.protoPayload.authorizationInfo.permission",
                  "protoPayload.authorizationInfo[].permission",
              "data.protoPayload.authorizationInfo.granted",
                  "protoPayload.authorizationInfo[].granted"),
          "cloudtrail",
          Map.of(
              "requestParameters.containerDefinitions.command",
              "requestParameters.containerDefinitions[].command"),
          "github",
          Map.of());

  private final String source;
  private final Map<String, Object> detection;
  private final ObjectNode record;

  private RecordForRule(String source, Map<String, Object> detection, ObjectNode record) {
    this.source = source;
    this.detection = detection;
    this.record = record;
  }

  /** A record of {@code source} that does what a rule looks for. */
  static ObjectNode of(String source, String rule, int number) {
    RecordForRule made = new RecordForRule(source, detection(rule), plain(source, number));
    made.positive(String.valueOf(made.detection.get("condition"))).forEach(made::select);
    return made.record;
  }

  private static Map<String, Object> detection(String rule) {
    Object document = new Load(LoadSettings.builder().build()).loadFromString(rule);
    return map(Objects.requireNonNull(map(document).get("detection")));
  }

  private static Map<String, Object> map(Object node) {
    Map<String, Object> copy = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(node)).forEach((k, v) -> copy.put(String.valueOf(k), v));
    return copy;
  }

  /** A record of which no rule should say anything. */
  static ObjectNode plain(String source, int number) {
    String text =
        switch (source) {
          case "cloudtrail" ->
              """
              {"eventVersion": "1.11", "eventID": "6c0f8d0e-0000-4000-8000-%1$012d",
               "eventTime": "2026-11-22T07:00:00Z", "eventSource": "sts.amazonaws.com",
               "eventName": "GetCallerIdentity", "awsRegion": "eu-west-1",
               "sourceIPAddress": "203.0.113.7", "userAgent": "aws-cli/2.31.0",
               "userIdentity": {"type": "IAMUser", "userName": "dana", "accountId": "123456789012"}}
              """;
          case "github" ->
              """
              {"@timestamp": 1795960898746, "_document_id": "document-%1$d", "action": "git.fetch",
               "actor": "dana", "org": "widgets", "repo": "widgets/api"}
              """;
          case "kubernetes" ->
              """
              {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Request",
               "auditID": "audit-%1$d", "stage": "ResponseComplete", "verb": "get",
               "requestURI": "/version", "user": {"username": "dana"},
               "sourceIPs": ["203.0.113.7"], "userAgent": "kubectl/v1.34.1",
               "requestReceivedTimestamp": "2026-11-22T07:00:00.000000Z",
               "responseStatus": {"code": 200}}
              """;
          default ->
              """
              {"insertId": "insert-%1$d", "timestamp": "2026-11-22T07:00:00Z",
               "logName": "projects/widgets/logs/cloudaudit.googleapis.com%%2Factivity",
               "protoPayload": {"@type": "type.googleapis.com/google.cloud.audit.AuditLog",
                 "serviceName": "run.googleapis.com", "methodName": "google.cloud.run.v1.Get"}}
              """;
        };
    try {
      return (ObjectNode) JSON.readTree(text.formatted(number));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Search identifiers that together fulfil a condition: of alternatives the first. */
  private List<String> positive(String condition) {
    Deque<String> words =
        new ArrayDeque<>(
            List.of(condition.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+")));
    List<String> found = either(words);
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("condition not understood at " + words);
    }
    return found;
  }

  private List<String> either(Deque<String> words) {
    List<String> first = both(words);
    while ("or".equals(words.peek())) {
      words.remove();
      both(words);
    }
    return first;
  }

  private List<String> both(Deque<String> words) {
    List<String> all = new ArrayList<>(one(words));
    while ("and".equals(words.peek())) {
      words.remove();
      all.addAll(one(words));
    }
    return all;
  }

  private List<String> one(Deque<String> words) {
    String word = words.remove();
    return switch (word) {
      case "not" -> {
        one(words);
        yield List.of();
      }
      case "(" -> {
        List<String> inner = either(words);
        words.remove();
        yield inner;
      }
      case "1", "all" -> {
        words.remove();
        String pattern = words.remove().replace("*", ".*");
        List<String> names =
            detection.keySet().stream()
                .filter(name -> !name.equals("condition"))
                .filter(name -> pattern.equals("them") || name.matches(pattern))
                .toList();
        yield word.equals("1") ? names.subList(0, 1) : names;
      }
      default -> List.of(word);
    };
  }

  private void select(String identifier) {
    Object search = Objects.requireNonNull(detection.get(identifier), identifier);
    if (search instanceof List<?> list) {
      search = Objects.requireNonNull(list.getFirst());
    }
    if (search instanceof Map<?, ?>) {
      Map<String, StringBuilder> values = new LinkedHashMap<>();
      // What a value begins with comes first, what it ends with last.
      for (String place : List.of("", "startswith", "contains", "endswith")) {
        map(search)
            .forEach((key, wanted) -> {
              List<String> parts = List.of(key.split("\\|"));
              if (place.equals(place(parts))) {
                StringBuilder value =
                    values.computeIfAbsent(parts.getFirst(), f -> new StringBuilder());
                value.append(satisfying(parts, wanted));
              }
            });
      }
      values.forEach((field, value) -> put(field, value.toString()));
    } else {
      put("note", "x " + text(String.valueOf(search)) + " y");
    }
  }

  private static String place(List<String> parts) {
    return parts.subList(1, parts.size()).stream()
        .filter(List.of("startswith", "contains", "endswith")::contains)
        .findFirst()
        .orElse("");
  }

  private static String satisfying(List<String> parts, Object wanted) {
    List<String> modifiers = parts.subList(1, parts.size());
    List<String> values = new ArrayList<>();
    (wanted instanceof List<?> list ? list : List.of(wanted))
        .forEach(value -> values.add(String.valueOf(value)));
    StringBuilder made = new StringBuilder();
    for (String value : modifiers.contains("all") ? values : values.subList(0, 1)) {
      made.append(modifiers.contains("re") ? found(value) : text(value));
    }
    return switch (place(parts)) {
      case "startswith" -> made + "x";
      case "contains" -> "x" + made + "x";
      case "endswith" -> "x" + made;
      default -> made.toString();
    };
  }

  /** A text that a pattern with wildcards passes. */
  private static String text(String value) {
    return value.replace("*", "1").replace('?', '1').replace("\\", "");
  }

  private static String found(String regex) {
    String text = regex.replace(".+", "x").replace(".*", "");
    if (!Pattern.compile(regex).matcher(text).find()) {
      throw new IllegalArgumentException("no text is known for the expression " + regex);
    }
    return text;
  }

  private void put(String field, String value) {
    String path = Objects.requireNonNull(PROVIDERS.get(source)).getOrDefault(field, field);
    if (source.equals("gcp") && !path.contains(".") && !path.equals("logName")) {
      workspace(path, value);
      return;
    }
    if (OBJECTS.contains(path)) {
      path += ".document"; // A policy is JSON inside of a text.
    }
    if (path.equals("logName")) {
      value = "projects/widgets/logs/" + value.replace("com/", "com%2F");
    }
    String[] keys = path.split("\\.");
    ObjectNode at = record;
    for (String key : List.of(keys).subList(0, keys.length - 1)) {
      at = child(at, key);
    }
    at.put(keys[keys.length - 1], value);
  }

  /** Names that rules have for what Workspace puts into lists. */
  private void workspace(String field, String value) {
    ObjectNode payload = child(record, "protoPayload");
    ObjectNode event = child(child(payload, "metadata"), "event[]");
    switch (field) {
      case "eventService" -> payload.put("serviceName", value);
      case "eventName" -> event.put("eventName", value);
      case "note" -> child(payload, "request").put("note", value);
      default ->
          event
              .withArray("parameter")
              .addObject()
              .put("name", field.toUpperCase(Locale.ROOT))
              .put("value", value);
    }
  }

  private static ObjectNode child(ObjectNode parent, String key) {
    if (!key.endsWith("[]")) {
      return parent.get(key) instanceof ObjectNode known ? known : parent.putObject(key);
    }
    ArrayNode list = parent.withArray(key.substring(0, key.length() - 2));
    return list.isEmpty() ? list.addObject() : (ObjectNode) list.get(0);
  }
}
