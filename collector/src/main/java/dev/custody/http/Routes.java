package dev.custody.http;

import dev.custody.broker.CredentialDesk;
import dev.custody.capture.CaptureException;
import dev.custody.capture.SourceNotes;
import dev.custody.delegations.DelegationBook;
import dev.custody.event.Event;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.source.records.AuditLog;
import dev.custody.tag.SessionEnvironment;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is listened for, by path.
 *
 * @param delegations what was recorded of delegations
 * @param environment gives sessions their environment
 * @param hooks {@code /hooks/AGENT}: one body, one occurrence
 * @param imports {@code /import/LOG}: one record a line
 * @param afterRecord told what was recorded, before the answer; must return at once
 * @param credentials {@code /credentials/aws}: gives agents' sessions credentials
 * @param telemetry {@code /v1/logs}, {@code /v1/traces}, {@code /v1/metrics}: what agents tell by
 *     OpenTelemetry; null for nothing there
 */
public record Routes(
    DelegationBook delegations,
    SessionEnvironment environment,
    Map<String, HookSource> hooks,
    List<AuditLog> imports,
    Consumer<List<Event>> afterRecord,
    CredentialDesk credentials,
    @Nullable OtlpReceiver telemetry) {
  /** Makes the routes once the collector's notes can be read. */
  @FunctionalInterface
  public interface Opener {
    /** The routes of a collector that keeps its notes in {@code notes}. */
    Routes open(SourceNotes notes) throws CaptureException;
  }

  /** Path by which a session asks for its environment. */
  public static final String SESSION_ENVIRONMENT = "/sessions/environment";

  /** Header in which an agent's hook says what its environment names as its delegation. */
  public static final String DELEGATION_HEADER = "X-Custody-Delegation";

  /** Path of Claude Code's hooks. */
  public static final String CLAUDE_CODE = "/hooks/claude-code";

  /** Path of Codex's hooks. */
  public static final String CODEX = "/hooks/codex";

  /** Path of Gemini CLI's hooks. */
  public static final String GEMINI_CLI = "/hooks/gemini-cli";

  /** Path of opencode's callbacks, as our plugin in it sends them. */
  public static final String OPENCODE = "/hooks/opencode";

  /** Path of what passes between MCP clients and their servers. */
  public static final String MCP = "/hooks/mcp";

  /**
   * Header by which a request says which of an import it is, {@code IMPORT/NUMBER/ANSWERED}: they
   * are recorded in the order of their numbers.
   */
  public static final String IMPORT_HEADER = "X-Custody-Import";

  /** Path by which git's hook tells of a commit that was about to add secrets. */
  public static final String GIT_SECRET_CHECKS = "/git/secret-checks";

  /** Path of delegations. */
  public static final String DELEGATIONS = "/delegations";

  /** Path of registrations and retirements of agents. */
  public static final String AGENTS = "/agents";

  /** Path of revocations. */
  public static final String REVOCATIONS = "/revocations";

  /** Path by which a collector is told to look for a new key. */
  public static final String KEYS_RELOAD = "/keys/reload";

  /** Path of credentials for AWS. */
  public static final String CREDENTIALS_AWS = "/credentials/aws";

  /** Without a broker of credentials. */
  public Routes(
      DelegationBook delegations,
      SessionEnvironment environment,
      Map<String, HookSource> hooks,
      List<AuditLog> imports,
      Consumer<List<Event>> afterRecord) {
    this(delegations, environment, hooks, imports, afterRecord, CredentialDesk.NONE);
  }

  /** Without telemetry. */
  public Routes(
      DelegationBook delegations,
      SessionEnvironment environment,
      Map<String, HookSource> hooks,
      List<AuditLog> imports,
      Consumer<List<Event>> afterRecord,
      CredentialDesk credentials) {
    this(delegations, environment, hooks, imports, afterRecord, credentials, null);
  }

  /** With {@code receiver} for what agents tell by OpenTelemetry. */
  public Routes with(OtlpReceiver receiver) {
    return new Routes(delegations, environment, hooks, imports, afterRecord, credentials, receiver);
  }

  /** Copies. */
  public Routes {
    hooks = Map.copyOf(hooks);
    imports = List.copyOf(imports);
  }
}
