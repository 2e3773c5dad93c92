package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.SourceNotes;
import dev.custody.sighting.StrictJson;
import dev.custody.signing.FingerprintKey;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running conversations, the latest used of them. Who speaks in them outlasts a restart of the
 * collector; the rest begins anew. Safe for use by several threads.
 */
final class Conversations {
  private static final int MOST = 128;
  private static final String NOTES = "mcp-peers/";
  private static final Logger LOG = LoggerFactory.getLogger(Conversations.class);

  private final FingerprintKey organisation;
  private final SourceNotes notes;
  private final Map<String, Conversation> running = new LinkedHashMap<>(16, 0.75f, true);

  Conversations(FingerprintKey organisation, SourceNotes notes) {
    this.organisation = organisation;
    this.notes = notes;
  }

  synchronized Conversation of(String instance) {
    Conversation known = running.get(instance);
    if (known == null) {
      known = new Conversation(organisation, noted(instance));
      running.put(instance, known);
      if (running.size() > MOST) {
        Iterator<String> eldest = running.keySet().iterator();
        forget(eldest.next());
        eldest.remove();
      }
    }
    return known;
  }

  /** Its key goes with it: from now on no guess can be tested against its fingerprints. */
  synchronized void end(String instance) {
    if (running.remove(instance) != null) {
      forget(instance);
    }
  }

  /** Keeps who speaks over a restart. */
  void note(String instance, Peers peers) {
    try {
      notes.put(NOTES + instance, peers.toJson().toString().getBytes(StandardCharsets.UTF_8));
      Iterator<String> all = notes.all(NOTES).keySet().iterator();
      for (int over = notes.all(NOTES).size() - MOST; over > 0 && all.hasNext(); ) {
        String other = all.next();
        if (!other.equals(instance)) {
          notes.remove(NOTES + other);
          over--;
        }
      }
    } catch (CaptureException e) {
      LOG.warn("who speaks in an MCP conversation is not noted: {}", e.getMessage());
    }
  }

  private Peers noted(String instance) {
    try {
      byte[] note = notes.get(NOTES + instance);
      JsonNode peers = note == null ? null : StrictJson.object(note);
      return peers == null ? Peers.UNKNOWN : Peers.of(peers);
    } catch (CaptureException | BadInputException e) {
      LOG.warn("who speaks in an MCP conversation is not known any more: {}", e.getMessage());
      return Peers.UNKNOWN;
    }
  }

  private void forget(String instance) {
    try {
      notes.remove(NOTES + instance);
    } catch (CaptureException e) {
      LOG.warn("who spoke in an MCP conversation stays noted: {}", e.getMessage());
    }
  }
}
