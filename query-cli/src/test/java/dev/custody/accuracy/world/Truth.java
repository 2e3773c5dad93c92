package dev.custody.accuracy.world;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One act, and who really did it.
 *
 * @param kind kind of action
 * @param key what the answer is found by: a tool call's id, a cloud record's id, {@code
 *     repository#commit}
 * @param at when it happened, by a right clock
 * @param actor who
 * @param link what leads there
 * @param scenario the part of the generator that made it: the cause, if an answer is wrong
 * @param words what it was, for a reader
 * @param credential the access key id that it was done with, if any
 */
public record Truth(
    Kind kind,
    String key,
    Instant at,
    Actor actor,
    Link link,
    String scenario,
    String words,
    @Nullable String credential) {
  /** The same with another link. */
  Truth linkedBy(Link other) {
    return new Truth(kind, key, at, actor, other, scenario, words, credential);
  }

  /** Kinds of action. */
  public enum Kind {
    TOOL_CALL,
    CLOUD_CALL,
    CREDENTIAL_USE,
    COMMIT
  }
}
