package dev.custody.source.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.codex.CodexHooks;
import dev.custody.source.gemini.GeminiHooks;
import dev.custody.source.opencode.OpencodeHooks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Recorded sessions of real agents: each line is what one hook sent. */
public final class Recordings {
  /** Made up, and in many of them. */
  public static final List<String> SECRETS =
      List.of(
          "harnessFakeSecretKey00000000000000000001",
          "harness-fake-password",
          "sk_test_HARNESSFAKE0000000000000000");

  /** Every recorded session. */
  public static final List<String> ALL =
      List.of(
          "claude-code/incident",
          "claude-code/full",
          "claude-code/rare-events",
          "claude-code/http-deny",
          "claude-code/permission-request",
          "claude-code/api-error",
          "claude-code/2.1.197-full",
          "codex/0.169.0-full",
          "codex/0.169.0-notify",
          "gemini-cli/0.61.0-full",
          "opencode/1.18.33-full");

  private Recordings() {}

  /** The bodies of one, in order. */
  public static List<byte[]> bodies(String recording) {
    String resource = "/" + recording + ".jsonl";
    try (InputStream in = Recordings.class.getResourceAsStream(resource)) {
      String text = new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8);
      return text.lines().map(line -> line.getBytes(UTF_8)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The events of one. */
  public static List<Event> replay(AgentHooks<?> hooks, String recording) throws BadInputException {
    List<Event> events = new ArrayList<>();
    for (byte[] body : bodies(recording)) {
      events.addAll(hooks.events(body));
    }
    return events;
  }

  /** What reads {@code recording}. */
  public static AgentHooks<?> hooksOf(String recording, Observer observer) {
    return switch (recording.substring(0, recording.indexOf('/'))) {
      case "claude-code" -> new ClaudeCodeHooks(observer);
      case "codex" -> new CodexHooks(observer);
      case "gemini-cli" -> new GeminiHooks(observer);
      case "opencode" -> new OpencodeHooks(observer);
      default -> throw new IllegalArgumentException(recording);
    };
  }

  /** How many there are of each kind. */
  public static Map<String, Integer> counts(List<Event> events) {
    Map<String, Integer> counts = new TreeMap<>();
    events.forEach(event -> counts.merge(event.type(), 1, Integer::sum));
    return counts;
  }

  /** Those of one kind. */
  public static List<Event> ofKind(List<Event> events, Class<? extends Body> kind) {
    return events.stream().filter(event -> kind.isInstance(event.body())).toList();
  }

  /** JSON with single quotes, for bodies that are written down in tests. */
  public static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }
}
