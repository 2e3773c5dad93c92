package dev.custody.source;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/** Reads the identifiers that a text mentions: a command, its output, a file. */
public final class Identifiers {
  /** More of them in one text is a listing: what it links would be everything. */
  public static final int MOST = 64;

  /** An identifier is read within this distance of the literal that announces it. */
  private static final int LONGEST = 256;

  // Names of sessions and source identities, as AWS STS allows them.
  private static final String NAME = "([A-Za-z0-9_+=,.@-]{2,64})";
  private static final String GIVEN = "(?:[ \\t]+|[ \\t\\\\\"']*[=:])[ \\t\\\\\"']*" + NAME;

  private static final List<Form> FORMS =
      List.of(
          new Form(
              IdentifierKind.AWS_ACCESS_KEY_ID,
              "AKIA",
              Pattern.compile("(AKIA[A-Z0-9]{16})(?:[^A-Za-z0-9_]|$)"),
              true),
          new Form(
              IdentifierKind.AWS_ACCESS_KEY_ID,
              "ASIA",
              Pattern.compile("(ASIA[A-Z0-9]{16})(?:[^A-Za-z0-9_]|$)"),
              true),
          new Form(
              IdentifierKind.AWS_ROLE_SESSION,
              ":assumed-role/",
              Pattern.compile(":assumed-role/([A-Za-z0-9_+=,.@-]{1,64}/[A-Za-z0-9_+=,.@-]{2,64})"),
              false),
          new Form(
              IdentifierKind.AWS_ROLE_SESSION,
              "--role-session-name",
              Pattern.compile("--role-session-name" + GIVEN),
              false),
          new Form(
              IdentifierKind.AWS_ROLE_SESSION,
              "RoleSessionName",
              Pattern.compile("RoleSessionName" + GIVEN),
              true),
          new Form(
              IdentifierKind.AWS_SOURCE_IDENTITY,
              "--source-identity",
              Pattern.compile("--source-identity" + GIVEN),
              false),
          new Form(
              IdentifierKind.AWS_SOURCE_IDENTITY,
              "SourceIdentity",
              Pattern.compile("SourceIdentity" + GIVEN),
              true),
          // As kubectl auth whoami shows them.
          new Form(
              IdentifierKind.KUBERNETES_CREDENTIAL,
              "JTI=",
              Pattern.compile("(JTI=[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[^0-9a-f-]|$)"),
              true),
          new Form(
              IdentifierKind.KUBERNETES_CREDENTIAL,
              "X509SHA256=",
              Pattern.compile("(X509SHA256=[0-9a-f]{64})(?:[^0-9a-f]|$)"),
              true));

  private Identifiers() {}

  /** The distinct identifiers in order of appearance, at most {@link #MOST}. */
  public static List<Identifier> in(String text) {
    List<Mention> mentions = new ArrayList<>();
    for (Form form : FORMS) {
      form.collect(text, mentions);
    }
    mentions.sort(Comparator.comparingInt(Mention::at));
    return mentions.stream().map(Mention::identifier).distinct().limit(MOST).toList();
  }

  private record Mention(int at, Identifier identifier) {}

  private record Form(IdentifierKind kind, String literal, Pattern pattern, boolean wordStart) {
    void collect(String text, List<Mention> mentions) {
      LinkedHashSet<Identifier> found = new LinkedHashSet<>();
      int at = text.indexOf(literal);
      while (at >= 0 && found.size() < MOST) {
        int end = Math.min(text.length(), at + LONGEST);
        Matcher matcher = pattern.matcher(text.substring(at, end));
        if ((!wordStart || startsWord(text, at)) && matcher.lookingAt()) {
          String value = trimmed(matcher.group(1));
          Identifier identifier = new Identifier(kind, value);
          if (value.length() > 1 && found.add(identifier)) {
            mentions.add(new Mention(at, identifier));
          }
        }
        at = text.indexOf(literal, at + literal.length());
      }
    }

    /** The full stop or comma of a sentence is no part of a name. */
    private static String trimmed(String value) {
      int end = value.length();
      while (end > 0 && (value.charAt(end - 1) == '.' || value.charAt(end - 1) == ',')) {
        end--;
      }
      return value.substring(0, end);
    }
  }

  /** Also after the letter of an escaped line break, for text may be JSON in a string. */
  private static boolean startsWord(String text, int at) {
    if (at == 0) {
      return true;
    }
    char before = text.charAt(at - 1);
    boolean word = before < 128 && (Character.isLetterOrDigit(before) || before == '_');
    boolean escape = at > 1 && text.charAt(at - 2) == '\\' && "nrt".indexOf(before) >= 0;
    return !word || escape;
  }
}
