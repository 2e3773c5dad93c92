package dev.custody.http;

import dev.custody.event.Event;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is listened for, by path.
 *
 * @param hooks {@code /hooks/AGENT}: one body, one occurrence
 * @param imports {@code /import/SOURCE}: one record a line
 * @param afterRecord told what was recorded, before the answer; must return at once
 */
public record Routes(
    Map<String, HookSource> hooks,
    Map<String, RecordSource> imports,
    Consumer<List<Event>> afterRecord) {
  /** Path of Claude Code's hooks. */
  public static final String CLAUDE_CODE = "/hooks/claude-code";

  /** Path of CloudTrail records. */
  public static final String CLOUDTRAIL = "/import/cloudtrail";

  /** Path of delegations. */
  public static final String DELEGATIONS = "/delegations";

  /** Path of revocations. */
  public static final String REVOCATIONS = "/revocations";

  /** Path by which a collector is told to look for a new key. */
  public static final String KEYS_RELOAD = "/keys/reload";

  /** Copies. */
  public Routes {
    hooks = Map.copyOf(hooks);
    imports = Map.copyOf(imports);
  }
}
