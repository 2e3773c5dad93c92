package dev.custody.tag;

import dev.custody.capture.CaptureException;
import dev.custody.capture.SourceNotes;
import dev.custody.signing.FingerprintKey;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which sessions were given their tag. Only those carry it: an event that shows a tag which no tool
 * was told would claim what cannot be. Kept over a restart; of more than {@link #MOST} the oldest
 * is forgotten. Safe for use by several threads.
 */
public final class SessionTags {
  /** Most sessions that are known to have their tag. */
  public static final int MOST = 4096;

  private static final String NOTES = "session-tag/";

  private final FingerprintKey key;
  private final SourceNotes notes;
  private final InstantSource clock;
  private final Map<String, Instant> given = new ConcurrentHashMap<>();

  private SessionTags(FingerprintKey key, SourceNotes notes, InstantSource clock) {
    this.key = key;
    this.notes = notes;
    this.clock = clock;
  }

  /**
   * What was given in earlier runs.
   *
   * @throws CaptureException when the notes cannot be read
   */
  public static SessionTags open(FingerprintKey key, SourceNotes notes, InstantSource clock)
      throws CaptureException {
    SessionTags tags = new SessionTags(key, notes, clock);
    for (Map.Entry<String, byte[]> note : notes.all(NOTES).entrySet()) {
      tags.given.put(note.getKey(), time(note.getValue()));
    }
    return tags;
  }

  private static Instant time(byte[] note) {
    try {
      return Instant.parse(new String(note, StandardCharsets.UTF_8));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  /** The tag of {@code session}, given or not: the same at any time, under one key. */
  public SessionTag of(String session) {
    return new SessionTag("custody-" + key.name("session-tag", session));
  }

  /** Gives {@code session} its tag; on return that is durable. */
  public void give(String session) throws CaptureException {
    String tag = of(session).value();
    Instant now = clock.instant();
    notes.put(NOTES + tag, now.toString().getBytes(StandardCharsets.UTF_8));
    given.put(tag, now);
    if (given.size() > MOST) {
      forgetOldest();
    }
  }

  private synchronized void forgetOldest() throws CaptureException {
    for (Map.Entry<String, Instant> old :
        given.entrySet().stream()
            .sorted(Comparator.comparing(Map.Entry::getValue))
            .limit(Math.max(0, given.size() - MOST))
            .toList()) {
      given.remove(old.getKey());
      notes.remove(NOTES + old.getKey());
    }
  }

  /** Whether {@code session} was given its tag. */
  public boolean isGiven(String session) {
    return !given.isEmpty() && given.containsKey(of(session).value());
  }
}
