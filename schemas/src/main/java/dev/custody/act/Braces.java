package dev.custody.act;

import java.util.ArrayList;
import java.util.List;

/** Expands {@code a{b,c}d}; bounded, one level. */
final class Braces {
  private Braces() {}

  static List<String> expanded(List<String> texts) {
    if (texts.stream().noneMatch(t -> t.indexOf('{') >= 0 && t.indexOf(',') >= 0)) {
      return texts;
    }
    List<String> expanded = new ArrayList<>();
    for (String text : texts) {
      int open = text.indexOf('{');
      int close = open < 0 ? -1 : text.indexOf('}', open);
      if (close < 0 || text.indexOf(',', open) < 0 || text.indexOf(',', open) > close) {
        expanded.add(text);
      } else {
        for (String choice : text.substring(open + 1, close).split(",", Value.MOST)) {
          expanded.add(text.substring(0, open) + choice + text.substring(close + 1));
        }
      }
    }
    return expanded;
  }
}
