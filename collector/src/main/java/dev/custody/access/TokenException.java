package dev.custody.access;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file of tokens cannot be used; the message says why and what to do, never what is in it. */
public final class TokenException extends IOException {
  private static final long serialVersionUID = 1L;

  TokenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
