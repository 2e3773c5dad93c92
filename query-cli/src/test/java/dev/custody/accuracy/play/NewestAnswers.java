package dev.custody.accuracy.play;

import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Attribution;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The newest revision of each attribution that was told. */
final class NewestAnswers implements Answers {
  private final Map<String, Attribution> bySource = new HashMap<>();
  private final Map<String, Attribution> byCall = new HashMap<>();

  void take(Attribution told) {
    String id = told.source().id();
    if (id != null) {
      bySource.merge(id, told, NewestAnswers::newer);
    }
    String call = told.best().toolCall();
    if (call != null && told.kind().equals("ToolCallCompleted")) {
      byCall.merge(call, told, NewestAnswers::newer);
    }
  }

  private static Attribution newer(Attribution a, Attribution b) {
    return a.revision() > b.revision() ? a : b;
  }

  @Override
  public Optional<Attribution> to(Truth act) {
    return Optional.ofNullable(
        act.kind() == Truth.Kind.TOOL_CALL ? byCall.get(act.key()) : bySource.get(act.key()));
  }
}
