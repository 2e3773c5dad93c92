package dev.custody.accuracy.world;

import org.jspecify.annotations.Nullable;

/**
 * What a cloud call is made with.
 *
 * @param keyId access key id
 * @param principal whose it is
 * @param parent the credential that it was got with by AssumeRole; null when it was not, or by
 *     nobody who is recorded
 * @param sourceIdentity what its role session carries, and all that descend from it; null for none
 */
public record Credential(
    String keyId,
    Principal principal,
    @Nullable Credential parent,
    @Nullable String sourceIdentity) {
  /** The account of the organisation. */
  public static final String ACCOUNT = "210987654321";

  /** The role whose credentials brokers hand out. */
  public static final String BROKERED_ROLE = "custody-agents";

  /** Whose a credential is. */
  public sealed interface Principal {
    /** An IAM user. */
    record User(String name) implements Principal {}

    /**
     * A session of a role.
     *
     * @param role the role's name
     * @param session the session's name
     */
    record RoleSession(String role, String session) implements Principal {}
  }

  /** A user's own, long-lived key. */
  public static Credential ofUser(String user, String keyId) {
    return new Credential(keyId, new Principal.User(user), null, null);
  }

  /** A role session's key. */
  public static Credential ofRole(
      String role, String session, String keyId, @Nullable Credential parent) {
    return new Credential(
        keyId,
        new Principal.RoleSession(role, session),
        parent,
        parent == null ? null : parent.sourceIdentity());
  }

  /** The same, with a source identity. */
  public Credential carrying(String identity) {
    return new Credential(keyId, principal, parent, identity);
  }

  /** The principal's ARN, as CloudTrail writes it. */
  public String arn() {
    return switch (principal) {
      case Principal.User user -> "arn:aws:iam::" + ACCOUNT + ":user/" + user.name();
      case Principal.RoleSession role ->
          "arn:aws:sts::" + ACCOUNT + ":assumed-role/" + role.role() + "/" + role.session();
    };
  }

  /** The name of the user or of the role session. */
  public String name() {
    return switch (principal) {
      case Principal.User user -> user.name();
      case Principal.RoleSession role -> role.session();
    };
  }
}
