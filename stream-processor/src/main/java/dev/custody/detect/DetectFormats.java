package dev.custody.detect;

import dev.custody.wire.RecordFormat;

/**
 * Records that travel between, and lie in the stores of, the steps of detection. They may change
 * with any release.
 */
public final class DetectFormats {
  /** To a finding's partition. */
  public static final RecordFormat<Sighting> SIGHTING =
      RecordFormat.of(Sighting.class, DetectFormats.class, "sighting.avsc");

  /** In the store of what an event led to. */
  public static final RecordFormat<DetectState> DETECT_STATE =
      RecordFormat.of(DetectState.class, DetectFormats.class, "detect-state.avsc");

  private DetectFormats() {}
}
