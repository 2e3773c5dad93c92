package dev.custody.detect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.Attribution;
import dev.custody.event.Agent;
import dev.custody.event.IdentifierKind;
import dev.custody.sigma.FieldSource;
import dev.custody.sigma.JsonFields;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of what is known of an act only once it is attributed; what is not known is absent.
 */
final class LateFields {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DELEGATION_USE = "delegation_use";
  private static final String CREDENTIAL_USE = "credential_use";

  /** Categories of rules that see these. */
  private static final Set<String> CATEGORIES = Set.of(DELEGATION_USE, CREDENTIAL_USE);

  private LateFields() {}

  /** Whether rules of the category see these. */
  static boolean areOf(@Nullable String category) {
    return category != null && CATEGORIES.contains(category);
  }

  /** Those that rules of the category see in {@code act}. */
  static FieldSource of(String category, Attribution act) {
    return category.equals(DELEGATION_USE) ? ofDelegationUse(act) : ofCredentialUse(act);
  }

  static FieldSource ofDelegationUse(Attribution act) {
    ObjectNode fields = act(act);
    ObjectNode delegation = fields.putObject("delegation");
    delegation.put("verdict", act.delegation().verdict().name());
    put(delegation, "id", act.delegation().id());
    put(delegation, "grantor", act.delegation().grantor());
    return new JsonFields(fields);
  }

  static FieldSource ofCredentialUse(Attribution act) {
    ObjectNode fields = act(act);
    act.best().concerns().forEach(c -> fields.withArray("concerns").add(c.name()));
    act.identifiers().stream()
        .filter(i -> i.kind() == IdentifierKind.AWS_ACCESS_KEY_ID)
        .forEach(i -> fields.withArray("credential").add(i.value()));
    return new JsonFields(fields);
  }

  private static ObjectNode act(Attribution act) {
    ObjectNode fields = JSON.createObjectNode();
    ObjectNode event = fields.putObject("event").put("kind", act.kind());
    put(event, "action", act.action());
    event.put("outcome", act.outcome().name());
    act.resources().forEach(event.withArray("resources")::add);
    ObjectNode identifiers = fields.putObject("identifiers");
    act.identifiers().forEach(i -> identifiers.withArray(i.kind().name()).add(i.value()));
    Agent agent = act.best().agent();
    fields.put("grade", act.best().grade().name());
    put(fields, "session", act.best().session());
    put(fields, "agent", agent == null ? null : agent.product());
    return fields;
  }

  static void put(ObjectNode into, String field, @Nullable String value) {
    if (value != null) {
      into.put(field, value);
    }
  }
}
