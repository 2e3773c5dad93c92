package dev.custody.local;

import org.jspecify.annotations.Nullable;

/** A role could not start; the message says why and what to do. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
