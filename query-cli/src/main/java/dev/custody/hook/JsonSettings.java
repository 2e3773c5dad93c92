package dev.custody.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.hook.JsonText.Dialect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A settings file in JSON, with a table of hooks and, in some, members for telemetry. */
final class JsonSettings implements FileEdit {
  private final Path file;
  private final Dialect dialect;
  private final HookTable table;
  private final Map<String, ObjectNode> handlers;
  private final @Nullable Members telemetry;
  private final HookOptions options;
  private final @Nullable String elsewhere;

  /**
   * A file.
   *
   * @param handlers ours, by event
   * @param telemetry null where the file has none
   * @param elsewhere why the telemetry is not ours to set; null when it is
   */
  JsonSettings(
      Path file,
      Dialect dialect,
      HookTable.Ours ours,
      Map<String, ObjectNode> handlers,
      @Nullable Members telemetry,
      @Nullable String elsewhere,
      HookOptions options) {
    this.file = file;
    this.dialect = dialect;
    this.table = new HookTable(file.toString(), ours);
    this.handlers = handlers;
    this.telemetry = telemetry;
    this.elsewhere = elsewhere;
    this.options = options;
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String install(@Nullable String before, List<String> notes) throws HookException {
    String start = before == null || before.isBlank() ? "{}\n" : before;
    JsonEdit edit = new JsonEdit(start, dialect, file.toString());
    JsonNode tree = edit.json().tree();
    table.install(edit, handlers);
    if (telemetry != null) {
      telemetry(edit, telemetry, notes);
    }
    return checked(tree, edit);
  }

  private void telemetry(JsonEdit edit, Members members, List<String> notes) throws HookException {
    if (!options.telemetry()) {
      members.uninstall(edit, null);
      return;
    }
    List<String> conflicts = members.conflicts(edit.json().tree(), options.port());
    if (!conflicts.isEmpty()) {
      notes.add(
          "%s: telemetry is left as it is: %s set otherwise"
              .formatted(file, String.join(", ", conflicts)));
    } else if (elsewhere != null) {
      notes.add("%s: telemetry is left as it is: %s".formatted(file, elsewhere));
    } else {
      members.install(edit, options.port());
    }
  }

  @Override
  public String uninstall(String before, @Nullable String original) throws HookException {
    if (before.isBlank()) {
      return before;
    }
    JsonEdit edit = new JsonEdit(before, dialect, file.toString());
    JsonNode tree = edit.json().tree();
    boolean ours = !table.ports(tree).isEmpty();
    JsonNode known =
        original == null || original.isBlank()
            ? null
            : JsonText.parse(original, dialect, file + " (the original)").tree();
    table.uninstall(edit);
    if (telemetry != null && (ours || original != null)) {
      telemetry.uninstall(
          edit, original != null && known == null ? MissingNode.getInstance() : known);
    }
    return checked(tree, edit);
  }

  // The last guard: whatever the text looked like, what is not ours still says what it said.
  private String checked(JsonNode before, JsonEdit edit) throws HookException {
    if (!foreign(before).equals(foreign(edit.json().tree()))) {
      throw new HookException(
          file + ": it is written in a way that cannot be edited without changing something else",
          "add or remove the hooks by hand as docs/capture.md shows; it was not touched");
    }
    return edit.json().text();
  }

  private JsonNode foreign(JsonNode tree) {
    JsonNode rest = table.without(tree);
    return telemetry == null ? rest : telemetry.without(rest);
  }

  /** What {@code text} has of ours. */
  State state(@Nullable String text) throws HookException {
    if (text == null || text.isBlank()) {
      return State.NOTHING;
    }
    JsonNode tree = JsonText.parse(text, dialect, file.toString()).tree();
    TreeSet<Integer> ports = new TreeSet<>(table.ports(tree));
    List<String> missing = new ArrayList<>(HookTable.missing(tree, handlers));
    if (telemetry != null && options.telemetry()) {
      OptionalInt port = telemetry.port(tree);
      if (port.isPresent() && !ports.isEmpty()) {
        ports.add(port.getAsInt());
      }
      missing.addAll(telemetry.missing(tree, options.port()));
    }
    return new State(ports, missing, tree);
  }

  /** Handlers of ours in {@code tree}, each once. */
  List<JsonNode> installed(JsonNode tree) {
    return table.installed(tree);
  }

  /**
   * What a file has of ours.
   *
   * @param ports that ours speak to; none when nothing of ours is there
   * @param missing what of ours is not there as it should be
   * @param tree the settings
   */
  record State(TreeSet<Integer> ports, List<String> missing, JsonNode tree) {
    static final State NOTHING = new State(new TreeSet<>(), List.of(), MissingNode.getInstance());
  }
}
