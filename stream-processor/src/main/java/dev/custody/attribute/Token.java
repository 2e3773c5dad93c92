package dev.custody.attribute;

import dev.custody.event.Human;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What world events ask about and agents make claims on: {@code KIND:value} of an identifier. */
public final class Token {
  /** Digits of a commit id that its token has: what git shows at least. */
  public static final int COMMIT_PREFIX = 7;

  /** Kind of the token that principals and role sessions share. */
  static final String NAME = "NAME";

  /** Kind of the token of a machine's user. */
  private static final String USER = "USER";

  private Token() {}

  /**
   * The token of {@code identifier}; commits by their first seven digits. Principals and role
   * sessions are names, in lower case: a role session is what a provider calls the principal, and
   * one question asks for both.
   */
  public static String of(Identifier identifier) {
    String value = identifier.value();
    return switch (identifier.kind()) {
      case GIT_COMMIT ->
          identifier.kind() + ":" + value.substring(0, Math.min(COMMIT_PREFIX, value.length()));
      // A command names the session alone, a cloud the role as well.
      case AWS_ROLE_SESSION, PRINCIPAL ->
          NAME + ":" + value.substring(value.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
      default -> identifier.kind() + ":" + value;
    };
  }

  /**
   * The token of whoever runs agents on {@code host} as {@code human}: a process of theirs can
   * reach what another one has. Nothing of the world carries it.
   */
  public static String ofUser(String host, @Nullable Human human) {
    String name = human == null ? "" : human.osUser() == null ? human.id() : human.osUser();
    return USER + ":" + host + "/" + name;
  }

  /** Whether {@code token} is of a machine's user. */
  static boolean isUser(String token) {
    return token.startsWith(USER + ":");
  }

  /** Whether agents can make claims on identifiers of that kind. */
  public static boolean isAsked(IdentifierKind kind) {
    return switch (kind) {
      case AWS_ACCESS_KEY_ID,
          AWS_ROLE_SESSION,
          AWS_SOURCE_IDENTITY,
          PRINCIPAL,
          GIT_COMMIT,
          SESSION_TAG,
          REPOSITORY,
          GITHUB_TOKEN,
          KUBERNETES_CREDENTIAL,
          GIT_AI_SESSION ->
          true;
      case USER_AGENT_TAG, SOURCE_ADDRESS, SECRET_FINGERPRINT, FILE_CONTENT -> false;
    };
  }

  /** Whether {@code token} is of {@code kind}. */
  static boolean is(String token, IdentifierKind kind) {
    return token.startsWith(kind + ":");
  }
}
