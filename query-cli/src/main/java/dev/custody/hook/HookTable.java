package dev.custody.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.hook.JsonText.Item;
import dev.custody.hook.JsonText.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The member {@code hooks} of an agent's settings, as three agents have it: by event a list of
 * groups, each with a list of handlers.
 */
final class HookTable {
  private static final String HOOKS = "hooks";

  /** Tells ours from others' handlers. */
  @FunctionalInterface
  interface Ours {
    /** The port that {@code handler} speaks to; empty when it is not ours. */
    OptionalInt port(JsonNode handler);
  }

  private final String file;
  private final Ours ours;

  HookTable(String file, Ours ours) {
    this.file = file;
    this.ours = ours;
  }

  /** Makes the handlers of {@code wanted}, by event, the only ones of ours. */
  void install(JsonEdit edit, Map<String, ObjectNode> wanted) throws HookException {
    check(edit);
    removeOthers(edit, wanted);
    if (edit.json().at(HOOKS).isEmpty()) {
      Map<String, ArrayNode> groups = new LinkedHashMap<>();
      wanted.forEach((event, handler) -> groups.put(event, groups(handler)));
      edit.addLines(edit.json().root(), HOOKS, groups);
      return;
    }
    for (Map.Entry<String, ObjectNode> each : wanted.entrySet()) {
      if (has(edit.json().tree(), each.getKey(), each.getValue())) {
        continue;
      }
      Span hooks = edit.json().at(HOOKS).orElseThrow();
      var groups = hooks.member(each.getKey());
      if (groups.isPresent()) {
        edit.append(groups.get().value(), group(each.getValue()));
      } else {
        edit.add(hooks, each.getKey(), groups(each.getValue()));
      }
    }
  }

  /** Takes every handler of ours away, and what it alone stood in. */
  void uninstall(JsonEdit edit) throws HookException {
    check(edit);
    removeOthers(edit, Map.of());
  }

  private static ArrayNode groups(ObjectNode handler) {
    return JsonNodeFactory.instance.arrayNode().add(group(handler));
  }

  private static ObjectNode group(ObjectNode handler) {
    ObjectNode group = JsonNodeFactory.instance.objectNode();
    group.putArray(HOOKS).add(handler);
    return group;
  }

  // One at a time: each edit moves what stands behind it.
  private void removeOthers(JsonEdit edit, Map<String, ObjectNode> wanted) throws HookException {
    boolean removed;
    do {
      removed = removeOne(edit, wanted);
    } while (removed);
  }

  private boolean removeOne(JsonEdit edit, Map<String, ObjectNode> wanted) throws HookException {
    JsonText json = edit.json();
    Span hooks = json.at(HOOKS).orElse(null);
    if (hooks == null) {
      return false;
    }
    for (Item event : hooks.items()) {
      boolean kept = false;
      JsonNode groups = json.tree().path(HOOKS).path(String.valueOf(event.name()));
      for (int g = 0; g < groups.size(); g++) {
        JsonNode handlers = groups.path(g).path(HOOKS);
        for (int h = 0; h < handlers.size(); h++) {
          JsonNode handler = handlers.path(h);
          if (ours.port(handler).isEmpty()) {
            continue;
          }
          if (!kept && isPlain(groups.path(g)) && handler.equals(wanted.get(event.name()))) {
            kept = true;
            continue;
          }
          remove(edit, hooks, event, g, h);
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a group is for all that its event tells of. */
  private static boolean isPlain(JsonNode group) {
    JsonNode matcher = group.path("matcher");
    return matcher.isMissingNode() || matcher.asText().isEmpty() || matcher.asText().equals("*");
  }

  private static void remove(JsonEdit edit, Span hooks, Item event, int g, int h)
      throws HookException {
    Span groups = event.value();
    Item group = groups.items().get(g);
    Span handlers = group.value().member(HOOKS).orElseThrow().value();
    if (handlers.items().size() > 1) {
      edit.remove(handlers, handlers.items().get(h));
    } else if (groups.items().size() > 1) {
      edit.remove(groups, group);
    } else if (hooks.items().size() > 1) {
      edit.remove(hooks, event);
    } else {
      Span root = edit.json().root();
      edit.remove(root, root.member(HOOKS).orElseThrow());
    }
  }

  private static boolean has(JsonNode tree, String event, ObjectNode handler) {
    for (JsonNode group : tree.path(HOOKS).path(event)) {
      for (JsonNode each : group.path(HOOKS)) {
        if (isPlain(group) && each.equals(handler)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Events of {@code wanted} that have no such handler. */
  static List<String> missing(JsonNode tree, Map<String, ObjectNode> wanted) {
    List<String> missing = new ArrayList<>();
    wanted.forEach((event, handler) -> {
      if (!has(tree, event, handler)) {
        missing.add(event);
      }
    });
    return missing;
  }

  /** The ports that handlers of ours speak to. */
  Set<Integer> ports(JsonNode tree) {
    Set<Integer> ports = new TreeSet<>();
    for (JsonNode handler : handlers(tree)) {
      ours.port(handler).ifPresent(ports::add);
    }
    return ports;
  }

  /** Handlers of ours, each once. */
  List<JsonNode> installed(JsonNode tree) {
    return handlers(tree).stream().filter(h -> ours.port(h).isPresent()).distinct().toList();
  }

  private static List<JsonNode> handlers(JsonNode tree) {
    List<JsonNode> handlers = new ArrayList<>();
    for (JsonNode groups : tree.path(HOOKS)) {
      for (JsonNode group : groups) {
        group.path(HOOKS).forEach(handlers::add);
      }
    }
    return handlers;
  }

  /** What {@code tree} says without ours, empty containers left out. */
  JsonNode without(JsonNode tree) {
    ObjectNode copy = tree.deepCopy();
    ObjectNode events = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> event : copy.path(HOOKS).properties()) {
      if (!event.getValue().isArray()) {
        events.set(event.getKey(), event.getValue());
        continue;
      }
      ArrayNode groups = JsonNodeFactory.instance.arrayNode();
      for (JsonNode group : event.getValue()) {
        ArrayNode handlers = JsonNodeFactory.instance.arrayNode();
        for (JsonNode handler : group.path(HOOKS)) {
          if (ours.port(handler).isEmpty()) {
            handlers.add(handler);
          }
        }
        if (!handlers.isEmpty() && group instanceof ObjectNode object) {
          object.set(HOOKS, handlers);
          groups.add(object);
        }
      }
      if (!groups.isEmpty()) {
        events.set(event.getKey(), groups);
      }
    }
    copy.remove(HOOKS);
    if (!events.isEmpty()) {
      copy.set(HOOKS, events);
    }
    return copy;
  }

  private void check(JsonEdit edit) throws HookException {
    JsonNode hooks = edit.json().tree().path(HOOKS);
    if (hooks.isMissingNode()) {
      return;
    }
    if (!hooks.isObject()) {
      throw shape("hooks", "an object");
    }
    for (Map.Entry<String, JsonNode> event : hooks.properties()) {
      // Gemini CLI's older versions have switches beside the events.
      if (!event.getValue().isArray() && event.getValue().isContainerNode()) {
        throw shape("hooks." + event.getKey(), "an array");
      }
    }
  }

  private HookException shape(String where, String expected) {
    return new HookException(
        "%s: %s: expected %s, found something else".formatted(file, where, expected),
        "mend it; it was not touched");
  }
}
