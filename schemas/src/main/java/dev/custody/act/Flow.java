package dev.custody.act;

import java.util.List;

/**
 * What a command is given by the pipe before it, or gives to the next.
 *
 * @param taint bits of {@link Taint}
 * @param texts the lines themselves, where the command line shows them; else none
 */
record Flow(int taint, List<String> texts) {
  static final Flow NOTHING = new Flow(0, List.of());

  Flow {
    texts = List.copyOf(texts);
  }

  Flow with(int more) {
    return new Flow(taint | more, texts);
  }
}
