package dev.custody.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * A word, quotes removed and nothing expanded.
 *
 * @param parts in order; none of an empty word
 */
public record Word(List<Part> parts) {
  private static final Word EMPTY = new Word(List.of());

  /** Copies. */
  public Word {
    parts = List.copyOf(parts);
  }

  /** A word that is exactly {@code text}. */
  public static Word of(String text) {
    return text.isEmpty() ? EMPTY : new Word(List.of(new Part.Literal(text, true)));
  }

  /** Whether it is exactly {@link #text}: nothing in it is replaced by a shell. */
  public boolean plain() {
    for (Part part : parts) {
      if (!(part instanceof Part.Literal)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it begins with a character that was not quoted. */
  public boolean startsBare() {
    return !parts.isEmpty()
        && parts.getFirst() instanceof Part.Literal literal
        && !literal.quoted();
  }

  /** Its text: a variable as {@code $name}, a substitution as {@code $()}. */
  public String text() {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Literal literal) {
      return literal.text();
    }
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.text()));
    return text.toString();
  }

  /** Its text behind the last slash. */
  public String baseName() {
    String text = text();
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** The commands of the substitutions in it, in order. */
  public List<Part.Substitution> substitutions() {
    List<Part.Substitution> found = new ArrayList<>();
    for (Part part : parts) {
      switch (part) {
        case Part.Substitution substitution -> found.add(substitution);
        case Part.Variable variable -> found.addAll(variable.operand().substitutions());
        default -> {}
      }
    }
    return found;
  }

  /** A piece of a word. */
  public sealed interface Part {
    /** As {@link Word#text} shows it. */
    String text();

    /**
     * Text that stands for itself.
     *
     * @param text without quotes
     * @param quoted whether it was quoted
     */
    record Literal(String text, boolean quoted) implements Part {}

    /**
     * Characters that match files' names: {@code *}, {@code ?}, {@code [}.
     *
     * @param text as written
     */
    record Pattern(String text) implements Part {}

    /**
     * A variable.
     *
     * @param name name, number or special character
     * @param operator what stands behind the name in braces, for example {@code :-}; else empty
     * @param operand what stands behind the operator
     */
    record Variable(String name, String operator, Word operand) implements Part {
      @Override
      public String text() {
        return "$" + name;
      }
    }

    /**
     * Commands whose output is put in; of a process substitution, a file that is their output or
     * input.
     *
     * @param pipelines the commands
     * @param file true for {@code <(...)} and {@code >(...)}
     */
    record Substitution(List<Script.Pipeline> pipelines, boolean file) implements Part {
      /** Copies. */
      public Substitution {
        pipelines = List.copyOf(pipelines);
      }

      @Override
      public String text() {
        return "$()";
      }
    }
  }
}
