package dev.custody.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;

/**
 * A command as an array of its words: {@code ["curl", "-u", "dana:hunter22"]}. A secret that only
 * the words before it tell of is sought in the line that they make.
 */
final class CommandWords {
  /** A longer line is no command; each word is still looked at by itself. */
  private static final int LONGEST = 16 << 10;

  private final SecretPatterns patterns;
  private final Marking marking;

  /** Makes the marker of a secret in the word at an index. */
  @FunctionalInterface
  interface Marking {
    String mark(SecretKind kind, String secret, int index);
  }

  CommandWords(SecretPatterns patterns, Marking marking) {
    this.patterns = patterns;
    this.marking = marking;
  }

  /** The array without what follows options that take a secret; the same if there is none. */
  ArrayNode redacted(ArrayNode words) {
    if (!isCommand(words)) {
      return words;
    }
    StringBuilder line = new StringBuilder();
    int[] ends = new int[words.size()];
    for (int i = 0; i < ends.length; i++) {
      line.append(words.get(i).asText());
      ends[i] = line.length();
      line.append(' ');
    }
    return redacted(words, line.toString(), ends);
  }

  private ArrayNode redacted(ArrayNode words, String line, int[] ends) {
    @Nullable ArrayNode copy = null;
    Scan scan = new Scan(line, patterns);
    int word = 0;
    for (Span span = scan.next(0); span != null; span = scan.next(ends[word])) {
      while (ends[word] <= span.start()) {
        word++;
      }
      int start = word == 0 ? 0 : ends[word - 1] + 1;
      if (span.start() >= start && (isOption(words, word) || isOption(words, word - 1))) {
        // All of the word: a password may hold spaces.
        String secret = line.substring(span.start(), ends[word]);
        String marker = marking.mark(span.kind(), secret, word);
        copy = copy == null ? copy(words) : copy;
        copy.set(word, line.substring(start, span.start()) + marker);
      }
    }
    return copy == null ? words : copy;
  }

  private static boolean isCommand(ArrayNode words) {
    int length = 0;
    boolean option = false;
    for (int i = 0; i < words.size(); i++) {
      JsonNode word = words.get(i);
      if (!word.isValueNode()) {
        return false;
      }
      length += word.isTextual() ? word.textValue().length() : 1;
      option |= isOption(words, i);
    }
    return option && words.size() > 1 && length <= LONGEST;
  }

  private static boolean isOption(ArrayNode words, int at) {
    return at >= 0 && words.get(at).isTextual() && words.get(at).textValue().startsWith("-");
  }

  private static ArrayNode copy(ArrayNode words) {
    return JsonNodeFactory.instance.arrayNode(words.size()).addAll(words);
  }
}
