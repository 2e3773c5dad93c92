package dev.custody.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.IssuedCredential;
import dev.custody.cli.Terminal.Style;
import dev.custody.index.CredentialSearch;
import dev.custody.index.CredentialSearch.Facet;
import dev.custody.index.CredentialSearch.Part;
import dev.custody.query.Condition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints what is known of credentials. */
final class CredentialReport {
  /** Most descendants that are shown. */
  private static final int MOST_DESCENDANTS = 100;

  /** Most records of a credential's children that are read. */
  private static final int MOST_CHILDREN = 10_000;

  private static final int SHOWN = 8;

  private final CredentialSearch search;
  private final Instant now;

  CredentialReport(CredentialSearch search, Instant now) {
    this.search = search;
    this.now = now;
  }

  // --- one line each

  static void line(Terminal terminal, CredentialView one) {
    String kind = one.isStatic() ? "static" : "temporary";
    terminal.line(
        "%s  %s  %s  %s; %d %s from %d %s; %s%s"
            .formatted(
                terminal.styled(Style.STRONG, Terminal.clean(one.id())),
                terminal.styled(one.isStatic() ? Style.WEAK : Style.FAINT, kind),
                Terminal.clean(one.principal().orElse("principal unknown")),
                used(one),
                one.uses(),
                one.uses() == 1 ? "use" : "uses",
                one.addresses().size(),
                one.addresses().size() == 1 ? "address" : "addresses",
                sessions(one),
                state(terminal, one)));
  }

  private static String used(CredentialView one) {
    return one.firstUse()
        .flatMap(first ->
            one.lastUse()
                .map(last ->
                    Words.time(first.occurredAt()) + " to " + Words.time(last.occurredAt())))
        .orElse("no use recorded");
  }

  private static String sessions(CredentialView one) {
    List<String> sessions = one.sessions().keySet().stream().sorted().toList();
    String first =
        sessions.isEmpty() ? "no session" : "session " + Words.shortId(sessions.getFirst());
    return sessions.size() < 2 ? first : first + " and " + (sessions.size() - 1) + " more";
  }

  private static String state(Terminal terminal, CredentialView one) {
    Style style =
        switch (one.state()) {
          case OUTLIVED_SESSION -> Style.BAD;
          case IN_FORCE -> Style.GOOD;
          case UNKNOWN -> Style.WEAK;
          case EXPIRED, REVOKED -> Style.FAINT;
        };
    Instant end = one.expiresAt();
    String until = end == null ? "" : ", until " + Words.time(end);
    return "; " + terminal.styled(style, one.state().words()) + until;
  }

  // --- one in full

  void print(Terminal terminal, CredentialView one) {
    line(terminal, one);
    issue(terminal, one);
    field(terminal, "used as", values(one.principals()));
    field(terminal, "from", values(one.addresses()));
    field(
        terminal, "exercised", values(search.values(one.id(), Facet.ACTION, CredentialView.MOST)));
    Map<String, Long> resources = search.values(one.id(), Facet.RESOURCE, CredentialView.MOST);
    field(terminal, "on", values(resources));
    field(terminal, "accounts", String.join(", ", accounts(one, resources)));
    field(terminal, "sessions", values(one.sessions()));
    field(
        terminal, "concerns", values(search.values(one.id(), Facet.CONCERN, CredentialView.MOST)));
    tree(terminal, one);
  }

  private void issue(Terminal terminal, CredentialView one) {
    Optional<Attribution> issue = one.issue();
    if (issue.isEmpty()) {
      field(
          terminal,
          "issued",
          one.isStatic() ? "no record; a long-term key" : "no record of who issued it");
      return;
    }
    Attribution event = issue.get();
    IssuedCredential issued = issued(event);
    field(
        terminal,
        "issued",
        "by %s at %s to %s"
            .formatted(
                Terminal.clean(issued.issuer()),
                Words.time(event.occurredAt()),
                Words.who(event.best())));
    field(terminal, "delegation", delegation(event));
    field(
        terminal,
        "authority",
        issued.authority() == null ? "" : Terminal.clean(issued.authority()));
    field(terminal, "granted", Terminal.clean(String.join("; ", event.delegation().scope())));
    field(terminal, "evidence", event.event().toString());
  }

  private static IssuedCredential issued(Attribution event) {
    IssuedCredential issued = event.issued();
    if (issued == null) {
      throw new IllegalStateException("found by what it issues, and issues nothing");
    }
    return issued;
  }

  private static String delegation(Attribution event) {
    String id =
        event.delegation().id() == null ? event.best().delegation() : event.delegation().id();
    return id == null ? "" : Terminal.clean(id);
  }

  private static void field(Terminal terminal, String name, String value) {
    if (!value.isEmpty()) {
      terminal.line("  %-11s  %s".formatted(name, value));
    }
  }

  private static String values(Map<String, Long> values) {
    String shown =
        new TreeMap<>(values)
            .entrySet().stream()
                .limit(SHOWN)
                .map(e ->
                    Terminal.clean(e.getKey(), 120) + (e.getValue() > 1 ? " x" + e.getValue() : ""))
                .collect(Collectors.joining(", "));
    return values.size() <= SHOWN ? shown : shown + " and " + (values.size() - SHOWN) + " more";
  }

