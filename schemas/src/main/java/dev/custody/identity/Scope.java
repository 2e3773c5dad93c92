package dev.custody.identity;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.glob.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a delegation allows: the same evaluator at enforcement, in the stream and in an auditor's
 * replay ({@code docs/scope.md}).
 *
 * <p>An action is allowed when each of its resources is allowed by some grant that also matches the
 * action. An action without a known resource is one on the resource {@code *}, which only the
 * pattern {@code *} matches. In patterns {@code *} stands for any run of characters and {@code ?}
 * for one; actions compare without regard to case, resources exactly. It always terminates, in time
 * bounded by the product of the lengths.
 *
 * @param grants what is allowed; anything else is not
 */
public record Scope(List<Grant> grants) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final String TYPE = "custody_action";
  private static final int MAX_GRANTS = 64;
  private static final int MAX_PATTERNS = 256;
  private static final int MAX_PATTERN_CHARS = 2048;

  /** Checks and copies. */
  public Scope {
    grants = List.copyOf(grants);
    if (grants.isEmpty() || grants.size() > MAX_GRANTS) {
      throw new IllegalArgumentException(
          "expected 1 to " + MAX_GRANTS + " grants, found " + grants.size());
    }
  }

  /**
   * Actions allowed on resources.
   *
   * @param actions patterns such as {@code s3:Get*}
   * @param resources patterns such as {@code arn:aws:s3:::acme-*}
   */
  public record Grant(List<String> actions, List<String> resources) {
    /** Checks and copies. */
    public Grant {
      actions = patterns("action", actions);
      resources = patterns("resource", resources);
    }

    private static List<String> patterns(String what, List<String> patterns) {
      if (patterns.isEmpty() || patterns.size() > MAX_PATTERNS) {
        throw new IllegalArgumentException(
            "expected 1 to %d %s patterns, found %d"
                .formatted(MAX_PATTERNS, what, patterns.size()));
      }
      for (String pattern : patterns) {
        if (pattern.isEmpty() || pattern.length() > MAX_PATTERN_CHARS) {
          throw new IllegalArgumentException(
              "a%s pattern has 1 to %d characters"
                  .formatted(what.startsWith("a") ? "n " + what : " " + what, MAX_PATTERN_CHARS));
        }
      }
      return List.copyOf(patterns);
    }

    private boolean allows(String action, String resource) {
      return matchesAction(action) && resources.stream().anyMatch(p -> Glob.matches(p, resource));
    }

    private boolean matchesAction(String action) {
      String lower = action.toLowerCase(Locale.ROOT);
      return actions.stream().anyMatch(p -> Glob.matches(p.toLowerCase(Locale.ROOT), lower));
    }
  }

  /** Whether {@code action} on all of {@code resources} is allowed. */
  public boolean permits(String action, List<String> resources) {
    List<String> asked = resources.isEmpty() ? List.of("*") : resources;
    return asked.stream().allMatch(r -> grants.stream().anyMatch(g -> g.allows(action, r)));
  }

  /**
   * Whether everything that this scope permits {@code other} permits too. It never says so wrongly;
   * it may say no where the patterns of several grants only together contain one of this scope, or
   * where telling would take too long ({@link Narrowing}).
   */
  public boolean isWithin(Scope other) {
    return new Narrowing(other).contains(this);
  }

  /**
   * Whether the scope says anything of the kind of {@code action}. Calls to clouds are always
   * judged; what the agent does on its own machine ({@code tool:}, {@code git:}) only where some
   * pattern names that kind, or everything.
   */
  public boolean judges(String action) {
    int colon = action.indexOf(':');
    String family = action.substring(0, colon + 1).toLowerCase(Locale.ROOT);
    if (!family.equals("tool:") && !family.equals("git:")) {
      return true;
    }
    return grants.stream()
        .flatMap(g -> g.actions().stream())
        .anyMatch(p -> p.equals("*") || p.toLowerCase(Locale.ROOT).startsWith(family));
  }

  /** In words, one line a grant: {@code s3:Get*, s3:List* on *}. */
  public List<String> inWords() {
    return grants.stream()
        .map(g -> String.join(", ", g.actions()) + " on " + String.join(", ", g.resources()))
        .toList();
  }

  /** The {@code authorization_details} of RFC 9396, section 2, as JSON text. */
  public String toAuthorizationDetails() {
    ArrayNode details = JSON.createArrayNode();
    for (Grant grant : grants) {
      ObjectNode detail = details.addObject().put("type", TYPE);
      grant.actions().forEach(detail.putArray("actions")::add);
      grant.resources().forEach(detail.putArray("resources")::add);
    }
    return details.toString();
  }

  /**
   * Parses {@code authorization_details}.
   *
   * @throws InvalidDelegationException for a type or a member that this evaluator does not know: it
   *     must not be ignored
   */
  public static Scope ofAuthorizationDetails(String json) throws InvalidDelegationException {
    try {
      List<Grant> grants = new ArrayList<>();
      for (JsonNode detail : array(JSON.readTree(json))) {
        if (!TYPE.equals(detail.path("type").asText()) || detail.size() != 3) {
          throw new InvalidDelegationException(
              DelegationDefect.BAD_SCOPE,
              "expected authorization_details {type: %s, actions, resources}, found %s"
                  .formatted(TYPE, detail));
        }
        grants.add(new Grant(texts(detail.path("actions")), texts(detail.path("resources"))));
      }
      return new Scope(grants);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new InvalidDelegationException(
          DelegationDefect.BAD_SCOPE, "authorization_details: " + e.getMessage(), e);
    }
  }

  private static JsonNode array(JsonNode node) {
    if (!node.isArray()) {
      throw new IllegalArgumentException("expected an array, found " + node.getNodeType());
    }
    return node;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : array(array)) {
      if (!item.isTextual()) {
        throw new IllegalArgumentException("expected a string, found " + item);
      }
      texts.add(item.textValue());
    }
    return texts;
  }
}
