package dev.custody.delegation;

import dev.custody.attribution.DelegationVerdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The delegations that an act may stand under, by how they stand to its moment: which of them
 * speaks, and with which verdict. Collectors ask before a tool runs and the stream when it is told
 * of it, and both give one verdict ({@code docs/scope.md}).
 *
 * @param <D> a delegation, as who asks knows it
 */
public final class Standings<D> {
  private final Map<Standing, List<D>> held = new EnumMap<>(Standing.class);

  /**
   * What is said of an act.
   *
   * @param verdict never {@code UNKNOWN}: that concerns ids that were presented
   * @param delegation which one says so; null for {@code NONE}
   */
  public record Said<D>(DelegationVerdict verdict, @Nullable D delegation) {}

  /** Adds one; newer ones are added before older ones. */
  public void add(Standing standing, D delegation) {
    held.computeIfAbsent(standing, x -> new ArrayList<>()).add(delegation);
  }

  /** Those in force, newest first. */
  public List<D> inForce() {
    return held.getOrDefault(Standing.IN_FORCE, List.of());
  }

  /**
   * What is said of an act.
   *
   * @param judges whether a delegation says anything of the kind of the act
   * @param allows whether its scope allows the act
   */
  public Said<D> of(Predicate<D> judges, Predicate<D> allows) {
    List<D> inForce = inForce();
    for (D delegation : inForce) {
      if (allows.test(delegation)) {
        return new Said<>(DelegationVerdict.WITHIN, delegation);
      }
    }
    for (D delegation : held.getOrDefault(Standing.AT_A_BOUNDARY, List.of())) {
      if (inForce.isEmpty() || allows.test(delegation)) {
        return new Said<>(DelegationVerdict.UNCERTAIN, delegation);
      }
    }
    if (inForce.isEmpty()) {
      return notInForce(judges);
    }
    D outside = first(Standing.IN_FORCE, judges);
    return outside == null
        ? new Said<>(DelegationVerdict.NOT_APPLICABLE, inForce.getFirst())
        : new Said<>(DelegationVerdict.OUTSIDE, outside);
  }

  // What a scope says nothing of is neither late nor early under it.
  private Said<D> notInForce(Predicate<D> judges) {
    D revoked = first(Standing.REVOKED, judges);
    if (revoked != null) {
      return new Said<>(DelegationVerdict.REVOKED, revoked);
    }
    D ended = first(Standing.ENDED, judges);
    if (ended != null) {
      return new Said<>(DelegationVerdict.EXPIRED, ended);
    }
    D notBegun = first(Standing.NOT_BEGUN, judges);
    return notBegun == null
        ? new Said<>(DelegationVerdict.NONE, null)
        : new Said<>(DelegationVerdict.NOT_YET_VALID, notBegun);
  }

  private @Nullable D first(Standing standing, Predicate<D> judges) {
    for (D delegation : held.getOrDefault(standing, List.of())) {
      if (judges.test(delegation)) {
        return delegation;
      }
    }
    return null;
  }
}
