package dev.custody.sigma;

import dev.custody.sigma.LoadedRules.Problem;
import dev.custody.sigma.RuleFiles.RuleFile;
import dev.custody.sigma.YamlNode.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a set of documents: parses each, finds what correlations refer to, before or behind them
 * and in whichever file, and refuses what can't be used.
 */
final class RuleLinker {
  /** More documents than all public rule sets together have. */
  private static final int MAX_DOCUMENTS = 20_000;

  private static final int MAX_CHAIN = 8;

  /** Documents of a circle that are named. */
  private static final int LONGEST_SHOWN = 12;

  private final List<Source> sources = new ArrayList<>();
  private final Map<String, Source> names = new HashMap<>();
  private final List<Problem> refused = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  /** A document, and what has become of it. */
  private static final class Source {
    private final String file;
    private final YamlNode node;
    private final String title;
    private @Nullable CorrelationDraft draft;

    /** Null until it is known to be good. */
    private @Nullable RuleDocument document;

    private byte[] digest = {};

    /** Correlations on the longest way to a rule, with itself. */
    private int chain;

    Source(String file, YamlNode node) {
      this.file = file;
      this.node = node;
      String named = text("title");
      this.title = named.isEmpty() ? text("id") : named;
    }

    /** A text of its top level, however wrong the rest is; empty when there is none. */
    private String text(String key) {
      try {
        Entry entry = node.isMap() ? node.entries().get(key) : null;
        return entry == null ? "" : entry.value().text();
      } catch (RuleError e) {
        return "";
      }
    }
  }

  private final Placeholders placeholders;

  private RuleLinker(Placeholders placeholders) {
    this.placeholders = placeholders;
  }

  static LoadedRules link(RuleContext context, RuleFiles files) {
    RuleLinker linker = new RuleLinker(context.placeholders());
    for (RuleFile file : files.files()) {
      if (!linker.read(file)) {
        break;
      }
    }
    linker.resolve();
    List<RuleDocument> documents = new ArrayList<>();
    linker.sources.forEach(source -> {
      if (source.document != null) {
        documents.add(source.document);
      }
    });
    Map<String, byte[]> digests = new HashMap<>();
    linker.sources.forEach(source -> {
      if (source.document != null) {
        digests.put(source.document.id(), source.digest);
      }
    });
    RuleSet set = new RuleSet(documents, digests, files.digest(context));
    linker.warnOfLevels(set);
    List<String> order = files.files().stream().map(RuleFile::shown).toList();
    Map<String, Integer> places = new HashMap<>();
    order.forEach(file -> places.putIfAbsent(file, places.size()));
    return new LoadedRules(set, sorted(linker.refused, places), sorted(linker.warnings, places));
  }

  private static List<Problem> sorted(List<Problem> problems, Map<String, Integer> places) {
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort((a, b) -> {
      int byFile =
          Integer.compare(
              places.getOrDefault(a.file(), Integer.MAX_VALUE),
              places.getOrDefault(b.file(), Integer.MAX_VALUE));
      return byFile != 0 ? byFile : Integer.compare(a.line(), b.line());
    });
    return sorted;
  }

  private void refuse(Source source, RuleError error) {
    source.document = null;
    refused.add(Problem.of(error, source.title));
  }

  /** False when no more is read. */
  private boolean read(RuleFile file) {
    try {
      for (YamlNode node : file.documents()) {
        if (sources.size() == MAX_DOCUMENTS) {
          throw new RuleError(
              file.shown(),
              0,
              "more than " + MAX_DOCUMENTS + " rules; none from here on is loaded");
        }
        parse(new Source(file.shown(), node));
      }
      return true;
    } catch (RuleError e) {
      refused.add(Problem.of(e, ""));
      return sources.size() < MAX_DOCUMENTS;
    }
  }

