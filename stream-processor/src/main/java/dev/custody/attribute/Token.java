package dev.custody.attribute;

import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.util.List;
import java.util.Locale;

/** What world events ask about and agents make claims on: {@code KIND:value} of an identifier. */
public final class Token {
  /** Digits of a commit id that its token has: what git shows at least. */
  public static final int COMMIT_PREFIX = 7;

  private Token() {}

  /**
   * The token of {@code identifier}; commits by their first seven digits, role sessions without
   * their role, principals in lower case.
   */
  public static String of(Identifier identifier) {
    String value =
        switch (identifier.kind()) {
          case GIT_COMMIT ->
              identifier.value().substring(0, Math.min(COMMIT_PREFIX, identifier.value().length()));
          // A command names the session alone, a cloud the role as well.
          case AWS_ROLE_SESSION ->
              identifier.value().substring(identifier.value().lastIndexOf('/') + 1);
          case PRINCIPAL -> identifier.value().toLowerCase(Locale.ROOT);
          default -> identifier.value();
        };
    return identifier.kind() + ":" + value;
  }

  /** Whether agents can make claims on identifiers of that kind. */
  public static boolean isAsked(IdentifierKind kind) {
    return switch (kind) {
      case AWS_ACCESS_KEY_ID, AWS_ROLE_SESSION, AWS_SOURCE_IDENTITY, PRINCIPAL, GIT_COMMIT -> true;
      case USER_AGENT_TAG, SOURCE_ADDRESS, SECRET_FINGERPRINT -> false;
    };
  }

  /** The distinct tokens that an event with these identifiers asks. */
  public static List<String> asked(List<Identifier> identifiers) {
    return identifiers.stream().filter(i -> isAsked(i.kind())).map(Token::of).distinct().toList();
  }

  /** Whether {@code token} is of {@code kind}. */
  static boolean is(String token, IdentifierKind kind) {
    return token.startsWith(kind + ":");
  }
}
