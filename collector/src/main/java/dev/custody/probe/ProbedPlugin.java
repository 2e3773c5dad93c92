package dev.custody.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The two callbacks that opencode's plugin sends when {@code custody doctor} loads it and tells it
 * of one event. The plugin knows nothing of probes: it sends them as it sends an agent's, so each
 * is compared with all that it can be.
 */
final class ProbedPlugin {
  /** What stands where opencode names the directory that it works in. No directory is called so. */
  static final String DIRECTORY = ProbedHooks.SESSION + "directory";

  private static final String INIT = "plugin.init";
  private static final String EVENT = "event:" + ProbedHooks.HOOK;
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

  private ProbedPlugin() {}

  /** The session of the probe that {@code sent} is; null when it is none. */
  static @Nullable String session(ObjectNode sent) {
    String at = sent.path("at").textValue();
    if (at == null || !TIME.matcher(at).matches()) {
      return null;
    }
    ObjectNode fields = sent.deepCopy();
    fields.remove("at");
    if (fields.equals(callback(INIT, init()))) {
      return DIRECTORY;
    }
    // When the first of the two was not taken, the second says so.
    if (fields.path("missed").equals(IntNode.valueOf(1))) {
      fields.remove("missed");
    }
    String session = fields.path("input").path("properties").path("sessionID").textValue();
    return session != null && fields.equals(callback(EVENT, event(session))) ? session : null;
  }

  private static ObjectNode callback(String hook, JsonNode input) {
    ObjectNode callback = JsonNodeFactory.instance.objectNode();
    callback.put("hook", hook).put("directory", DIRECTORY).set("input", input);
    return callback;
  }

  private static ObjectNode init() {
    ObjectNode init = JsonNodeFactory.instance.objectNode();
    init.put("directory", DIRECTORY).putObject("project").put("id", ProbedHooks.HOOK);
    return init;
  }

  private static ObjectNode event(String session) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("type", ProbedHooks.HOOK).putObject("properties").put("sessionID", session);
    return event;
  }
}
