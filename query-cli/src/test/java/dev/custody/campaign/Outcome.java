package dev.custody.campaign;

/** How a mutation ended. */
enum Outcome {
  /** The declared verdict, at the declared place. */
  AS_DECLARED,
  /** The mutation changed nothing: counted, not judged. */
  NO_OP,
  /** The verifier said that all is well. */
  UNDETECTED,
  /** It said something, and something else than was declared. */
  OTHER_VERDICT,
  /** The declared verdict, and not where the first bad record is. */
  OTHER_PLACE,
  /** An exception that is no verdict. */
  CRASH,
  /** It took longer than any verification may. */
  HANG;

  boolean good() {
    return this == AS_DECLARED || this == NO_OP;
  }
}
