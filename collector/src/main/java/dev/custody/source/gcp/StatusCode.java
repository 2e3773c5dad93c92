package dev.custody.source.gcp;

import dev.custody.event.Outcome;
import org.jspecify.annotations.Nullable;

/** What Google's services answer, in the order of its numbers ({@code google.rpc.Code}). */
enum StatusCode {
  OK,
  CANCELLED,
  UNKNOWN,
  INVALID_ARGUMENT,
  DEADLINE_EXCEEDED,
  NOT_FOUND,
  ALREADY_EXISTS,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  FAILED_PRECONDITION,
  ABORTED,
  OUT_OF_RANGE,
  UNIMPLEMENTED,
  INTERNAL,
  UNAVAILABLE,
  DATA_LOSS,
  UNAUTHENTICATED;

  /** The code of that number; null for a number that is none. */
  static @Nullable StatusCode numbered(int number) {
    return number < 0 || number >= values().length ? null : values()[number];
  }

  Outcome outcome() {
    return switch (this) {
      case OK -> Outcome.SUCCESS;
      case PERMISSION_DENIED, UNAUTHENTICATED -> Outcome.DENIED;
      default -> Outcome.FAILURE;
    };
  }
}
