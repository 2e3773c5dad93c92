package dev.custody.cli;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Concern;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How things are called in an answer for people; the same everywhere. */
final class Words {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private static final int SHORT_ID = 12;

  private Words() {}

  static String time(Instant time) {
    return TIME.format(time);
  }

  /** The beginning of an id: up to its first hyphen, or 12 characters. */
  static String shortId(String id) {
    String clean = Terminal.clean(id);
    int hyphen = clean.indexOf('-');
    int end = hyphen >= 8 && hyphen < SHORT_ID ? hyphen : SHORT_ID;
    return clean.length() <= end + 1 ? clean : clean.substring(0, end) + "…";
  }

  static String version(Agent agent) {
    String version = agent.version();
    return version == null ? "version unknown" : Terminal.clean(version);
  }

  static String human(@Nullable Human human) {
    return human == null ? "unknown human" : Terminal.clean(human.id());
  }

  /** Whether {@code human} names somebody. */
  static boolean isKnown(@Nullable Human human) {
    return human != null && human.basis() != HumanBasis.UNKNOWN;
  }

  static String basis(Human human) {
    String how =
        switch (human.basis()) {
          case SIGNED_DELEGATION -> "signed the delegation";
          case AGENT_ACCOUNT -> "account that the agent is logged in with";
          case GIT_EMAIL ->
              human.isContradicted()
                  ? "user.email of the repository at first; it said %s later"
                      .formatted(Terminal.clean(String.valueOf(human.gitEmail())))
                  : "user.email of the repository";
          case OS_USER -> "operating-system user on the collector's machine";
          case PROVIDER_RECORD -> "the cloud provider's record";
          case UNKNOWN -> "nobody is named";
        };
    String user = human.osUser();
    return user == null || human.basis() == HumanBasis.OS_USER
        ? how
        : how + "; operating-system user " + Terminal.clean(user);
  }

  /** Agent and human in a few words. */
  static String who(Candidate candidate) {
    Agent agent = candidate.agent();
    if (agent == null) {
      return isKnown(candidate.human())
          ? human(candidate.human()) + ", no agent known"
          : "nobody known";
    }
    return Terminal.clean(agent.product()) + " for " + human(candidate.human());
  }

  static Optional<String> identifier(List<Identifier> identifiers, IdentifierKind kind) {
    return identifiers.stream().filter(i -> i.kind() == kind).map(Identifier::value).findFirst();
  }

  /** The public name of the credential that was used or shown. */
  static Optional<String> credential(List<Identifier> identifiers) {
    return identifier(identifiers, IdentifierKind.AWS_ACCESS_KEY_ID)
        .or(() -> identifier(identifiers, IdentifierKind.AWS_ROLE_SESSION));
  }

  /** What speaks against a candidate, in words. */
  static String concerns(List<Concern> concerns) {
    return concerns.stream()
        .map(concern ->
            switch (concern) {
              case AFTER_EXPIRY -> "the credential had expired";
              case AFTER_REVOCATION -> "the credential had been revoked";
              case AFTER_SESSION_END -> "the session that it was issued to had ended";
              case OTHER_ADDRESS -> "used from another address than it was issued to";
              case OTHER_HOLDER -> "another session has come to know the credential";
              case CONFLICTING_TAG -> "the tag is another session's";
              case NO_TOOL_CALL -> "no tool call of the agent ran";
            })
        .collect(Collectors.joining("; "));
  }
}
