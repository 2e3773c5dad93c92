package dev.custody.mcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What passes and is not recorded, on purpose: {@code ping} and its response, and {@code
 * notifications/progress}. Only what can be read in one way counts: anything else is recorded. Safe
 * for use by both pumps.
 */
final class Chatter {
  private static final String PING = "ping";
  private static final String PROGRESS = "notifications/progress";

  /** Most pings of one side whose response is waited for. */
  private static final int MOST_OPEN = 256;

  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
          .build();

  private final Set<String> byClient = new LinkedHashSet<>();
  private final Set<String> byServer = new LinkedHashSet<>();

  /**
   * Whether the message of {@code from} that {@code skim} has seen is not recorded. Asked once of
   * each message, in the order of each side.
   */
  synchronized boolean takes(String from, Skim skim, byte[] bytes, int end) {
    String id = id(skim);
    String method = skim.method();
    Set<String> own = from.equals(Passage.CLIENT) ? byClient : byServer;
    if (skim.isBatch()) {
      // It may hold a request with the id of an open ping.
      own.clear();
      return false;
    }
    if (method == null) {
      Set<String> asked = from.equals(Passage.CLIENT) ? byServer : byClient;
      return id != null && asked.remove(id) && isPlain(bytes, end, null);
    }
    if (id != null) {
      own.remove(id);
    }
    boolean chatter =
        (method.equals(PING) || (method.equals(PROGRESS) && id == null))
            && !skim.callsTool()
            && isPlain(bytes, end, method);
    if (chatter && id != null) {
      own.add(id);
      forgetEldest(own);
    }
    return chatter;
  }

  private static @Nullable String id(Skim skim) {
    String id = skim.id();
    return id == null ? null : (skim.hasTextId() ? "text " : "number ") + id;
  }

  private static void forgetEldest(Set<String> open) {
    if (open.size() > MOST_OPEN) {
      Iterator<String> eldest = open.iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** Whether it is one object of unique names whose method is {@code method}. */
  private static boolean isPlain(byte[] bytes, int end, @Nullable String method) {
    try (JsonParser json = STRICT.createParser(bytes, 0, end)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      String found = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean names = json.currentName().equals("method");
        JsonToken value = json.nextToken();
        if (names) {
          found = value == JsonToken.VALUE_STRING ? json.getText() : "";
        }
        json.skipChildren();
      }
      return java.util.Objects.equals(found, method) && json.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
