package dev.custody.accuracy.world;

/** What of the sources leads from an act to who did it; the strongest that there is. */
public enum Link {
  /** The agent's own hooks tell it. */
  SELF_REPORTED(true),
  /** Our broker issued the credential to the session. */
  BROKERED(true),
  /** The credential descends, by recorded AssumeRole calls, from one that our broker issued. */
  BROKERED_CHAIN(true),
  /** The record carries the tag that the session's environment was given. */
  SESSION_TAG(true),
  /** The key was shown to the session before. */
  KEY_SHOWN(true),
  /** The command names the key. */
  KEY_NAMED(true),
  /** The role session was shown to the session, or named by it; others may be called the same. */
  ROLE_SHOWN(true),
  /** The credential descends, by recorded AssumeRole calls, from one that is linked. */
  ROLE_CHAIN(true),
  /** The tool reported the commit. */
  COMMIT_REPORTED(true),
  /**
   * A brokered credential, used by another agent of the same operating-system user inside a call of
   * the session that holds it, or while a background task of it may still run, from the same
   * machine, and said by nobody: in every source it looks as the holder's own use does.
   */
  SAME_USER(false),
  /** A commit that nobody reported, made while a call ran. */
  COMMIT_IN_CALL(false),
  /** The principal is named like the human, and a call ran. */
  PRINCIPAL_AND_TIME(false),
  /** Nothing at all: nobody can tell from the sources. */
  NONE(false);

  private final boolean links;

  Link(boolean links) {
    this.links = links;
  }

  /** Whether an identifier leads from the act to the session: more than principal and time. */
  public boolean links() {
    return links;
  }
}
