package dev.custody.identity;

/** Why a delegation, or the revocation of one, cannot be relied on. */
public enum DelegationDefect {
  /** More characters than are parsed: of a token, or of a chain together. */
  TOO_LONG,
  /** No JSON Web Token, a claim is missing, unknown, twice there, or out of its range. */
  MALFORMED,
  /** Signed with anything but ES256; {@code alg: none} too. */
  UNSUPPORTED_ALGORITHM,
  /** A token that was made for something else. */
  WRONG_TYPE,
  /** No trusted root vouches for the signer's key. */
  UNKNOWN_SIGNER,
  /** The signature is not the certified key's. */
  BAD_SIGNATURE,
  /** A key that is certified for another role, another algorithm or somebody else. */
  WRONG_SIGNER,
  /** Signed while the key was not certified. */
  SIGNED_OUTSIDE_VALIDITY,
  /** An id that breaks the SPIFFE standard. */
  BAD_SPIFFE_ID,
  /** A scope that this evaluator does not understand in full. */
  BAD_SCOPE,
  /** A hop allows what its parent does not, or what cannot be shown to lie within it. */
  WIDENED,
  /** A hop begins before its parent or ends after it. */
  OUTLIVES_PARENT,
  /** A hop that was made for another parent, another human or another chain of actors. */
  SPLICED,
  /** More hops than a delegation above allows, or than there may be at all. */
  TOO_DEEP,
  /** An actor that stands twice in one chain. */
  CYCLE,
  /** A hop leaves the agent session that its parent is bound to. */
  OTHER_SESSION,
  /** Another token, or another human's revocation, under an id that is known. */
  CONTRADICTION
}
