package dev.custody.act;

import java.util.List;

/**
 * What a word may be, as far as the command line itself says.
 *
 * @param texts one, or several where a loop gives it several; never none
 * @param taint what went into it; bits of {@link Taint}
 */
record Value(List<String> texts, int taint) {
  static final int MOST = 16;

  Value {
    texts = List.copyOf(texts.size() > MOST ? texts.subList(0, MOST) : texts);
  }

  static Value of(String text) {
    return new Value(List.of(text), 0);
  }

  /** The first, which is the only one nearly always. */
  String text() {
    return texts.getFirst();
  }
}
