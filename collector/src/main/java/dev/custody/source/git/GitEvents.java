package dev.custody.source.git;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.Observer;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.redact.Finding;
import dev.custody.redact.Redacted;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SecretPrints;
import dev.custody.sighting.Sighting;
import dev.custody.signing.FingerprintKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.FooterLine;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * Turns commits and moved branches into events. All that a commit says goes through redaction as
 * one record first; the typed fields are read from what is left.
 */
final class GitEvents {
  private static final String KIND = "git";
  private static final int LONGEST_NAME = 512;
  private static final String PARENT = "parent ";
  private static final String RECORD = "/record/";
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final Observer observer;
  private final Redactor redactor;

  GitEvents(Observer observer) {
    this.observer = observer;
    // Guessable secrets are comparable as long as this collector runs.
    this.redactor = SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral());
  }

  /** The events of {@code arrival}, a commit of the repository at {@code root}. */
  List<Event> commit(Path root, RevWalk walk, News.Arrival arrival) throws IOException {
    RevCommit commit = walk.parseCommit(arrival.commit());
    walk.parseBody(commit);
    ChangedPaths paths = ChangedPaths.of(walk, commit);
    Redacted<JsonNode> seen = redactor.json(seen(root, commit, arrival, paths));
    JsonNode fields = seen.value();
    String repository = text(fields, "repository");
    Source source = new Source(KIND, "commit", repository + "#" + commit.name(), null);
    Sighting sighting =
        new Sighting(observer, source, record(seen))
            .occurredAt(committedAt(commit))
            .project(repository);
    return sighting.finish(
        sighting
            .event(body(commit, fields, paths.omitted()))
            .action("git:commit")
            .outcome(Outcome.SUCCESS, null)
            .resources(Sighting.bounded(texts(fields.path("resources"))))
            .identifiers(List.of(new Identifier(IdentifierKind.GIT_COMMIT, commit.name()))));
  }

  /** What is kept as content, and what was found in it or in the names beside it. */
  private static Redacted<JsonNode> record(Redacted<JsonNode> seen) {
    List<Finding> findings = new ArrayList<>();
    for (Finding finding : seen.findings()) {
      String at = finding.location();
      if (at.startsWith(RECORD)) {
        String inside = at.substring(RECORD.length() - 1);
        findings.add(new Finding(finding.kind(), finding.fingerprint(), inside));
      } else if (!at.startsWith("/resources/")) { // The same as in the paths.
        findings.add(finding);
      }
    }
    return new Redacted<>(seen.value().path("record"), findings);
  }

  private static Body body(RevCommit commit, JsonNode fields, int omittedPaths) {
    JsonNode record = fields.path("record");
    return new Body.CommitCreated(
        text(fields, "repository"),
        commit.name(),
        parents(commit),
        text(record.path("author"), "name"),
        text(record.path("author"), "email"),
        text(record.path("committer"), "email"),
        authoredAt(commit),
        committedAt(commit),
        text(fields, "reference"),
        texts(fields.path("paths")),
        omittedPaths,
        commit.getRawGpgSignature() != null);
  }

  private static Instant committedAt(RevCommit commit) {
    return Instant.ofEpochSecond(commit.getCommitTime());
  }

  /** As the commit says, unless it names a time that no clock shows. */
  private static Instant authoredAt(RevCommit commit) {
    PersonIdent author = person(commit, true);
    Instant at = author == null ? Instant.MIN : author.getWhenAsInstant();
    boolean sane = at.isAfter(Instant.EPOCH) && at.isBefore(LATEST);
    return sane ? at : committedAt(commit);
  }

  /** The events of a branch that moved after the tips of {@code generation} were recorded. */
  List<Event> move(Path root, long generation, News.Move move) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    record.put("repository", root.toString());
    record.put("reference", move.reference());
    record.put("before", name(move.before()));
    record.put("after", name(move.after()));
    record.put("forced", move.forced());
    Redacted<JsonNode> redacted = redactor.json(record);
    String repository = text(redacted.value(), "repository");
    String reference = text(redacted.value(), "reference");
    // The generation tells a branch that moves to and fro from one move that is read twice.
    String id =
        "%s#%s#%d#%s..%s"
            .formatted(repository, reference, generation, name(move.before()), name(move.after()));
    Sighting sighting =
        new Sighting(observer, new Source(KIND, "update-ref", id, null), redacted)
            .project(repository);
    Body body =
        new Body.ReferenceUpdated(
            repository, reference, name(move.before()), name(move.after()), move.forced());
    String after = name(move.after());
    return sighting.finish(
        sighting
            .event(body)
            .action("git:update-ref")
            .outcome(Outcome.SUCCESS, null)
            .identifiers(
                after == null
                    ? List.of()
                    : List.of(new Identifier(IdentifierKind.GIT_COMMIT, after))));
  }

  private static ObjectNode seen(
      Path root, RevCommit commit, News.Arrival arrival, ChangedPaths paths) {
    ObjectNode seen = JsonNodeFactory.instance.objectNode();
    seen.put("repository", root.toString());
    seen.put("reference", arrival.reference());
    ArrayNode names = seen.putArray("paths");
    ArrayNode resources = seen.putArray("resources");
    for (String path : paths.names()) {
      names.add(path);
      resources.add(root + "/" + path);
    }
    ObjectNode record = seen.putObject("record");
    record.put("message", commit.getFullMessage());
    putPerson(record.putObject("author"), person(commit, true));
    putPerson(record.putObject("committer"), person(commit, false));
    ArrayNode parents = record.putArray("parents");
    parents(commit).forEach(parents::add);
    ArrayNode trailers = record.putArray("trailers");
    for (FooterLine line : commit.getFooterLines()) {
      trailers.addObject().put("key", line.getKey()).put("value", line.getValue());
    }
    return seen;
  }

  private static void putPerson(ObjectNode node, @Nullable PersonIdent person) {
    node.put("name", person == null ? "" : bounded(person.getName()));
    node.put("email", person == null ? "" : bounded(person.getEmailAddress()));
    if (person != null) {
      node.put("at", person.getWhenAsInstant().toString());
    }
  }

  /** Null where the header can't be read: anybody can write an object. */
  private static @Nullable PersonIdent person(RevCommit commit, boolean author) {
    try {
      return author ? commit.getAuthorIdent() : commit.getCommitterIdent();
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** As the commit itself says; JGit leaves out those that a shallow clone lacks. */
  private static List<String> parents(RevCommit commit) {
    String header = new String(commit.getRawBuffer(), StandardCharsets.ISO_8859_1);
    List<String> parents = new ArrayList<>();
    for (String line : header.substring(0, headerEnd(header)).split("\n")) {
      if (line.startsWith(PARENT)) {
        parents.add(line.substring(PARENT.length()).strip());
      }
    }
    return parents;
  }

  private static int headerEnd(String raw) {
    int end = raw.indexOf("\n\n");
    return end < 0 ? raw.length() : end;
  }

  private static @Nullable String name(@Nullable ObjectId id) {
    return id == null ? null : id.name();
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME);
  }
}
