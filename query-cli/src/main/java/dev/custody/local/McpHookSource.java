package dev.custody.local;

import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import dev.custody.http.HookSource;
import dev.custody.source.mcp.McpSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What {@code custody mcp} hands in, as the collector listens for it. */
record McpHookSource(McpSource source, Duration deadline) implements HookSource {
  @Override
  public HookReply receive(byte[] body, @Nullable String delegation) throws BadInputException {
    return source.receive(body, delegation);
  }

  @Override
  public @Nullable HookReply late(byte[] body, String why) throws BadInputException {
    return source.late(body, why);
  }
}
