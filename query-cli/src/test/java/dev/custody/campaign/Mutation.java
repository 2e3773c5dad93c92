package dev.custody.campaign;

import java.util.concurrent.Callable;

/**
 * Something that was tampered with.
 *
 * @param what in a few words, for who looks into a failure
 * @param noOp whether it says the same as before, by {@link Operator}'s rules
 * @param expected what the verifier must say
 * @param verification asks the verifier
 */
record Mutation(String what, boolean noOp, Expected expected, Callable<Judgement> verification) {
  Mutation expecting(Expected other) {
    return new Mutation(what, noOp, other, verification);
  }
}
