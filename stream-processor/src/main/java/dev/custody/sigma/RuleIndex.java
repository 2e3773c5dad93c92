package dev.custody.sigma;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which rules an event could match, found without evaluating them: rules are filed by logsource
 * and, where a match demands that a field have one of certain texts ({@code eventName:
 * StopLogging}), under these texts. Of several such demands in a rule, the one whose texts the
 * fewest rules name is used. Rules that make none are candidates for every event of their
 * logsource.
 */
final class RuleIndex {
  private final Map<Logsource, Shelf> shelves = new HashMap<>();

  /** A text that a field must have, folded. */
  private record Demand(String field, String text) {}

  /** The rules of one logsource, by their numbers. */
  private static final class Shelf {
    private final BitSet always = new BitSet();
    private final Map<String, Map<String, BitSet>> byField = new HashMap<>();

    void file(int rule, @Nullable Set<Demand> demands) {
      if (demands == null) {
        always.set(rule);
        return;
      }
      for (Demand demand : demands) {
        byField
            .computeIfAbsent(demand.field, field -> new HashMap<>())
            .computeIfAbsent(demand.text, text -> new BitSet())
            .set(rule);
      }
    }

    void addCandidates(FieldSource event, BitSet candidates) {
      candidates.or(always);
      for (Map.Entry<String, Map<String, BitSet>> filed : byField.entrySet()) {
        for (String value : event.foldedValues(filed.getKey())) {
          BitSet rules = value == null ? null : filed.getValue().get(value);
          if (rules != null) {
            candidates.or(rules);
          }
        }
      }
    }
  }

  RuleIndex(List<SigmaRule> rules) {
    Map<Demand, Integer> uses = new HashMap<>();
    rules.forEach(rule -> demanded(clause(rule)).forEach(d -> uses.merge(d, 1, Integer::sum)));
    for (int i = 0; i < rules.size(); i++) {
      SigmaRule rule = rules.get(i);
      shelves
          .computeIfAbsent(rule.logsource(), source -> new Shelf())
          .file(i, necessary(clause(rule), d -> uses.getOrDefault(d, 0)));
    }
  }

  private static Clause clause(SigmaRule rule) {
    return switch (rule.detection()) {
      case Clause clause -> clause;
    };
  }

  /** The numbers of the rules that may match, and of all that do. */
  BitSet candidates(Logsource logsource, FieldSource event) {
    BitSet candidates = new BitSet();
    for (int kept = 0; kept < 8; kept++) {
      String category = part(logsource.category(), kept & 1);
      String product = part(logsource.product(), kept & 2);
      String service = part(logsource.service(), kept & 4);
      if (said(category) + 2 * said(product) + 4 * said(service) == kept) {
        Shelf shelf = shelves.get(new Logsource(category, product, service));
        if (shelf != null) {
          shelf.addCandidates(event, candidates);
        }
      }
    }
    return candidates;
  }

  private static @Nullable String part(@Nullable String part, int kept) {
    return kept == 0 ? null : part;
  }

  private static int said(@Nullable String part) {
    return part == null ? 0 : 1;
  }

  /** Every demand anywhere in the clause, except under a negation. */
  private static Set<Demand> demanded(Clause clause) {
    Set<Demand> demands = new HashSet<>();
    switch (clause) {
      case Clause.AllOf all -> all.parts().forEach(part -> demands.addAll(demanded(part)));
      case Clause.AnyOf any -> any.parts().forEach(part -> demands.addAll(demanded(part)));
      case Clause.FieldTest test -> demands.addAll(of(test));
      default -> {}
    }
    return demands;
  }

  private static Set<Demand> of(Clause.FieldTest test) {
    Set<Demand> demands = new HashSet<>();
    test.test().exactTexts().forEach(text -> demands.add(new Demand(test.field(), text)));
    return demands;
  }

  /** Demands of which a match meets one, the rarest such set; null if there is no such set. */
  private static @Nullable Set<Demand> necessary(Clause clause, ToIntFunction<Demand> uses) {
    return switch (clause) {
      case Clause.AllOf all -> rarest(all.parts(), uses);
      case Clause.AnyOf any -> union(any.parts(), uses);
      case Clause.FieldTest test -> test.test().exactTexts().isEmpty() ? null : of(test);
      default -> null;
    };
  }

  private static @Nullable Set<Demand> rarest(List<Clause> parts, ToIntFunction<Demand> uses) {
    List<Set<Demand>> sets = new ArrayList<>();
    for (Clause part : parts) {
      Set<Demand> set = necessary(part, uses);
      if (set != null) {
        sets.add(set);
      }
    }
    return sets.stream().min(Comparator.comparingInt(set -> total(set, uses))).orElse(null);
  }

  private static int total(Collection<Demand> demands, ToIntFunction<Demand> uses) {
    return demands.stream().mapToInt(uses).sum();
  }

  private static @Nullable Set<Demand> union(List<Clause> parts, ToIntFunction<Demand> uses) {
    Set<Demand> union = new HashSet<>();
    for (Clause part : parts) {
      Set<Demand> set = necessary(part, uses);
      if (set == null) {
        return null;
      }
      union.addAll(set);
    }
    return union;
  }
}
