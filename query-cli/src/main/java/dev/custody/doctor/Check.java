package dev.custody.doctor;

/**
 * One thing that was looked at.
 *
 * @param name what
 * @param result how it is
 * @param found what was found
 * @param todo the next step; empty where there is none
 */
public record Check(String name, Result result, String found, String todo) {
  /** How it is. */
  public enum Result {
    OK,
    /** Worth knowing, and no failure. */
    NOTE,
    FAILED
  }

  static Check ok(String name, String found) {
    return new Check(name, Result.OK, found, "");
  }

  static Check note(String name, String found, String todo) {
    return new Check(name, Result.NOTE, found, todo);
  }

  static Check failed(String name, String found, String todo) {
    return new Check(name, Result.FAILED, found, todo);
  }
}
