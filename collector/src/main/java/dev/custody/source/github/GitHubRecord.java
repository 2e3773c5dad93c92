package dev.custody.source.github;

import static dev.custody.source.records.CallFacts.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Outcome;
import dev.custody.sighting.StrictJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What attribution needs of one record of GitHub's audit log. Any field but the first two may be
 * absent from a record.
 *
 * @param action {@code github:git.push}
 * @param documentId GitHub's own id of the record
 * @param account the organisation, or the enterprise, in which it happened
 * @param actor login of who did it
 * @param samlName how the organisation's identity provider names the actor
 * @param accessType what kind of token or key was used
 * @param resources {@code github:acme/api}, or {@code github:acme} where no repository is named
 * @param statusCode what an API request was answered
 * @param readOnly whether it changed nothing, where the record says so
 */
public record GitHubRecord(
    String action,
    Instant time,
    @Nullable String documentId,
    @Nullable String account,
    @Nullable String actor,
    @Nullable String samlName,
    @Nullable String actorIp,
    @Nullable String userAgent,
    @Nullable String accessType,
    List<String> resources,
    @Nullable Integer statusCode,
    @Nullable Boolean readOnly) {
  private static final long LAST_MILLIS = 253_402_300_799_999L; // The year 9999.

  /** A branch's protection refused a push: of all that the log tells, what was never done. */
  private static final String REJECTED_PUSH = "protected_branch.rejected_ref_update";

  /** Copies. */
  public GitHubRecord {
    resources = List.copyOf(resources);
  }

  /**
   * Reads a record.
   *
   * @throws BadInputException if the node lacks what every record has; the text names fields, never
   *     their values
   */
  static GitHubRecord of(JsonNode node) throws BadInputException {
    if (!node.isObject()) {
      throw new BadInputException("expected a record, found a JSON " + StrictJson.type(node));
    }
    String action = text(node, "action");
    if (action == null) {
      throw new BadInputException("a record without action");
    }
    String organisation = text(node, "org");
    return new GitHubRecord(
        "github:" + action,
        time(node),
        text(node, "_document_id"),
        organisation != null ? organisation : text(node, "business"),
        text(node, "actor"),
        text(node, "external_identity_nameid"),
        text(node, "actor_ip"),
        text(node, "user_agent"),
        text(node, "programmatic_access_type"),
        resources(node, organisation),
        node.path("status_code").canConvertToInt() ? node.path("status_code").intValue() : null,
        readOnly(action, text(node, "operation_type")));
  }

  private static Instant time(JsonNode node) throws BadInputException {
    JsonNode time = node.path("@timestamp");
    JsonNode millis = time.isMissingNode() ? node.path("created_at") : time;
    if (millis.isMissingNode()) {
      throw new BadInputException("a record without @timestamp");
    }
    if (!millis.isIntegralNumber()
        || !millis.canConvertToLong()
        || millis.longValue() < 0
        || millis.longValue() > LAST_MILLIS) {
      throw new BadInputException("@timestamp is no time: expected milliseconds since 1970");
    }
    return Instant.ofEpochMilli(millis.longValue());
  }

  private static List<String> resources(JsonNode node, @Nullable String organisation) {
    String repo = text(node, "repo");
    String repository = repo != null ? repo : text(node, "repository");
    if (repository != null) {
      return List.of("github:" + repository);
    }
    return organisation == null ? List.of() : List.of("github:" + organisation);
  }

  private static @Nullable Boolean readOnly(String action, @Nullable String operation) {
    return switch (action) {
      case "git.clone", "git.fetch" -> true;
      case "git.push" -> false;
      default -> operation == null ? null : operation.equals("access");
    };
  }

  /** What went wrong; null when it was done. */
  @Nullable String errorCode() {
    if (action.equals("github:" + REJECTED_PUSH)) {
      return "rejected_ref_update";
    }
    return statusCode != null && statusCode >= 400 ? String.valueOf(statusCode) : null;
  }

  Outcome outcome() {
    if (errorCode() == null) {
      return Outcome.SUCCESS;
    }
    boolean denied = statusCode == null || statusCode == 401 || statusCode == 403;
    return denied ? Outcome.DENIED : Outcome.FAILURE;
  }
}
