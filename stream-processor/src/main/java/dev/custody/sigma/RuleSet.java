package dev.custody.sigma;

import dev.custody.sigma.LoadedRules.Problem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force, loaded by {@link LoadedRules}, and matched against single events. Immutable
 * and safe to share between threads.
 *
 * <p>Files may hold several documents (rules specification, "File Structure"). Documents keep the
 * order in which they were loaded: roots as given, files by their names below a root, documents as
 * written.
 */
public final class RuleSet {
  private final List<RuleDocument> documents;
  private final List<SigmaRule> rules = new ArrayList<>();
  private final List<Correlation> correlations = new ArrayList<>();
  private final Map<String, RuleDocument> byId = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private final Map<String, byte[]> digests = new HashMap<>();
  private final Map<String, byte[]> wholes = new HashMap<>();
  private final String digest;
  private final RuleIndex index;

  /** Of documents whose references are resolved and whose ids are unique. */
  RuleSet(List<RuleDocument> documents, Map<String, byte[]> digests, String digest) {
    this.documents = List.copyOf(documents);
    this.digests.putAll(digests);
    this.digest = digest;
    Set<String> generated = new HashSet<>();
    for (RuleDocument document : documents) {
      byId.put(document.id(), document);
      switch (document) {
        case SigmaRule rule -> rules.add(rule);
        case Correlation correlation -> {
          correlations.add(correlation);
          (correlation.generate() ? generated : silent).addAll(correlation.rules());
        }
      }
    }
    silent.removeAll(generated);
    documents.forEach(document -> whole(document.id()));
    this.index = new RuleIndex(rules);
  }

  /**
   * Loads rule files that the caller has read, under their names and in the order of their names,
   * all of them or none.
   *
   * @throws RuleError if anything in them can't be loaded
   */
  public static RuleSet of(RuleContext context, Map<String, byte[]> files) {
    LoadedRules loaded = LoadedRules.of(context, files);
    RuleError first = null;
    for (Problem problem : loaded.refused()) {
      RuleError error = new RuleError(problem.file(), problem.line(), problem.text());
      if (first == null) {
        first = error;
      } else {
        first.addSuppressed(error);
      }
    }
    if (first != null) {
      throw first;
    }
    return loaded.set();
  }

  /** {@linkplain #of(RuleContext, Map) Loads} files in the {@link RuleContext#plain()} one. */
  public static RuleSet of(Map<String, byte[]> files) {
    return of(RuleContext.plain(), files);
  }

  /** All documents, in the order in which they were loaded. */
  public List<RuleDocument> documents() {
    return documents;
  }

  /** Those that look at single events, in that order. */
  public List<SigmaRule> rules() {
    return List.copyOf(rules);
  }

  /** Those that look at several events, in that order. */
  public List<Correlation> correlations() {
    return List.copyOf(correlations);
  }

  /** The document of that id; null if there is none. */
  public @Nullable RuleDocument document(String id) {
    return byId.get(id);
  }

  // A chain is eight deep at most.
  private byte[] whole(String id) {
    byte[] known = wholes.get(id);
    if (known == null) {
      known = Objects.requireNonNull(digests.get(id));
      if (byId.get(id) instanceof Correlation correlation) {
        for (String rule : correlation.rules()) {
          known = RuleFiles.sha256(known, whole(rule));
        }
      }
      wholes.put(id, known);
    }
    return known;
  }

  /**
   * SHA-256 over what the document of that id says and, of a correlation, over all that it refers
   * to: another digest means that it means something else.
   *
   * @throws IllegalArgumentException when there is no such document
   */
  public byte[] digest(String id) {
    byte[] whole = wholes.get(id);
    if (whole == null) {
      throw new IllegalArgumentException("no rule has the id " + id);
    }
    return whole.clone();
  }

  /**
   * Whether the document of that id tells of its own matches (correlations specification,
   * "Generate"): no correlation refers to it, or one that does says {@code generate: true}.
   */
  public boolean tells(String id) {
    return byId.containsKey(id) && !silent.contains(id);
  }

  /**
   * SHA-256, in hexadecimal, over the name and then the bytes of each file in order, each preceded
   * by its length as an 8-byte big-endian number. Names are relative to the root, with slashes.
   */
  public String digest() {
    return digest;
  }

  /**
   * The rules that an event matches, in the order in which they were loaded.
   *
   * @param logsources what the event's source is, each of its names
   */
  public List<SigmaRule> match(List<Logsource> logsources, FieldSource event) {
    BitSet candidates = new BitSet();
    for (Logsource logsource : logsources) {
      candidates.or(index.candidates(logsource, event));
    }
    if (candidates.isEmpty()) {
      return List.of();
    }
    List<SigmaRule> matched = new ArrayList<>();
    for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
      if (rules.get(i).detection().matches(event)) {
        matched.add(rules.get(i));
      }
    }
    return matched;
  }
}
