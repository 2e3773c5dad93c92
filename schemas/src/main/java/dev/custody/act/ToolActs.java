package dev.custody.act;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.shell.InlineProgram;
import dev.custody.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a call of a tool does: {@code tools.txt}. */
final class ToolActs {
  private static final int MOST_VALUES = 64;
  private static final int LONGEST = Shell.MOST_CHARACTERS;
  private static final List<Tool> TOOLS = new ArrayList<>();
  private static final List<String> HEADERS =
      List.of(
          "*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: ", "+++ b/");

  /** In settings, what has an agent ask nobody, or switches its hooks off. */
  private static final Pattern UNCHECKED =
      Pattern.compile(
          "bypassPermissions|\"disableAllHooks\"\\s*:\\s*true|danger-full-access"
              + "|approval_policy\\s*=\\s*\"never\"|\"approvalMode\"\\s*:\\s*\"yolo\"");

  private static final Pattern DROPPED =
      Pattern.compile("(?i)\\b(drop\\s+(table|database|schema|user)|truncate\\s+(table\\s+)?\\w)");

  static {
    for (String[] row : Table.rows("tools.txt")) {
      Kind kind = Kind.valueOf(row[0].toUpperCase(Locale.ROOT));
      boolean code = kind == Kind.CODE;
      String fields = row.length > (code ? 3 : 2) ? row[code ? 3 : 2] : "";
      TOOLS.add(new Tool(kind, row[1], code ? row[2] : "", List.of(fields.split(","))));
    }
  }

  private enum Kind {
    SHELL,
    CODE,
    READ,
    SEARCH,
    WRITE,
    REMOVE,
    PATCH,
    MOVE,
    FETCH,
    BROWSE,
    FORGE,
    STORE,
    SQL,
    NONE
  }

  private record Tool(Kind kind, String name, String language, List<String> fields) {}

  private final Found found;
  private final Scope scope = new Scope();
  private final NetworkActs network;
  private final FileActs files;

  ToolActs(Found found) {
    this.found = found;
    this.network = new NetworkActs(found);
    this.files = new FileActs(found, scope, network);
  }

  void tool(String name, JsonNode input) {
    Tool tool = known(name);
    if (tool == null) {
      unknown(name, input);
      return;
    }
    List<String> values = values(input, tool.fields);
    switch (tool.kind) {
      case SHELL -> values.stream().limit(1).forEach(this::shell);
      case CODE -> values.forEach(source -> code(tool.language, source));
      case READ, SEARCH ->
          values.forEach(path -> {
            int _ = files.read(Value.of(path));
          });
      case WRITE -> written(values, input);
      case REMOVE -> values.forEach(path -> removed(path));
      case PATCH -> values.stream().limit(1).forEach(text -> patched(text, input));
      case MOVE -> moved(values);
      case FETCH, BROWSE -> fetched(values, tool.kind == Kind.BROWSE, input);
      case FORGE -> found.act(ActName.WRITES_TO_FORGE, target(name, values));
      case STORE -> found.act(ActName.READS_SECRET_STORE, target(name, values));
      case SQL -> values.stream().filter(t -> DROPPED.matcher(t).find()).forEach(this::dropped);
      case NONE -> {}
    }
    if (isServers(name)) {
      found.sent(size(input));
    }
  }

  /** A tool that is not known: what its input shows of files is no act; of URLs it is. */
  private void unknown(String name, JsonNode input) {
    if (!isServers(name)) {
      return;
    }
    for (String url : values(input, List.of("url", "uri", "endpoint"))) {
      if (url.contains("://")) {
        boolean _ = network.connect(Hosts.ofUrl(url), 0, false);
      }
    }
    for (String path : values(input, List.of("path", "file_path", "paths"))) {
      found.file(scope.path(path));
    }
    found.sent(size(input));
  }

  static boolean isServers(String tool) {
    return tool.startsWith("mcp_") || tool.startsWith("mcp:");
  }

  private static @Nullable Tool known(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int server = lower.startsWith("mcp__") ? lower.lastIndexOf("__") : -1;
    String own = server > 4 ? lower.substring(server + 2) : lower;
    for (Tool tool : TOOLS) {
      if (own.equals(tool.name) || (isServers(lower) && isPart(own, tool.name))) {
        return tool;
      }
    }
    return null;
  }