  private void parse(Source source) {
    sources.add(source);
    try {
      String id;
      if (source.node.isMap() && source.node.entries().containsKey("correlation")) {
        source.draft = CorrelationDraft.parse(source.node);
        id = source.draft.id();
      } else {
        source.document = RuleParser.parse(source.node, placeholders);
        id = source.document.id();
      }
      StringBuilder text = new StringBuilder();
      source.node.canonical(text);
      source.digest = RuleFiles.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
      claim("id", id, source);
      String name = source.text("name");
      if (!name.isEmpty() && !name.equals(id)) {
        claim("name", name, source);
      }
      source
          .node
          .takeWarnings()
          .forEach(warning -> warnings.add(Problem.of(warning, source.title)));
    } catch (RuleError e) {
      source.draft = null;
      var _ = source.node.takeWarnings();
      refuse(source, e);
      // So that what refers to it is told that it was refused.
      for (String key : List.of("id", "name")) {
        if (!source.text(key).isEmpty()) {
          names.putIfAbsent(source.text(key), source);
        }
      }
    }
  }

  private void claim(String kind, String text, Source source) {
    // One that was refused keeps no name from one that is good.
    Source earlier =
        names.merge(text, source, (a, b) -> a.document == null && a.draft == null ? b : a);
    if (earlier != source) {
      throw source.node.error(
          "rule " + kind + " " + text + " is already used in " + earlier.file + "; choose another");
    }
  }

  private void resolve() {
    List<Source> drafts = sources.stream().filter(s -> s.draft != null).toList();
    Map<Source, Integer> places = new HashMap<>();
    drafts.forEach(draft -> places.put(draft, places.size()));
    List<List<Integer>> edges = new ArrayList<>();
    for (Source source : drafts) {
      edges.add(
          Objects.requireNonNull(source.draft).rules().keySet().stream()
              .map(names::get)
              .filter(places::containsKey)
              .map(places::get)
              .map(Objects::requireNonNull)
              .toList());
    }
    for (List<Integer> component : Components.of(edges)) {
      List<Source> members = component.stream().map(drafts::get).toList();
      int first = component.getFirst();
      if (members.size() > 1 || edges.get(first).contains(first)) {
        String circle = circle(component, edges, drafts);
        members.forEach(member -> refuseCircle(member, circle));
      } else {
        resolve(members.getFirst());
      }
    }
  }

  private void refuseCircle(Source source, String circle) {
    refuse(
        source,
        source.node.error(
            "correlations refer to each other in a circle: "
                + circle
                + "; take one of these references out"));
  }

  /** One way round, such as {@code a -> b -> a}. */
  private static String circle(
      List<Integer> component, List<List<Integer>> edges, List<Source> drafts) {
    List<Integer> way = new ArrayList<>();
    int at = component.stream().min(Integer::compare).orElseThrow();
    while (!way.contains(at)) {
      way.add(at);
      at = edges.get(at).stream().filter(component::contains).findFirst().orElseThrow();
    }
    List<Integer> round = new ArrayList<>(way.subList(way.indexOf(at), way.size()));
    round.add(at);
    List<String> names =
        round.stream().map(i -> Objects.requireNonNull(drafts.get(i).draft).id()).toList();
    // Each document of the circle is told so: of a long one a part is enough.
    return names.size() <= LONGEST_SHOWN
        ? String.join(" -> ", names)
        : "%s -> ... -> %s, %d in all"
            .formatted(
                String.join(" -> ", names.subList(0, LONGEST_SHOWN)),
                names.getLast(),
                names.size() - 1);
  }

  private void resolve(Source source) {
    CorrelationDraft draft = Objects.requireNonNull(source.draft);
    try {
      source.chain = 1;
      draft
          .rules()
          .forEach((reference, place) -> {
            Source referred = names.get(reference);
            if (referred == null) {
              throw place.error(
                  "no rule has the id or name '"
                      + reference
                      + "'; load its file as well, or mend it");
            }
            if (referred.document == null) {
              throw place.error("'" + reference + "' was refused; mend it first");
            }
            source.chain = Math.max(source.chain, referred.chain + 1);
          });
      if (source.chain > MAX_CHAIN) {
        throw source.node.error(
            "correlations refer to correlations more than "
                + MAX_CHAIN
                + " deep; make the chain shorter");
      }
      source.document =
          draft.resolve(reference ->
              Objects.requireNonNull(Objects.requireNonNull(names.get(reference)).document));
    } catch (RuleError e) {
      refuse(source, e);
    }
  }

  private void warnOfLevels(RuleSet set) {
    for (Source source : sources) {
      RuleDocument document = source.document;
      if (document != null && document.level() == null && set.tells(document.id())) {
        warnings.add(
            Problem.of(
                source.node.error("no level; its findings have an unknown severity: say one"),
                source.title));
      }
    }
  }
}
