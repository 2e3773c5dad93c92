package dev.custody.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.act.Act;
import dev.custody.act.ActName;
import dev.custody.act.Acts;
import dev.custody.event.Body;
import dev.custody.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields that cost something: worked out when they are asked for, once for each event. */
final class DerivedFields {
  /** Longest {@code custody.command}; a command is still recognised where it is longer. */
  private static final int LONGEST_COMMAND = 64 << 10;

  private static final int LONGEST_SHAPE = 256;
  private static final String PREFIX = "custody.";
  private static final String ACT = "custody.act.";
  private static final Set<String> NAMES =
      Set.of(
          "tool",
          "command",
          "acts",
          "programs",
          "files",
          "written",
          "hosts",
          "call_shape",
          "bytes_out",
          "partly_read",
          "untrusted",
          "injection");

  private final Event event;
  private final ObjectNode record;
  private @Nullable ToolUse use;
  private boolean useKnown;
  private @Nullable Acts acts;

  DerivedFields(Event event, ObjectNode record) {
    this.event = event;
    this.record = record;
  }

  /** Whether a field is one of these. */
  static boolean isDerived(String field) {
    return field.startsWith(PREFIX)
        && (field.startsWith(ACT) || NAMES.contains(field.substring(PREFIX.length())));
  }

  /** The values of a field for which {@link #isDerived} holds; none where it is absent. */
  List<String> values(String field) {
    if (field.startsWith(ACT)) {
      String name = field.substring(ACT.length());
      return targets(name);
    }
    return switch (field.substring(PREFIX.length())) {
      case "tool" -> tool();
      case "command" -> command();
      case "acts" -> acts().acts().stream().map(Act::name).map(ActName::word).distinct().toList();
      case "programs" -> acts().programs();
      case "files" -> paths(acts().files());
      case "written" -> paths(acts().written());
      case "hosts" -> acts().hosts();
      case "call_shape" -> shape();
      case "bytes_out" -> bytesOut();
      case "partly_read" -> acts().partlyRead() ? List.of("true") : List.of();
      case "untrusted" -> one(use() == null ? null : Untrusted.source(event.body(), use(), acts()));
      case "injection" -> injection();
      default -> List.of();
    };
  }

  private static List<String> one(@Nullable String value) {
    return value == null ? List.of() : List.of(value);
  }

  private @Nullable ToolUse use() {
    if (!useKnown) {
      use = ToolUse.of(event, record);
      useKnown = true;
    }
    return use;
  }

  private Acts acts() {
    Acts known = acts;
    if (known == null) {
      ToolUse told = use();
      known =
          told == null || !told.input().isObject()
              ? Acts.NONE
              : Acts.ofTool(told.actTool(), told.input());
      acts = known;
    }
    return known;
  }

  private List<String> targets(String name) {
    return acts().acts().stream()
        .filter(a -> a.name().word().equals(name))
        .map(Act::target)
        .distinct()
        .toList();
  }

  private List<String> tool() {
    ToolUse told = use();
    return event.body() instanceof Body.PolicyDecision decision
        ? List.of(decision.tool())
        : one(told == null ? null : told.tool());
  }

  private List<String> command() {
    ToolUse told = use();
    String command = told == null ? null : told.command();
    return one(
        command == null || command.length() <= LONGEST_COMMAND
            ? command
            : command.substring(0, LONGEST_COMMAND));
  }

  /** Below the directory at work as seen from there; others as they are named. */
  private List<String> paths(List<String> named) {
    String project = event.project();
    if (project == null || project.length() < 2) {
      return named;
    }
    String below = project.endsWith("/") ? project : project + "/";
    return named.stream().map(p -> p.startsWith(below) ? p.substring(below.length()) : p).toList();
  }

  /** What one call has in common with the same call made again; of what was asked for only. */
  private List<String> shape() {
    ToolUse told = use();
    if (told == null || !told.input().isObject()) {
      return List.of();
    }
    String command = told.command();
    StringBuilder shape = new StringBuilder(told.tool());
    if (command != null) {
      shape.append(' ').append(command);
    } else {
      for (Map.Entry<String, JsonNode> field : told.input().properties()) {
        if (!field.getKey().equals("description") && shape.length() < LONGEST_SHAPE) {
          JsonNode value = field.getValue();
          String text = value.isContainerNode() ? value.toString() : value.asText();
          shape.append(' ').append(field.getKey()).append('=').append(head(text));
        }
      }
    }
    return List.of(head(head(shape.toString()).replaceAll("\\s+", " ").strip()));
  }

  private static String head(String text) {
    return text.length() <= LONGEST_SHAPE ? text : text.substring(0, LONGEST_SHAPE);
  }

  private List<String> bytesOut() {
    if (event.body() instanceof Body.CloudCall) {
      JsonNode moved = record.path("additionalEventData").path("bytesTransferredOut");
      return moved.isNumber() ? List.of(Long.toString(moved.asLong())) : List.of();
    }
    boolean asked = event.body() instanceof Body.ToolCallRequested;
    return asked && acts().bytesOut() > 0 ? List.of(Long.toString(acts().bytesOut())) : List.of();
  }

  private List<String> injection() {
    ToolUse told = use();
    if (told == null || told.result().isMissingNode()) {
      return List.of();
    }
    Set<String> found = new LinkedHashSet<>();
    List<String> texts = new ArrayList<>();
    collect(told.result(), texts);
    texts.forEach(text -> InjectionPhrases.addFound(text, found));
    return List.copyOf(found);
  }

  // As deep as the tree, which the JSON parser bounds.
  private static void collect(JsonNode node, List<String> texts) {
    if (node.isTextual()) {
      texts.add(node.textValue());
    }
    for (JsonNode child : node) {
      if (texts.size() < 1024) {
        collect(child, texts);
      }
    }
  }
}