  /** Whether {@code part}, which has an underscore itself, begins or ends {@code name}. */
  private static boolean isPart(String name, String part) {
    String same = name.replace('-', '_');
    return part.indexOf('_') > 0
        && (same.equals(part) || same.endsWith("_" + part) || same.startsWith(part + "_"));
  }

  private void shell(String command) {
    new CommandActs(found).script(Shell.parse(command));
  }

  private void code(String language, String source) {
    int _ =
        new ProgramActs(found, files, network, this::shell)
            .program(new InlineProgram(language, source), 0, 0);
  }

  private void written(List<String> paths, JsonNode input) {
    for (String path : paths.stream().limit(1).toList()) {
      files.write(Value.of(path), 0);
      settings(path, input);
    }
  }

  private void settings(String path, JsonNode input) {
    if (Files.kind(path) == Files.Kind.AGENT_SETTINGS) {
      List<String> texts =
          values(input, List.of("content", "new_string", "newString", "file_text", "new_str"));
      if (texts.stream().anyMatch(t -> UNCHECKED.matcher(t).find())) {
        found.act(ActName.SWITCHES_PERMISSION_CHECKS_OFF, path);
      }
    }
  }

  private void removed(String path) {
    files.write(Value.of(path), 0);
    if (!Files.isHarmless(path)) {
      found.act(ActName.DESTROYS, path);
    }
  }

  private void patched(String patch, JsonNode input) {
    String text = patch.length() > LONGEST ? patch.substring(0, LONGEST) : patch;
    for (String line : text.split("\n", -1)) {
      for (String header : HEADERS) {
        if (line.startsWith(header)) {
          String path = line.substring(header.length()).strip();
          files.write(Value.of(path), 0);
          boolean unchecked =
              Files.kind(path) == Files.Kind.AGENT_SETTINGS && UNCHECKED.matcher(text).find();
          if (unchecked) {
            found.act(ActName.SWITCHES_PERMISSION_CHECKS_OFF, path);
          }
        }
      }
    }
    if (input.path("filePath").isTextual()) {
      files.write(Value.of(input.path("filePath").asText()), 0);
    }
  }

  private void moved(List<String> paths) {
    if (!paths.isEmpty()) {
      int taint = files.read(Value.of(paths.getFirst()));
      paths.stream().skip(1).forEach(p -> files.write(Value.of(p), taint));
    }
  }

  private void fetched(List<String> urls, boolean sends, JsonNode input) {
    for (String text : urls) {
      for (String url : addresses(text)) {
        boolean left = network.connect(Hosts.ofUrl(url), 0, sends);
        if (left && sends) {
          found.sent(size(input));
        }
      }
    }
  }

  /** A URL, or those that a prompt names. */
  private static List<String> addresses(String text) {
    if (text.indexOf(' ') < 0 && text.indexOf('\n') < 0) {
      return List.of(text);
    }
    List<String> found = new ArrayList<>();
    for (String word : text.split("\\s+", 1024)) {
      if (word.startsWith("http://") || word.startsWith("https://")) {
        found.add(word);
      }
    }
    return found;
  }

  private void dropped(String statement) {
    found.act(ActName.DESTROYS, statement);
  }

  private static String target(String tool, List<String> values) {
    return values.isEmpty() ? tool : String.join("/", values);
  }

  /** The texts of the fields that are there, in the order of {@code fields}. */
  private List<String> values(JsonNode input, List<String> fields) {
    List<String> values = new ArrayList<>();
    for (String field : fields) {
      JsonNode value = input.path(field);
      if (value.isTextual()) {
        values.add(value.textValue());
      } else if (value.isArray() && !value.isEmpty()) {
        if (field.equals("command") || field.equals("cmd")) {
          values.add(commandLine(value));
        } else {
          for (JsonNode element : value) {
            if (values.size() < MOST_VALUES) {
              values.add(element.asText());
            }
          }
        }
      }
    }
    return values;
  }

  /** A command as a list of words, quoted again. */
  private static String commandLine(JsonNode words) {
    StringBuilder line = new StringBuilder();
    for (JsonNode word : words) {
      String text = word.asText();
      if (line.length() + text.length() > LONGEST) {
        break;
      }
      line.append(line.isEmpty() ? "" : " ")
          .append('\'')
          .append(text.replace("'", "'\\''"))
          .append('\'');
    }
    return line.toString();
  }

  private static long size(JsonNode input) {
    long size = 0;
    for (JsonNode value : input) {
      size += value.isContainerNode() ? size(value) : value.asText().length();
    }
    return size;
  }
}
