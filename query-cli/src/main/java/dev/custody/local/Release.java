package dev.custody.local;

/** What this build calls itself. */
public final class Release {
  /** Version of Custody. */
  public static final String VERSION = "0.1.0";

  private Release() {}
}
