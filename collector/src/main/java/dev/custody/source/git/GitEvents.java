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
import dev.custody.tag.SessionTag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.FooterLine;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * Turns commits into events, as its two neighbours do with moves and notes. All that a commit says
 * goes through redaction first; trailers and typed fields are read from what is left.
 */
final class GitEvents {
  static final String KIND = "git";
  private static final int LONGEST_NAME = 512;
  private static final int MOST_IDENTIFIERS = 16;
  private static final String PARENT = "parent ";
  private static final String RECORD = "/record/";
  private static final String MESSAGE = RECORD + "message";
  private static final String SECRETS = RECORD + "secrets/";
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final Observer observer;
  private final Redactor redactor;
  private final MoveEvents moves;
  private final NoteEvents notes;

  GitEvents(Observer observer) {
    this.observer = observer;
    // Guessable secrets are comparable as long as this collector runs.
    this.redactor = SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral());
    this.moves = new MoveEvents(observer, redactor);
    this.notes = new NoteEvents(observer, redactor);
  }

  MoveEvents moves() {
    return moves;
  }

  NoteEvents notes() {
    return notes;
  }

  /** The events of {@code arrival}, a commit of the repository at {@code root}. */
  List<Event> commit(Path root, RevWalk walk, News.Arrival arrival, CommitSignatures signatures)
      throws IOException {
    RevCommit commit = walk.parseCommit(arrival.commit());
    walk.parseBody(commit);
    ChangedPaths paths = ChangedPaths.of(walk, commit, observer.fingerprints());
    CommitSignatures.Verdict signature = signatures.of(commit, committedAt(commit));
    // Only the lines around a line may tell that it is a secret: first redacted, then taken apart.
    Redacted<String> message = redactor.text(commit.getFullMessage(), MESSAGE);
    Redacted<JsonNode> all =
        redactor.json(seen(root, commit, message.value(), arrival, paths, signature));
    List<Finding> findings = new ArrayList<>(message.findings());
    findings.addAll(all.findings());
    findings.addAll(inFiles(paths.files()));
    Redacted<JsonNode> seen = new Redacted<>(all.value(), findings);
    JsonNode fields = seen.value();
    String repository = text(fields, "repository");
    Source source = new Source(KIND, "commit", repository + "#" + commit.name(), null);
    Sighting sighting =
        new Sighting(observer, source, record(seen))
            .occurredAt(committedAt(commit))
            .project(repository);
    return sighting.finish(
        sighting
            .event(body(commit, fields, paths.omitted(), signature))
            .action("git:commit")
            .outcome(Outcome.SUCCESS, null)
            .resources(Sighting.bounded(texts(fields.path("resources"))))
            .identifiers(identifiers(commit, fields, repository))
            .identifiers(paths.files().contents()));
  }

  private List<Identifier> identifiers(RevCommit commit, JsonNode fields, String repository) {
    List<Identifier> identifiers = new ArrayList<>();
    identifiers.add(new Identifier(IdentifierKind.GIT_COMMIT, commit.name()));
    identifiers.add(Repositories.identifier(observer.host(), repository));
    for (JsonNode trailer : fields.path("record").path("trailers")) {
      SessionTag tag =
          text(trailer, "key").equalsIgnoreCase(SessionTag.TRAILER)
              ? SessionTag.of(text(trailer, "value").strip())
              : null;
      if (tag != null) {
        identifiers.add(tag.identifier());
      }
    }
    return identifiers.stream().distinct().limit(MOST_IDENTIFIERS).toList();
  }

  private List<Finding> inFiles(CommittedFiles.Report files) {
    List<Finding> findings = new ArrayList<>();
    for (CommittedFiles.Found found : files.secrets()) {
      String fingerprint = observer.fingerprints().of(found.kind().id(), found.secret());
      findings.add(new Finding(found.kind(), fingerprint, SECRETS + findings.size()));
    }
    return findings;
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

  private static Body body(
      RevCommit commit,
      JsonNode fields,
      int omittedPaths,
      CommitSignatures.@Nullable Verdict signature) {
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
        signature != null,
        signature == null ? null : signature.status());
  }

  /** As the committer's clock said; JGit's own number of seconds is wrong from 2038 on. */
  static Instant committedAt(RevCommit commit) {
    return sane(person(commit, false), Instant.EPOCH);
  }

  /** As the commit says, unless it names a time that no clock shows. */
  private static Instant authoredAt(RevCommit commit) {
    return sane(person(commit, true), committedAt(commit));
  }

  private static Instant sane(@Nullable PersonIdent person, Instant otherwise) {
    Instant at = person == null ? Instant.MIN : person.getWhenAsInstant();
    return at.isAfter(Instant.EPOCH) && at.isBefore(LATEST) ? at : otherwise;
  }

  private static ObjectNode seen(
      Path root,
      RevCommit commit,
      String message,
      News.Arrival arrival,
      ChangedPaths paths,
      CommitSignatures.@Nullable Verdict signature) {
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
    record.put("message", message);
    putPerson(record.putObject("author"), person(commit, true));
    putPerson(record.putObject("committer"), person(commit, false));
    ArrayNode parents = record.putArray("parents");
    parents(commit).forEach(parents::add);
    ArrayNode trailers = record.putArray("trailers");
    for (FooterLine line : FooterLine.fromMessage(message)) {
      trailers.addObject().put("key", line.getKey()).put("value", line.getValue());
    }
    putSecrets(record, paths.files());
    if (signature != null) {
      record
          .putObject("signature")
          .put("status", signature.status())
          .put("fingerprint", signature.key())
          .put("signer", signature.signer());
    }
    return seen;
  }

  /** Where they stand, and what they are; never the lines. */
  private static void putSecrets(ObjectNode record, CommittedFiles.Report files) {
    if (!files.secrets().isEmpty()) {
      ArrayNode places = record.putArray("secrets");
      for (CommittedFiles.Found found : files.secrets()) {
        places
            .addObject()
            .put("file", found.path())
            .put("line", found.line())
            .put("kind", found.kind().id());
      }
    }
    if (files.unread() > 0) {
      record.put("unreadFiles", files.unread());
    }
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
