package dev.custody.accuracy.world;

/** What of the sources leads from an act to who did it; the strongest that there is. */
public enum Link {
  /** The agent's own hooks or telemetry tell it. */
  SELF_REPORTED(Leads.TO_ONE),
  /** Our broker issued the credential to the session. */
  BROKERED(Leads.TO_ONE),
  /** The credential descends, by recorded AssumeRole calls, from one that our broker issued. */
  BROKERED_CHAIN(Leads.TO_ONE),
  /** The record carries the tag that the session's environment was given. */
  SESSION_TAG(Leads.TO_ONE),
  /** The key was shown to the session before. */
  KEY_SHOWN(Leads.TO_ONE),
  /** The command names the key. */
  KEY_NAMED(Leads.TO_ONE),
  /** The role session was shown to the session, or named by it; others may be called the same. */
  ROLE_SHOWN(Leads.TO_ONE),
  /** The credential descends, by recorded AssumeRole calls, from one that is linked. */
  ROLE_CHAIN(Leads.TO_ONE),
  /** The tool reported the commit. */
  COMMIT_REPORTED(Leads.TO_ONE),
  /** A key that was shown to the session or named by it, and others have as well: {@link Clues}. */
  KEY_SHARED(Leads.TO_SEVERAL),
  /** The same of a role session. */
  ROLE_SHARED(Leads.TO_SEVERAL),
  /** A credential that descends from one of those: the call that got it could be the others'. */
  CHAIN_SHARED(Leads.TO_SEVERAL),
  /**
   * A brokered credential, used by another agent of the same operating-system user inside a call of
   * the session that holds it, or while a background task of it may still run, from the same
   * machine, and said by nobody: no source tells it from the holder's own use, but that both ran.
   */
  SAME_USER(Leads.NOWHERE),
  /** A commit that nobody reported, made while a call ran. */
  COMMIT_IN_CALL(Leads.NOWHERE),
  /** The principal is named like the human, and a call ran. */
  PRINCIPAL_AND_TIME(Leads.NOWHERE),
  /** Nothing at all: nobody can tell from the sources. */
  NONE(Leads.NOWHERE);

  private final Leads leads;

  /** Where an identifier leads. */
  private enum Leads {
    TO_ONE,
    TO_SEVERAL,
    NOWHERE
  }

  Link(Leads leads) {
    this.leads = leads;
  }

  /** Whether an identifier leads from the act to the session: more than principal and time. */
  public boolean links() {
    return leads != Leads.NOWHERE;
  }

  /** Whether it leads to that session and to no other. */
  public boolean toOne() {
    return leads == Leads.TO_ONE;
  }

  /** The same link, where it leads to others as well. */
  Link shared() {
    return switch (this) {
      case KEY_SHOWN, KEY_NAMED -> KEY_SHARED;
      case ROLE_SHOWN -> ROLE_SHARED;
      case ROLE_CHAIN -> CHAIN_SHARED;
      default -> this;
    };
  }
}
