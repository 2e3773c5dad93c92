package dev.custody.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.custody.hook.JsonText.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Members of one object of an agent's settings that send its telemetry to the collector: all of
 * them or none, for what the user has set otherwise is the user's.
 *
 * @param object name of the object
 * @param address name of the member that holds the collector's address
 * @param others every other member
 */
record Members(String object, String address, Map<String, JsonNode> others) {
  Members {
    others = new LinkedHashMap<>(others);
  }

  private Map<String, JsonNode> wanted(int port) {
    Map<String, JsonNode> wanted = new LinkedHashMap<>(others);
    wanted.put(address, TextNode.valueOf("http://127.0.0.1:" + port));
    return wanted;
  }

  /** The port that the address names, if it is one of a collector on this machine. */
  OptionalInt port(JsonNode tree) {
    return Forwarder.portOfUrl(tree.path(object).path(address).asText(), "");
  }

  /** Names of members that are set to something else than ours. */
  List<String> conflicts(JsonNode tree, int port) {
    List<String> names = new ArrayList<>();
    JsonNode there = tree.path(object);
    if (!there.isMissingNode() && !there.isObject()) {
      return List.of(object);
    }
    wanted(port)
        .forEach((name, value) -> {
          JsonNode found = there.path(name);
          boolean ours = name.equals(address) && port(tree).isPresent();
          if (!found.isMissingNode() && !found.equals(value) && !ours) {
            names.add(object + "." + name);
          }
        });
    return names;
  }

  List<String> missing(JsonNode tree, int port) {
    List<String> names = new ArrayList<>();
    wanted(port)
        .forEach((name, value) -> {
          if (!tree.path(object).path(name).equals(value)) {
            names.add(object + "." + name);
          }
        });
    return names;
  }

  /** Sets those that are not set; there must be no conflict. */
  void install(JsonEdit edit, int port) throws HookException {
    if (edit.json().at(object).isEmpty()) {
      edit.addLines(edit.json().root(), object, wanted(port));
      return;
    }
    for (Map.Entry<String, JsonNode> each : wanted(port).entrySet()) {
      Span at = edit.json().at(object).orElseThrow();
      Optional<Span> there = edit.json().at(object, each.getKey());
      if (there.isEmpty()) {
        edit.add(at, each.getKey(), each.getValue());
      } else if (!edit.json().tree().path(object).path(each.getKey()).equals(each.getValue())) {
        edit.replace(there.get(), each.getValue());
      }
    }
  }

  /**
   * Takes ours away: not what stood in {@code original}, and nothing at all where the telemetry
   * goes elsewhere.
   */
  void uninstall(JsonEdit edit, @Nullable JsonNode original) throws HookException {
    for (String name : removable(edit.json().tree(), original)) {
      Span at = edit.json().at(object).orElseThrow();
      if (at.items().size() > 1) {
        edit.remove(at, at.member(name).orElseThrow());
      } else if (original != null && original.has(object)) {
        edit.remove(at, at.items().getFirst());
      } else {
        Span root = edit.json().root();
        edit.remove(root, root.member(object).orElseThrow());
      }
    }
  }

  private List<String> removable(JsonNode tree, @Nullable JsonNode original) {
    OptionalInt port = port(tree);
    if (port.isEmpty()) {
      return List.of();
    }
    JsonNode before = original == null ? tree.path("nothing") : original.path(object);
    return wanted(port.getAsInt()).entrySet().stream()
        .filter(w -> tree.path(object).path(w.getKey()).equals(w.getValue()))
        .map(Map.Entry::getKey)
        .filter(name -> !before.has(name))
        .toList();
  }

  /** {@code tree} without any of the members, and without the object when nothing else is in it. */
  JsonNode without(JsonNode tree) {
    ObjectNode copy = tree.deepCopy();
    if (copy.path(object) instanceof ObjectNode there) {
      there.remove(others.keySet());
      there.remove(address);
      if (there.isEmpty()) {
        copy.remove(object);
      }
    }
    return copy;
  }

  /** Text values. */
  static Map<String, JsonNode> texts(String... namesAndValues) {
    Map<String, JsonNode> texts = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      texts.put(namesAndValues[i], JsonNodeFactory.instance.textNode(namesAndValues[i + 1]));
    }
    return texts;
  }
}
