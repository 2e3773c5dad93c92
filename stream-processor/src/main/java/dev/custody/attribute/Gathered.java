package dev.custody.attribute;

import java.util.List;

/**
 * The answers to one event.
 *
 * @param revision of the newest attribution
 * @param answers one a token
 */
public record Gathered(long revision, List<Answer> answers) {
  public Gathered {
    answers = List.copyOf(answers);
  }
}
