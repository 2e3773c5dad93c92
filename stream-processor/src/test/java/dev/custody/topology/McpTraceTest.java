package dev.custody.topology;

import static dev.custody.topology.World.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What MCP wrappers record, in traces and findings. */
class McpTraceTest {
  @TempDir Path directory;

  private static Event mcp(
      String event, Body body, String action, @Nullable String prompt, String content) {
    return new EventBuilder(
            new Source("mcp", event, "run#" + event + prompt, null, 1L),
            new Host("laptop", null),
            at(1),
            body)
        .actor(
            new Actor(
                null,
                new Agent("claude-code", null, "spiffe://test/agent/claude-code/api", "one", null)))
        .within("one", prompt, prompt == null ? null : "toolu_1")
        .action(action)
        .resources(List.of("mcp:fs/read"))
        .content(content.getBytes(StandardCharsets.UTF_8), 0)
        .build();
  }

  private static Event change(@Nullable String prompt) {
    return mcp(
        "ToolDescriptionChanged",
        new Body.Observed("ToolDescriptionChanged"),
        "mcp:tool-description-changed",
        prompt,
        "{\"message\":\"described otherwise\"}");
  }

  @Test
  void aCallOfAToolThatIsDescribedOtherwiseShowsInItsTraceAndIsAFinding() throws Exception {
    World world = new World(directory.resolve("org"));
    World.Collector laptop = world.collector();
    Event call =
        laptop.record(
            mcp(
                "tools/call",
                new Body.ToolCallRequested("mcp__fs__read"),
                "tool:mcp__fs__read",
                "p1",
                "{\"message\":{\"id\":3,\"params\":{\"arguments\":{\"path\":\"a\"}}}}"));
    Event unbound = laptop.record(change(null));
    Event bound = laptop.record(change("p1"));
    try (Run run = new Run(world, directory.resolve("state"))) {
      run.feed(laptop.stored());
      assertThat(run.edges())
          .containsOnlyKeys(
              "p1 prompt:p1 -> tool:toolu_1", "p1 tool:toolu_1 -> description:mcp:fs/read");
      assertThat(run.of(call).extract()).isEqualTo("{\"path\":\"a\"}");
      assertThat(run.of(unbound).extract()).isEqualTo("described otherwise");
      assertThat(run.findings().values())
          .as("one in the session, one in the prompt")
          .hasSize(2)
          .allSatisfy(finding ->
              assertThat(finding.at("/finding_info/title").asText())
                  .isEqualTo("MCP server changed what it tells agents of a tool"));
      assertThat(run.of(bound).best().toolCall()).isEqualTo("toolu_1");
    }
  }
}
