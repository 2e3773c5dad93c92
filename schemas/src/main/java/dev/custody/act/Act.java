package dev.custody.act;

/**
 * One thing that is done.
 *
 * @param name what
 * @param target to what: a file, a host, a package; else the command; 256 characters at most
 */
public record Act(ActName name, String target) {
  static final int LONGEST_TARGET = 256;

  /** Shortens the target. */
  public Act {
    target = target.length() <= LONGEST_TARGET ? target : target.substring(0, LONGEST_TARGET);
  }
}
