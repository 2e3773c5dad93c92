package dev.custody.redact;

/**
 * An invented secret: a value that holds it, and the name that such a value has.
 *
 * @param name empty if its form is enough
 * @param before what of the value is public and stands before the secret
 */
record Sample(SecretKind kind, String name, String before, String secret, String after) {
  String value() {
    return before + secret + after;
  }

  /** Whether it is known by its form, whatever stands around it. */
  boolean isSelfTelling() {
    return name.isEmpty();
  }

  String nameOr(String neutral) {
    return isSelfTelling() ? neutral : name;
  }
}
