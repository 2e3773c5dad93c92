package dev.custody.view;

import static dev.custody.view.PlainFields.put;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.event.Body;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an event's body says, where rules compare it. */
final class BodyFields {
  /** Of a cloud's call that does not say so itself: how operations begin that change nothing. */
  private static final Set<String> READS =
      Set.of("Get", "List", "Describe", "Head", "Lookup", "Search", "BatchGet", "Select", "Scan");

  private static final Set<String> READ_VERBS = Set.of("get", "list", "watch");

  private BodyFields() {}

  static void add(Body body, ObjectNode custody) {
    switch (body) {
      case Body.PolicyDecision decision -> decided(decision, custody);
      case Body.CloudCall call -> called(call, custody);
      case Body.CommitCreated commit -> {
        commit.paths().forEach(custody.withArray("paths")::add);
        custody.put("commit", commit.commit()).put("repository", commit.repository());
        custody.put("author_name", commit.authorName()).put("author_email", commit.authorEmail());
        custody.put("committer_email", commit.committerEmail()).put("signed", commit.signed());
        put(custody, "signature_status", commit.signatureStatus());
        put(custody, "reference", commit.reference());
      }
      case Body.ReferenceUpdated moved -> {
        custody.put("repository", moved.repository()).put("reference", moved.reference());
        custody.put("forced", moved.forced());
        put(custody, "cause", moved.cause());
      }
      case Body.ToolCallRefused refused -> custody.put("refused_by", refused.refusedBy());
      case Body.ToolCallDecided asked -> {
        put(custody, "decided", asked.decision());
        put(custody, "decided_by", asked.decidedBy());
      }
      case Body.SecretObserved secret -> {
        custody.withArray("secret_kinds").add(secret.kind());
        custody.withArray("secret_location").add(secret.location());
      }
      case Body.CredentialIssued issued -> {
        ObjectNode credential = custody.putObject("credential");
        credential.put("id", issued.credential().value()).put("issuer", issued.issuer());
        put(credential, "issued_to", issued.issuedTo());
        put(credential, "authority", issued.authority());
        put(credential, "parent", issued.parent() == null ? null : issued.parent().value());
      }
      case Body.ConfigurationChanged changed -> {
        put(custody, "settings", changed.what());
        put(custody, "settings_path", changed.path());
      }
      case Body.SessionStarted started -> {
        put(custody, "how", started.how());
        put(custody, "model", started.model());
      }
      case Body.SubagentStarted started -> put(custody, "sub_agent", started.subAgent());
      case Body.PromptSubmitted prompt -> custody.put("origin", prompt.origin().name());
      case Body.ToolsListed listed ->
          listed.tools().forEach(t -> custody.withArray("tools").add(t.name()));
      case Body.DelegationGranted granted -> custody.put("delegation", granted.id());
      default -> {}
    }
  }

  private static void decided(Body.PolicyDecision decision, ObjectNode custody) {
    custody
        .putObject("decision")
        .put("tool", decision.tool())
        .put("mode", decision.mode())
        .put("verdict", decision.verdict())
        .put("rule", decision.rule())
        .put("decided_by", decision.decidedBy())
        .put("answer", decision.answer());
  }

  private static void called(Body.CloudCall call, ObjectNode custody) {
    custody.put("cloud", call.provider());
    put(custody, "account", call.account());
    put(custody, "region", call.region());
    put(custody, "principal", call.principal());
    put(custody, "principal_type", call.principalType());
    put(custody, "source_address", call.sourceAddress());
    put(custody, "user_agent", call.userAgent());
    put(custody, "error", call.errorCode());
    if (call.issuedCredential() != null) {
      custody.putObject("credential").put("id", call.issuedCredential().value());
    }
    String action = custody.path("action").asText("");
    int colon = action.indexOf(':');
    if (colon > 0) {
      custody.put("service", action.substring(0, colon));
    }
    Boolean readOnly =
        call.readOnly() == null ? readOnly(action.substring(colon + 1)) : call.readOnly();
    if (readOnly != null) {
      custody.put("read_only", readOnly);
    }
  }

  private static @Nullable Boolean readOnly(String operation) {
    if (operation.isEmpty()) {
      return null;
    }
    return READ_VERBS.contains(operation)
        || READS.stream().anyMatch(operation::startsWith)
        || READ_VERBS.stream().anyMatch(verb -> operation.startsWith(verb + "."));
  }
}
