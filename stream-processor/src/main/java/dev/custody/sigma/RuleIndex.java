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
 * Which rules an event could match, found without evaluating them: rules are filed by logsource and
 * under texts of which a match must have one, as a field's value ({@code eventName: StopLogging}),
 * inside of a field's value ({@code command|contains: curl}) or anywhere (keywords). Of several
 * such demands in a rule, the one that the fewest rules make is used. All texts that are sought
 * inside of a field's values are found in one pass over them. Rules that make no demand are
 * candidates for every event of their logsource.
 */
final class RuleIndex {
  private final Map<Logsource, Shelf> shelves = new HashMap<>();

  /**
   * A text that a field must have or, as a part, hold; folded.
   *
   * @param field null of a keyword, which may be anywhere
   */
  private record Demand(@Nullable String field, String text, boolean part) {
    /** What it costs to be asked without need, roughly: shorter texts are in more values. */
    int weight() {
      return part ? 2 + ValueTest.LONGEST_PART / text.length() : 1;
    }
  }

  /** The rules of one logsource, by their numbers. */
  private static final class Shelf {
    private final BitSet always = new BitSet();
    private final Map<String, Map<String, BitSet>> byText = new HashMap<>();
    private final Map<String, Map<String, BitSet>> byPart = new HashMap<>();
    private final Map<String, BitSet> anywhere = new HashMap<>();
    private final Map<String, Substrings> parts = new HashMap<>();
    private @Nullable Substrings keywords;

    void file(int rule, @Nullable Set<Demand> demands) {
      if (demands == null) {
        always.set(rule);
        return;
      }
      for (Demand demand : demands) {
        filedUnder(demand).computeIfAbsent(demand.text, text -> new BitSet()).set(rule);
      }
    }

    private Map<String, BitSet> filedUnder(Demand demand) {
      String field = demand.field;
      return field == null
          ? anywhere
          : (demand.part ? byPart : byText).computeIfAbsent(field, name -> new HashMap<>());
    }

    void close() {
      byPart.forEach((field, texts) -> parts.put(field, Substrings.of(texts)));
      keywords = anywhere.isEmpty() ? null : Substrings.of(anywhere);
    }

    void addCandidates(FieldSource event, BitSet candidates) {
      candidates.or(always);
      for (Map.Entry<String, Map<String, BitSet>> filed : byText.entrySet()) {
        for (String value : event.foldedValues(filed.getKey())) {
          BitSet rules = value == null ? null : filed.getValue().get(value);
          if (rules != null) {
            candidates.or(rules);
          }
        }
      }
      for (Map.Entry<String, Substrings> filed : parts.entrySet()) {
        for (String value : event.foldedValues(filed.getKey())) {
          if (value != null) {
            filed.getValue().addFound(value, candidates);
          }
        }
      }
      Substrings sought = keywords;
      if (sought != null) {
        boolean _ =
            event.anyValue(value -> {
              sought.addFound(Folding.fold(value), candidates);
              return false;
            });
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
          .file(i, necessary(clause(rule), d -> uses.getOrDefault(d, 0) * d.weight()));
    }
    shelves.values().forEach(Shelf::close);
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
    return switch (clause) {
      case Clause.AllOf all -> demanded(all.parts());
      case Clause.AnyOf any -> demanded(any.parts());
      default -> {
        Set<Demand> demands = of(clause);
        yield demands == null ? Set.of() : demands;
      }
    };
  }

  private static Set<Demand> demanded(List<Clause> parts) {
    Set<Demand> demands = new HashSet<>();
    parts.forEach(part -> demands.addAll(demanded(part)));
    return demands;
  }

  /** What a single test demands; null if nothing. */
  private static @Nullable Set<Demand> of(Clause clause) {
    Set<Demand> demands = new HashSet<>();
    switch (clause) {
      case Clause.FieldTest test -> {
        Set<String> texts = test.test().exactTexts();
        boolean part = texts.isEmpty();
        (part ? test.test().heldTexts() : texts)
            .forEach(text -> demands.add(new Demand(test.field(), text, part)));
      }
      case Clause.Keyword word ->
          word.test().heldTexts().forEach(text -> demands.add(new Demand(null, text, true)));
      default -> {}
    }
    return demands.isEmpty() ? null : demands;
  }

  /** Demands of which a match meets one, the rarest such set; null if there is no such set. */
  private static @Nullable Set<Demand> necessary(Clause clause, ToIntFunction<Demand> uses) {
    return switch (clause) {
      case Clause.AllOf all -> rarest(all.parts(), uses);
      case Clause.AnyOf any -> union(any.parts(), uses);
      default -> of(clause);
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
