package dev.custody.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenFile;
import dev.custody.http.Routes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Agents that never rest: each posts hook after hook, each hook once and of a tool call of its own;
 * and one import, which posts its records again until they are answered.
 */
final class Load implements AutoCloseable {
  /** Fewer than a collector takes at once: beyond that it refuses. */
  private static final int AGENTS = 24;

  /** So many that a log that was away is caught up with in a burst. */
  private static final int RECORDS_AT_ONCE = 200;

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Journal journal;
  private final Path importTokens;
  private final String name;
  private final int longestOutput;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong number = new AtomicLong();

  /** Where the collector listens. A client of its own for each: no connection outlives it. */
  private record Target(String address, HttpClient client) {}

  private volatile @Nullable Target target;
  private volatile boolean closed;

  private Load(Journal journal, Path data, String name, int longestOutput) {
    this.importTokens = data.resolve(TokenFile.IMPORT_NAME);
    this.journal = journal;
    this.name = name;
    this.longestOutput = longestOutput;
  }

  /**
   * Begins; nothing is sent before {@link #sendTo}.
   *
   * @param data where the collector keeps the token for imports
   * @param name of this load, in all its ids
   * @param longestOutput most that a tool printed, in bytes
   */
  static Load start(Journal journal, Path data, String name, int longestOutput, long seed) {
    Load load = new Load(journal, data, name, longestOutput);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < AGENTS; i++) {
      String session = name + "-session-" + i;
      SplittableRandom own = random.split();
      load.threads.add(Thread.ofVirtual().start(() -> load.agent(session, own)));
    }
    load.threads.add(Thread.ofVirtual().start(load::imports));
    return load;
  }

  /** From now on everything goes to {@code address}; null holds the agents back. */
  void sendTo(@Nullable String address) {
    Target before = target;
    target =
        address == null
            ? null
            : new Target(
                address,
                HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build());
    if (before != null) {
      before.client().shutdownNow();
    }
  }

  private void agent(String session, SplittableRandom random) {
    while (!closed) {
      Target to = target;
      if (to != null) {
        call(to, session, random);
      }
      LockSupport.parkNanos(random.nextInt(1, to == null ? 20_000_000 : 8_000_000));
    }
  }

  private void call(Target to, String session, SplittableRandom random) {
    String id = "toolu_%s_%d".formatted(name, number.getAndIncrement());
    int status = post(to, Routes.CLAUDE_CODE, hook(session, id, random));
    if (status > 0) {
      journal.answered(id, status);
    }
  }

  private byte[] hook(String session, String id, SplittableRandom random) {
    ObjectNode hook = JSON.createObjectNode();
    hook.put("session_id", session).put("cwd", "/nowhere/" + session);
    hook.put("hook_event_name", "PostToolUse").put("tool_name", "Bash").put("tool_use_id", id);
    hook.putObject("tool_input").put("command", "make -j " + random.nextInt(64));
    hook.putObject("tool_response").put("stdout", text(random)).put("stderr", "");
    return bytes(hook);
  }

  private String text(SplittableRandom random) {
    int length = random.nextInt(20, longestOutput);
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append("line ").append(random.nextInt(10_000)).append('\n');
    }
    return text.toString();
  }

  private void imports() {
    int batch = 0;
    while (!closed) {
      Set<String> ids = new TreeSet<>();
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < RECORDS_AT_ONCE; i++) {
        String id = "%s-import-%d-%d".formatted(name, batch, i);
        ids.add(id);
        lines.append(record(id)).append('\n');
      }
      byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
      if (importUntilAnswered(body)) {
        journal.imported(ids);
      }
      batch++;
    }
  }

  private boolean importUntilAnswered(byte[] body) {
    while (!closed) {
      Target to = target;
      if (to != null) {
        int status = post(to, dev.custody.source.cloudtrail.CloudTrailSource.SHAPE.route(), body);
        if (status == 200) {
          return true;
        }
        if (status > 0) {
          journal.refused(status);
        }
      }
      LockSupport.parkNanos(20_000_000);
    }
    return false;
  }

  private static ObjectNode record(String id) {
    ObjectNode record = JSON.createObjectNode();
    record.put("eventVersion", "1.11");
    ObjectNode identity = record.putObject("userIdentity");
    identity.put("type", "IAMUser").put("principalId", "AIDAEXAMPLE").put("userName", "ci");
    identity.put("arn", "arn:aws:iam::210987654321:user/ci").put("accountId", "210987654321");
    record.put("eventTime", "2026-05-04T12:00:00Z").put("eventSource", "s3.amazonaws.com");
    record.put("eventName", "GetObject").put("awsRegion", "eu-north-1");
    record.put("sourceIPAddress", "203.0.113.44").put("userAgent", "aws-cli/2.31.3");
    record.put("requestID", "req-" + id).put("eventID", id).put("readOnly", true);
    record.put("eventType", "AwsApiCall").put("managementEvent", false);
    record.put("recipientAccountId", "210987654321").put("eventCategory", "Data");
    return record;
  }

  /** The status, or 0 when there was no answer. */
  private int post(Target to, String path, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.address() + path))
            .timeout(LONGEST_ANSWER)
            .POST(BodyPublishers.ofByteArray(body));
    try {
      if (path.startsWith("/import/")) {
        request.header("Authorization", "Bearer " + TokenFile.importToken(importTokens));
      }
      return to.client().send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      journal.unanswered();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      journal.unanswered();
      return 0;
    }
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Ends, once whatever was sent is answered or given up. */
  @Override
  public void close() {
    closed = true;
    sendTo(null);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
