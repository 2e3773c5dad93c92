package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.IssuedCredential;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.index.CredentialSearch.Facet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of an event can be asked by the credentials that it names. */
final class CredentialFields {
  /** A call of more resources than this is found by its event only. */
  private static final int MOST_RESOURCES = 8;

  private static final int LONGEST = 1024;

  /** What a provider's record calls the credential that a call was made with. */
  private static final List<IdentifierKind> CREDENTIALS =
      List.of(
          IdentifierKind.AWS_ACCESS_KEY_ID,
          IdentifierKind.GITHUB_TOKEN,
          IdentifierKind.KUBERNETES_CREDENTIAL);

  private CredentialFields() {}

  static void add(Attribution event, DocumentBuilder to) {
    Set<String> named = new LinkedHashSet<>();
    boolean recordedByIssuer =
        event.kind().equals("CloudCall") || event.kind().equals("CredentialUsed");
    for (IdentifierKind kind : CREDENTIALS) {
      for (String key : values(event, kind)) {
        named.add(key);
        if (recordedByIssuer) {
          to.exact(Fields.USED, key);
          exercised(event, key, to);
        }
      }
    }
    IssuedCredential issued = event.issued();
    if (issued != null) {
      String key = issued.credential().value();
      named.add(key);
      to.exact(Fields.ISSUED, key).exact(Fields.IDENTIFIER, key);
      if (issued.parent() != null) {
        to.exact(Fields.PARENT, issued.parent().value());
      }
    }
    String session = event.best().session();
    for (String key : named) {
      to.exact(Fields.CREDENTIAL, key);
      if (session != null) {
        facet(to, key, Facet.SESSION, session);
        facet(to, session, Facet.CREDENTIAL, key);
      }
    }
  }

  private static void exercised(Attribution event, String key, DocumentBuilder to) {
    facet(to, key, Facet.ACTION, event.action());
    facet(to, key, Facet.ACCOUNT, event.account());
    event.resources().stream()
        .limit(MOST_RESOURCES)
        .forEach(resource -> facet(to, key, Facet.RESOURCE, resource));
    values(event, IdentifierKind.SOURCE_ADDRESS)
        .forEach(address -> facet(to, key, Facet.ADDRESS, address));
    List<String> roles = values(event, IdentifierKind.AWS_ROLE_SESSION);
    (roles.isEmpty() ? values(event, IdentifierKind.PRINCIPAL) : roles)
        .forEach(principal -> facet(to, key, Facet.PRINCIPAL, principal));
    event.best().concerns().forEach(c -> facet(to, key, Facet.CONCERN, c.name()));
  }

  private static List<String> values(Attribution event, IdentifierKind kind) {
    return event.identifiers().stream()
        .filter(i -> i.kind() == kind)
        .map(Identifier::value)
        .distinct()
        .toList();
  }

  private static void facet(
      DocumentBuilder to, String subject, Facet facet, @Nullable String value) {
    if (value != null) {
      String cut = value.substring(0, Math.min(value.length(), LONGEST));
      to.exact(Fields.FACET, CredentialSearch.prefix(subject, facet) + cut);
    }
  }
}