  /** The accounts that it was used in, and those that its resources and its role name. */
  private Set<String> accounts(CredentialView one, Map<String, Long> resources) {
    Set<String> accounts =
        new TreeSet<>(search.values(one.id(), Facet.ACCOUNT, CredentialView.MOST).keySet());
    List<String> arns = new ArrayList<>(resources.keySet());
    one.issue().map(Attribution::issued).map(IssuedCredential::authority).ifPresent(arns::add);
    for (String arn : arns) {
      String[] parts = arn.split(":", 6);
      if (parts.length == 6 && parts[4].matches("\\d{12}")) {
        accounts.add(parts[4]);
      }
    }
    return accounts;
  }

  // --- lineage

  private void tree(Terminal terminal, CredentialView one) {
    List<String> above = ancestors(one.id());
    List<Attribution> below = children(one.id());
    if (above.isEmpty() && below.isEmpty()) {
      return;
    }
    terminal.line("  lineage");
    String indent = "    ";
    for (String ancestor : above) {
      terminal.line(indent + Terminal.clean(ancestor));
      indent = indent + "   ";
    }
    terminal.line(indent + terminal.styled(Style.STRONG, Terminal.clean(one.id())));
    Set<String> shown = new HashSet<>(above);
    shown.add(one.id());
    int room = shown.size() + MOST_DESCENDANTS;
    long more = descend(terminal, indent + "   ", below, shown, room);
    if (more > 0) {
      terminal.line(indent + "   and " + more + " more, and what descends from them");
    }
  }

  /** How many there was no room for, of those that were looked at. */
  private long descend(
      Terminal terminal, String indent, List<Attribution> children, Set<String> shown, int room) {
    long more = 0;
    for (Attribution child : children) {
      IssuedCredential issued = issued(child);
      String id = issued.credential().value();
      if (shown.contains(id)) {
        continue;
      }
      if (shown.size() >= room) {
        more++;
        continue;
      }
      shown.add(id);
      Instant end = issued.expiresAt();
      terminal.line(
          "%s└─ %s  %s%s"
              .formatted(
                  indent.substring(3),
                  Terminal.clean(id),
                  issued.authority() == null ? "" : Terminal.clean(issued.authority()),
                  end == null
                      ? ""
                      : (now.isBefore(end) ? ", until " : ", ended ") + Words.time(end)));
      more += descend(terminal, indent + "   ", children(id), shown, room);
    }
    return more;
  }

  private List<Attribution> children(String id) {
    return search.oldest(Part.PARENT, id, new Condition.Anything(), MOST_CHILDREN);
  }

  /** From the first to the direct parent. */
  private List<String> ancestors(String id) {
    List<String> above = new ArrayList<>();
    String at = parent(id);
    while (at != null && !above.contains(at) && !at.equals(id) && above.size() < SHOWN) {
      above.addFirst(at);
      at = parent(at);
    }
    return above;
  }

  private @Nullable String parent(String id) {
    return search
        .first(Part.ISSUED, id)
        .map(Attribution::issued)
        .map(IssuedCredential::parent)
        .map(p -> p.value())
        .orElse(null);
  }

  // --- for programs

  static void json(JsonLines lines, CredentialView one) {
    lines.line(json -> fields(json, one));
  }

  void full(JsonLines lines, CredentialView one) {
    lines.line(json -> {
      fields(json, one);
      counts(json, "actions", search.values(one.id(), Facet.ACTION, CredentialView.MOST));
      Map<String, Long> resources = search.values(one.id(), Facet.RESOURCE, CredentialView.MOST);
      counts(json, "resources", resources);
      strings(json, "accounts", accounts(one, resources));
      counts(json, "concerns", search.values(one.id(), Facet.CONCERN, CredentialView.MOST));
      strings(json, "ancestors", ancestors(one.id()));
      strings(
          json,
          "children",
          children(one.id()).stream().map(c -> issued(c).credential().value()).distinct().toList());
      strings(json, "granted", one.issue().map(e -> e.delegation().scope()).orElse(List.of()));
    });
  }

  private static void fields(JsonGenerator json, CredentialView one) throws IOException {
    Optional<IssuedCredential> issued = one.issue().map(Attribution::issued);
    json.writeStringField("kind", "Credential");
    json.writeStringField("credential", one.id());
    json.writeBooleanField("static", one.isStatic());
    json.writeStringField("principal", one.principal().orElse(null));
    json.writeStringField("issuer", issued.map(IssuedCredential::issuer).orElse(null));
    json.writeStringField("authority", issued.map(IssuedCredential::authority).orElse(null));
    json.writeStringField(
        "parent", issued.map(IssuedCredential::parent).map(p -> p.value()).orElse(null));
    json.writeStringField("issuedAt", text(one.issue().map(Attribution::occurredAt).orElse(null)));
    json.writeStringField("issuedTo", one.issue().map(e -> e.best().session()).orElse(null));
    json.writeStringField("issuedIn", one.issue().map(e -> e.event().toString()).orElse(null));
    json.writeStringField(
        "delegation",
        one.issue()
            .map(e -> e.delegation().id() == null ? e.best().delegation() : e.delegation().id())
            .orElse(null));
    json.writeStringField("expiresAt", text(one.expiresAt()));
    json.writeStringField("state", one.state().name());
    json.writeStringField(
        "firstUse", text(one.firstUse().map(Attribution::occurredAt).orElse(null)));
    json.writeStringField("lastUse", text(one.lastUse().map(Attribution::occurredAt).orElse(null)));
    json.writeNumberField("uses", one.uses());
    counts(json, "sessions", one.sessions());
    counts(json, "addresses", one.addresses());
  }

  private static void counts(JsonGenerator json, String name, Map<String, Long> values)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> value : new TreeMap<>(values).entrySet()) {
      json.writeNumberField(value.getKey(), value.getValue());
    }
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String name, Iterable<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
