package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one event, and the answers to it.
 *
 * @param revision of the newest attribution; 0 before the first
 * @param draft what is known of the event itself; null until it has come
 * @param tokens how many tokens it asks in all
 * @param answers one a token, and of the users of machines where holders of credentials work
 * @param graceOver whether the grace of an orphan has passed
 */
public record Gathered(
    long revision,
    @Nullable Attribution draft,
    int tokens,
    List<Answer> answers,
    boolean graceOver) {
  /** Copies. */
  public Gathered {
    answers = List.copyOf(answers);
  }

  /** Before anything has come. */
  static Gathered nothing() {
    return new Gathered(0, null, 0, List.of(), false);
  }

  Gathered with(Attribution known, int asked) {
    return new Gathered(revision, known, asked, answers, graceOver);
  }

  Gathered with(List<Answer> all) {
    return new Gathered(revision, draft, tokens, all, graceOver);
  }

  /** Whether a token that it asks has not spoken yet. What a machine's user says comes beside. */
  boolean isWaiting() {
    return answers.stream().filter(a -> !Token.isUser(a.token())).count() < tokens;
  }

  Gathered at(long next) {
    return new Gathered(next, draft, tokens, answers, graceOver);
  }

  Gathered afterItsGrace() {
    return new Gathered(revision, draft, tokens, answers, true);
  }
}
