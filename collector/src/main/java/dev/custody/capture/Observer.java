package dev.custody.capture;

import dev.custody.event.Host;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.signing.FingerprintKey;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What every source needs to know of the collector that it runs in.
 *
 * @param host the collector's machine
 * @param osUser the enrolled operating-system user that agents here run as, null where nobody was
 *     enrolled
 * @param trustDomain SPIFFE trust domain of the organisation
 * @param fingerprints names secrets without telling them
 * @param clock the collector's clock
 * @param sessions for whom sessions act
 */
public record Observer(
    Host host,
    @Nullable String osUser,
    String trustDomain,
    FingerprintKey fingerprints,
    InstantSource clock,
    SessionHumans sessions) {
  /** Of which no session is known yet. */
  public Observer(
      Host host,
      @Nullable String osUser,
      String trustDomain,
      FingerprintKey fingerprints,
      InstantSource clock) {
    this(host, osUser, trustDomain, fingerprints, clock, new SessionHumans());
  }

  /**
   * For whom {@code session} acts: as its first work tree said, whatever later ones say.
   *
   * @param session null where it is not known
   * @param gitEmail {@code user.email} of the repository that it works in now; null without one
   */
  public Human human(@Nullable String session, @Nullable String gitEmail) {
    Human now = human(gitEmail);
    return session == null ? now : sessions.of(session, now);
  }

  /**
   * Who works here, as well as this machine knows it.
   *
   * @param gitEmail {@code user.email} of the repository that they work in; null without one
   */
  public Human human(@Nullable String gitEmail) {
    if (gitEmail != null) {
      return new Human(gitEmail, HumanBasis.GIT_EMAIL, osUser, gitEmail);
    }
    return osUser != null
        ? new Human(osUser, HumanBasis.OS_USER, osUser, null)
        : new Human("unknown human on " + host.name(), HumanBasis.UNKNOWN, null, null);
  }
}
