package dev.custody.sighting;

import dev.custody.redact.Redactor;
import dev.custody.signing.FingerprintKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One redactor a session, so that all sources that tell of a session name a guessable secret alike.
 * The latest used are kept, and never stored. Safe for use by several threads.
 */
public final class SessionRedactors {
  /** Of one more, the one that was quiet for longest is forgotten. */
  public static final int MOST = 512;

  private final FingerprintKey organisation;
  private final Map<String, Redactor> latest;

  /** For sessions of an organisation. */
  public SessionRedactors(FingerprintKey organisation) {
    this(organisation, MOST);
  }

  /** Remembers another number of them. */
  public SessionRedactors(FingerprintKey organisation, int most) {
    this.organisation = organisation;
    this.latest =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Redactor> eldest) {
            return size() > most;
          }
        };
  }

  /** The redactor of {@code session} of the agent {@code product}. */
  public synchronized Redactor of(String product, String session) {
    String key = key(product, session);
    Redactor redactor = latest.get(key);
    if (redactor == null) {
      redactor = fresh();
      latest.put(key, redactor);
    }
    return redactor;
  }

  /** A redactor whose key nobody else has. */
  public Redactor fresh() {
    return SecretPrints.redactor(organisation, FingerprintKey.ephemeral());
  }

  /** Its key goes with it: from now on no guess can be tested against its fingerprints. */
  public synchronized void end(String product, String session) {
    latest.remove(key(product, session));
  }

  private static String key(String product, String session) {
    return product + '\0' + session;
  }
}
