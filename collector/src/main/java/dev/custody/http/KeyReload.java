package dev.custody.http;

import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.digest.KeyId;

/** Has the collector look at its own key directory again. */
@FunctionalInterface
public interface KeyReload {
  /**
   * What came of it.
   *
   * @param key the key that seals now
   * @param rotated whether it is another one than before
   */
  record Reloaded(KeyId key, boolean rotated) {}

  /**
   * Takes over the key that is there.
   *
   * @throws BadInputException when it may not seal this chain
   * @throws CaptureException when nothing can be recorded now
   */
  Reloaded reload() throws BadInputException, CaptureException;
}
