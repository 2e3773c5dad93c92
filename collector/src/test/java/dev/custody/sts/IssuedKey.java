package dev.custody.sts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential that the stand-in knows.
 *
 * @param accessKeyId its id
 * @param secret its secret key
 * @param sessionToken null of a user's long-term key
 * @param principalArn whose it is
 * @param sourceIdentity what the session carries
 * @param parent the key that it was asked for with
 * @param expiresAt its end
 */
public record IssuedKey(
    String accessKeyId,
    String secret,
    @Nullable String sessionToken,
    String principalArn,
    @Nullable String sourceIdentity,
    @Nullable String parent,
    @Nullable Instant expiresAt) {
  String account() {
    return principalArn.split(":", -1)[4];
  }

  /** Whether it is of a role's session. */
  public boolean isRole() {
    return principalArn.contains(":assumed-role/");
  }
}
