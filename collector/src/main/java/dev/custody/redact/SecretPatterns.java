package dev.custody.redact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The forms of secrets that are known: those of {@code secrets.conf} beside this class, and those
 * of the user's own file of that name ({@code docs/redaction.md}). Immutable.
 */
public final class SecretPatterns {
  /** Name of the user's file in the collector's directory. */
  public static final String FILE = "secrets.conf";

  private static final int LARGEST_FILE = 256 << 10;

  /** Keys of objects repeat: what is known of them is kept, of so many and so long ones. */
  private static final int MOST_KEYS = 8192;

  private static final int LONGEST_KEY = 64;

  private static final SecretPatterns BUILT_IN = readBuiltIn();

  /**
   * One process, one set: a source that was not handed the user's patterns would let through what
   * they are for.
   */
  private static final AtomicReference<SecretPatterns> IN_FORCE = new AtomicReference<>(BUILT_IN);

  private final List<Form> forms;
  private final Map<String, SecretKind> kinds;
  private final Map<String, List<Form.Named>> named = new HashMap<>();
  private final AnchorTable anchors;
  private final Marker marker;
  private final Triggers triggers;
  private final Map<String, SecretName> cleanKeys = new ConcurrentHashMap<>();
  private final CleanTexts cleanTexts = new CleanTexts();

  SecretPatterns(Map<String, SecretKind> kinds, List<Form> forms, List<Form.Named> named) {
    this.kinds = new LinkedHashMap<>(kinds);
    this.forms = List.copyOf(forms);
    for (Form.Named rule : named) {
      this.named.computeIfAbsent(rule.word(), word -> new java.util.ArrayList<>()).add(rule);
    }
    this.anchors = new AnchorTable(this.forms);
    this.marker = new Marker(kinds.keySet());
    this.triggers = new Triggers(anchors);
  }

  /** Those that come with the collector. */
  public static SecretPatterns builtIn() {
    return BUILT_IN;
  }

  /** Those that redactors of this process use. */
  public static SecretPatterns inForce() {
    return Objects.requireNonNull(IN_FORCE.get());
  }

  /** Has redactors that are made from now on use these. */
  public void putInForce() {
    IN_FORCE.set(this);
  }

  /**
   * The built-in ones and those of the file in {@code directory}, where there is one.
   *
   * @throws PatternException naming file and line, when it is not as {@code docs/redaction.md} says
   */
  public static SecretPatterns read(Path directory) throws PatternException {
    Path file = directory.resolve(FILE);
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new PatternException(
            file.toString(), 1, "expected at most " + LARGEST_FILE + " bytes, found more");
      }
      return BUILT_IN.with(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return BUILT_IN;
    } catch (IOException e) {
      throw new PatternException(file.toString(), 1, "expected UTF-8 text, found " + e);
    }
  }

  /**
   * Only those that {@code text} declares, and what is found by code.
   *
   * @param name names it in messages
   */
  public static SecretPatterns only(String name, String text) throws PatternException {
    PatternFile read = new PatternFile(name, foundByCode());
    read.read(text);
    return new SecretPatterns(read.kinds(), read.forms(), read.named());
  }

  /** These and those that {@code text} declares, whose examples are tried. */
  SecretPatterns with(String file, String text) throws PatternException {
    PatternFile read = new PatternFile(file, kinds);
    read.read(text);
    List<Form> all = new java.util.ArrayList<>(read.forms());
    all.addAll(forms); // The user's first.
    List<Form.Named> rules = new java.util.ArrayList<>(read.named());
    named.values().forEach(rules::addAll);
    SecretPatterns extended = new SecretPatterns(read.kinds(), all, rules);
    read.tryExamples(extended);
    return extended;
  }

  private static SecretPatterns readBuiltIn() {
    try (InputStream in =
        Objects.requireNonNull(SecretPatterns.class.getResourceAsStream(FILE), FILE)) {
      return only(FILE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (PatternException e) {
      throw new IllegalStateException(e); // A test reads it, too.
    }
  }

  static Map<String, SecretKind> foundByCode() {
    Map<String, SecretKind> kinds = new LinkedHashMap<>();
    SecretKind.FOUND_BY_CODE.forEach(kind -> kinds.put(kind.id(), kind));
    return kinds;
  }

  /** Every kind that may be found, in the order of declaration. */
  List<SecretKind> kinds() {
    return List.copyOf(kinds.values());
  }

  List<Form> forms() {
    return forms;
  }

  List<Form.Named> namedForms() {
    return named.values().stream().flatMap(List::stream).toList();
  }

  Marker marker() {
    return marker;
  }

  Triggers triggers() {
    return triggers;
  }

  /** The secret of a known form whose anchor begins at {@code at}. */
  @Nullable Span at(String text, int at) {
    Span span = anchors.at(text, at);
    int start = span == null ? at : marker.endOfAll(text, span.start());
    if (span == null || start == span.start()) {
      return span;
    }
    return start >= span.end() ? null : new Span(span.kind(), start, span.end());
  }

  /** The kind of a value whose form counts only under a name with a certain word in it. */
  @Nullable SecretKind named(List<String> words, String text, int from, int to) {
    for (String word : words) {
      for (Form.Named rule : named.getOrDefault(word, List.of())) {
        if (rule.shape().isAll(text, from, to)) {
          return rule.shape().kind();
        }
      }
    }
    return null;
  }

  /** Texts in which these found nothing. */
  CleanTexts cleanTexts() {
    return cleanTexts;
  }

  /** What a key says of its value, if it is known to hold no secret itself. */
  @Nullable SecretName cleanKey(String key) {
    return cleanKeys.get(key);
  }

  void keepCleanKey(String key, SecretName name) {
    if (key.length() <= LONGEST_KEY && cleanKeys.size() < MOST_KEYS) {
      cleanKeys.put(key, name);
    }
  }
}
