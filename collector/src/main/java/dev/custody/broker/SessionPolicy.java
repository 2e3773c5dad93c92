package dev.custody.broker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.identity.Scope;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A delegation's scope as an IAM session policy, which narrows a role. {@code *} and {@code ?} mean
 * the same in both. What concerns the agent's own machine is left out; what IAM has no words for is
 * refused, never widened.
 */
final class SessionPolicy {
  /** Most characters of a session policy (AssumeRole, parameter {@code Policy}). */
  static final int MOST_CHARACTERS = 2048;

  private static final Set<String> NOT_OF_THE_CLOUD = Set.of("tool", "git");
  private static final String ARN = "arn:";

  private SessionPolicy() {}

  /**
   * The policy as JSON.
   *
   * @throws RefusedException when the scope allows nothing in a cloud, has a pattern that IAM
   *     cannot express, or is too long
   */
  static String of(String delegation, Scope scope) throws RefusedException {
    ObjectNode policy = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
    ArrayNode statements = policy.putArray("Statement");
    for (Scope.Grant grant : scope.grants()) {
      add(statements, delegation, grant);
    }
    if (statements.isEmpty()) {
      throw refused(delegation, "allows nothing in a cloud");
    }
    String json = policy.toString();
    if (json.length() > MOST_CHARACTERS) {
      throw refused(
          delegation,
          "is too long for AWS: expected a session policy of at most %d characters, found %d; use fewer or shorter patterns"
              .formatted(MOST_CHARACTERS, json.length()));
    }
    return json;
  }

  private static void add(ArrayNode statements, String delegation, Scope.Grant grant)
      throws RefusedException {
    ObjectNode statement = JsonNodeFactory.instance.objectNode().put("Effect", "Allow");
    ArrayNode actions = statement.putArray("Action");
    for (String action : grant.actions()) {
      add(actions, action(delegation, action));
    }
    ArrayNode resources = statement.putArray("Resource");
    for (String resource : grant.resources()) {
      add(resources, resource(delegation, resource));
    }
    if (!actions.isEmpty() && !resources.isEmpty()) {
      statements.add(statement);
    }
  }

  private static void add(ArrayNode to, @Nullable String pattern) {
    if (pattern != null) {
      to.add(pattern);
    }
  }

  /** Null for what no call to a cloud is. */
  private static @Nullable String action(String delegation, String pattern)
      throws RefusedException {
    if (pattern.equals("*")) {
      return pattern;
    }
    int colon = pattern.indexOf(':');
    String family = colon < 0 ? pattern : pattern.substring(0, colon);
    if (NOT_OF_THE_CLOUD.contains(family.toLowerCase(Locale.ROOT)) && colon >= 0) {
      return null;
    }
    boolean plain =
        colon > 0
            && family.chars().allMatch(c -> isLetterOrDigit(c) || c == '-')
            && pattern.chars().skip(colon + 1L).allMatch(c -> isLetterOrDigit(c) || isWildcard(c));
    if (!plain || colon == pattern.length() - 1) {
      throw refused(
          delegation,
          "has an action that IAM cannot express, '%s': expected a service and a name, such as s3:Get*"
              .formatted(pattern));
    }
    return pattern;
  }

  /** Null for what no resource of a cloud is. */
  private static @Nullable String resource(String delegation, String pattern)
      throws RefusedException {
    if (pattern.equals("*")) {
      return pattern;
    }
    int wildcard = 0;
    while (wildcard < pattern.length() && !isWildcard(pattern.charAt(wildcard))) {
      wildcard++;
    }
    String plain = pattern.substring(0, wildcard);
    if (plain.startsWith(ARN)) {
      // IAM reads ${...} as a variable, and ${$} as a dollar.
      return pattern.replace("${", "${$}{");
    }
    if (wildcard < pattern.length() && ARN.startsWith(plain)) {
      throw refused(
          delegation,
          "has a resource that IAM cannot express, '%s': expected an ARN, or * alone"
              .formatted(pattern));
    }
    return null;
  }

  private static boolean isWildcard(int c) {
    return c == '*' || c == '?';
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static RefusedException refused(String delegation, String why) {
    // What AWS can give would be more than the delegation allows.
    return new RefusedException(DelegationVerdict.OUTSIDE, delegation + " " + why);
  }
}
