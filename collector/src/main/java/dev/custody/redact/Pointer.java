package dev.custody.redact;

import java.util.ArrayList;
import java.util.List;

/** Where in a tree the redaction is. It becomes a JSON pointer only if something is found there. */
final class Pointer {
  private final List<Object> steps = new ArrayList<>();

  /** Into a field, whose name was redacted, or an element. */
  void enter(Object step) {
    steps.add(step);
  }

  void leave() {
    steps.removeLast();
  }

  @Override
  public String toString() {
    StringBuilder pointer = new StringBuilder();
    for (Object step : steps) {
      pointer.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }
}
