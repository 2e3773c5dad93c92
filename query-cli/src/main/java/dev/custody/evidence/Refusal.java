package dev.custody.evidence;

/** Carries a failure out of what cannot go on after it. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient BundleFailure failure;

  Refusal(BundleFailure failure) {
    super(failure.name() + ": expected " + failure.expected() + ", found " + failure.found());
    this.failure = failure;
  }

  BundleFailure failure() {
    return failure;
  }
}
