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

  /** To a group's partition. */
  public static final RecordFormat<GroupMessage> GROUP_MESSAGE =
      RecordFormat.of(GroupMessage.class, DetectFormats.class, "group-message.avsc");

  /** Back to an event's partition. */
  public static final RecordFormat<MatchMessage> MATCH_MESSAGE =
      RecordFormat.of(MatchMessage.class, DetectFormats.class, "match-message.avsc");

  private DetectFormats() {}
}
