package dev.custody.detect;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.RecordField;
import dev.custody.event.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields by which correlations group and count an attributed event: who did it as the
 * attribution has it, whatever the record said; all else as the record had it.
 */
final class ActFields {
  static final String PROMPT = "custody.prompt";
  static final String SESSION = "custody.session";

  private final Map<String, List<String>> fields = new HashMap<>();

  /** What a later attribution may say otherwise. */
  private static final Set<String> CHANGING =
      Set.of(
          PROMPT,
          SESSION,
          "custody.tool_call",
          "custody.project",
          "custody.human",
          "custody.agent",
          "custody.delegation");

  private ActFields() {}

  /** Whether a later attribution may say otherwise. */
  static boolean mayChange(String field) {
    return CHANGING.contains(field);
  }

  static Map<String, List<String>> of(Attribution event) {
    ActFields act = new ActFields();
    for (RecordField field : event.fields()) {
      if (!mayChange(field.name())) {
        act.fields.put(field.name(), field.values());
      }
    }
    act.put("custody.action", event.action());
    act.put("custody.host", event.host());
    act.put("custody.account", event.account());
    act.put("custody.delegation", event.delegation().id());
    act.who(event.best());
    for (Identifier identifier : event.identifiers()) {
      List<String> values =
          act.fields.computeIfAbsent(
              "custody.identifiers." + identifier.kind(), kind -> new ArrayList<>());
      if (!values.contains(identifier.value())) {
        List<String> more = new ArrayList<>(values);
        more.add(identifier.value());
        act.fields.put("custody.identifiers." + identifier.kind(), more);
      }
    }
    return act.fields;
  }

  private void who(Candidate who) {
    put(PROMPT, who.prompt());
    put(SESSION, who.session());
    put("custody.tool_call", who.toolCall());
    put("custody.project", who.project());
    put("custody.human", who.human() == null ? null : who.human().id());
    put("custody.agent", who.agent() == null ? null : who.agent().product());
  }

  private void put(String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, List.of(value));
    }
  }
}
