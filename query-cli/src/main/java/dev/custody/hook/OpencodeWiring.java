package dev.custody.hook;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** opencode: a plugin of ours in its directory of plugins. */
final class OpencodeWiring implements Wiring, FileEdit {
  private static final String RESOURCE = "opencode-plugin.js";
  private static final String DEFAULT = "http://127.0.0.1:" + HookOptions.PORT;

  /** In the plugin, where the file of the token is: known only once it is installed. */
  private static final String TOKEN = "CUSTODY_TOKEN_FILE || \"\"";

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]{1,5})");
  private static final String PATH = "/hooks/" + Wire.OPENCODE.id();

  private final Machine machine;
  private final HookOptions options;

  OpencodeWiring(Machine machine, HookOptions options) {
    this.machine = machine;
    this.options = options;
  }

  @Override
  public boolean needsForwarder() {
    return false;
  }

  @Override
  public List<FileEdit> edits() {
    return List.of(this);
  }

  @Override
  public Path file() {
    Path project = options.project();
    Path directory =
        project == null
            ? machine.directory("XDG_CONFIG_HOME", ".config").resolve("opencode")
            : project.resolve(".opencode");
    // Older versions read "plugin" only, newer ones both.
    Path older = directory.resolve("plugin");
    Path newer = directory.resolve("plugins");
    return (Files.isDirectory(older) && !Files.isDirectory(newer) ? older : newer)
        .resolve("custody.js");
  }

  private String plugin() throws HookException {
    return plugin(options.port());
  }

  private String plugin(int port) throws HookException {
    return Forwarder.resource(RESOURCE)
        .replace(DEFAULT, "http://127.0.0.1:" + port)
        .replace(
            TOKEN,
            "CUSTODY_TOKEN_FILE || "
                + TextNode.valueOf(machine.data().resolve("http.token").toString()));
  }

  private static boolean isOurs(String text) {
    return text.contains(PATH);
  }

  @Override
  public String install(@Nullable String before, List<String> notes) throws HookException {
    if (before != null && !isOurs(before)) {
      throw new HookException(
          file() + ": expected Custody's plugin, found another", "move it away or rename it");
    }
    return plugin();
  }

  // Wholly ours: what the planner does without an original is to delete it.
  @Override
  public String uninstall(String before, @Nullable String original) {
    return isOurs(before) ? "" : before;
  }

  private OptionalInt port(String text) {
    Matcher address = ADDRESS.matcher(text);
    return address.find()
        ? OptionalInt.of(Integer.parseInt(address.group(1)))
        : OptionalInt.empty();
  }

  @Override
  public WireStatus status() throws HookException {
    String text = TextFile.read(file());
    TreeSet<Integer> ports = new TreeSet<>();
    List<String> missing = new ArrayList<>();
    if (text != null && isOurs(text)) {
      ports.add(port(text).orElse(HookOptions.PORT));
      if (!text.equals(plugin())) {
        missing.add("the plugin of this version");
      }
    }
    return WireStatus.of(Wire.OPENCODE, List.of(file()), options.port(), ports, missing, List.of());
  }

  @Override
  public List<ProbeTarget> targets() throws HookException {
    String text = TextFile.read(file());
    if (text == null || !isOurs(text)) {
      return List.of();
    }
    int port = port(text).orElse(HookOptions.PORT);
    return List.of(
        new ProbeTarget.Url(Wire.OPENCODE, "http://127.0.0.1:" + port + PATH),
        new ProbeTarget.Plugin(Wire.OPENCODE, file(), text, plugin(port)));
  }
}
