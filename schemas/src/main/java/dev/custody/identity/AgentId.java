package dev.custody.identity;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The SPIFFE ID of an agent at work in a project: {@code
 * spiffe://trust-domain/agent/<product>/<project>[/<task>]}.
 *
 * @param spiffeId of exactly that form
 */
public record AgentId(SpiffeId spiffeId) {
  private static final Pattern PATH = Pattern.compile("/agent(/[^/]+){2,3}");

  /**
   * Checks.
   *
   * @throws IllegalArgumentException when it is another SPIFFE ID
   */
  public AgentId {
    if (!PATH.matcher(spiffeId.path()).matches()) {
      throw new IllegalArgumentException(
          "expected an agent's id, spiffe://TRUST-DOMAIN/agent/PRODUCT/PROJECT[/TASK], found '"
              + spiffeId
              + "'");
    }
  }

  /**
   * Parses {@code text}.
   *
   * @throws IllegalArgumentException when it breaks the standard, or is no agent's
   */
  public static AgentId parse(String text) {
    return new AgentId(SpiffeId.parse(text));
  }

  /**
   * The id that collectors give {@code product} at work in {@code project}.
   *
   * @param task null for all that it does there
   */
  public static AgentId of(
      String trustDomain, String product, String project, @Nullable String task) {
    SpiffeId agent = SpiffeId.agent(trustDomain, product, project);
    return new AgentId(
        task == null
            ? agent
            : new SpiffeId(trustDomain, agent.path() + "/" + SpiffeId.segment(task)));
  }

  /** Such as claude-code. */
  public String product() {
    return segments().get(1);
  }

  /** Where it works. */
  public String project() {
    return segments().get(2);
  }

  /** What it works at; null when the id stands for all tasks. */
  public @Nullable String task() {
    return segments().size() < 4 ? null : segments().get(3);
  }

  private List<String> segments() {
    return List.of(spiffeId.path().substring(1).split("/", -1));
  }

  @Override
  public String toString() {
    return spiffeId.toString();
  }
}
