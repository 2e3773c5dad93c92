package dev.custody.source.git;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.Observer;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.redact.Redacted;
import dev.custody.redact.Redactor;
import dev.custody.sighting.Sighting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;

/** Turns notes into events. A note is hearsay: whoever can write to the repository can write it. */
final class NoteEvents {
  /** A longer note is recorded without its text: half a secret would not be recognised. */
  static final int LONGEST = 1 << 20;

  private final Observer observer;
  private final Redactor redactor;

  NoteEvents(Observer observer, Redactor redactor) {
    this.observer = observer;
    this.redactor = redactor;
  }

  /** The events of one changed note. */
  List<Event> changed(Path root, long generation, RevWalk walk, Notes.Change change)
      throws IOException {
    ObjectId note = change.note();
    ObjectNode seen = JsonNodeFactory.instance.objectNode();
    seen.put("repository", root.toString());
    seen.put("notes", change.reference());
    seen.put("commit", change.commit().name());
    seen.put("note", note == null ? null : note.name());
    if (note != null) {
      seen.put("text", Notes.text(walk.getObjectReader(), note, LONGEST));
    }
    Redacted<JsonNode> redacted = redactor.json(seen);
    JsonNode fields = redacted.value();
    String repository = fields.path("repository").asText();
    String notes = fields.path("notes").asText();
    String id =
        "%s#%s#%d@%s#%s"
            .formatted(repository, notes, generation, change.tip().name(), change.commit().name());
    Sighting sighting =
        new Sighting(observer, new Source(GitEvents.KIND, "notes", id, null), redacted)
            .project(repository);
    written(walk, change.tip(), sighting);
    return sighting.finish(
        sighting
            .event(
                new Body.CommitAnnotated(
                    repository, change.commit().name(), notes, note == null ? null : note.name()))
            .action("git:notes")
            .outcome(Outcome.SUCCESS, null)
            .identifiers(identifiers(change, repository, fields.path("text").asText(""))));
  }

  /**
   * The events of one record of Agent Trace in the work tree {@code root}: on the commit that it
   * names, which is the one that was checked out when its lines were written.
   */
  List<Event> traced(Path root, ObjectNode trace) {
    ObjectNode seen = JsonNodeFactory.instance.objectNode();
    seen.put("repository", root.toString());
    seen.put("notes", AgentTraces.FILE);
    seen.set("record", trace);
    Redacted<JsonNode> redacted = redactor.json(seen);
    JsonNode record = redacted.value().path("record");
    String repository = redacted.value().path("repository").asText();
    String name = record.path("id").asText();
    String revision = record.path("vcs").path("revision").asText();
    boolean onCommit =
        record.path("vcs").path("type").asText().equals("git")
            && revision.matches("[0-9a-f]{40}|[0-9a-f]{64}");
    String id = "%s#%s#%s".formatted(repository, AgentTraces.FILE, name);
    Sighting sighting =
        new Sighting(observer, new Source(GitEvents.KIND, "agent-trace", id, null), redacted)
            .project(repository);
    try {
      sighting.occurredAt(OffsetDateTime.parse(record.path("timestamp").asText()).toInstant());
    } catch (DateTimeParseException e) {
      // Then its time is when it was seen.
    }
    List<Identifier> identifiers = new ArrayList<>();
    if (onCommit) {
      identifiers.add(new Identifier(IdentifierKind.GIT_COMMIT, revision));
    }
    identifiers.add(Repositories.identifier(observer.host(), repository));
    return sighting.finish(
        sighting
            .event(
                onCommit
                    ? new Body.CommitAnnotated(repository, revision, AgentTraces.FILE, name)
                    : new Body.Observed("agent-trace"))
            .action("git:agent-trace")
            .outcome(Outcome.SUCCESS, null)
            .identifiers(identifiers));
  }

  private List<Identifier> identifiers(Notes.Change change, String repository, String text) {
    List<Identifier> identifiers = new ArrayList<>();
    identifiers.add(new Identifier(IdentifierKind.GIT_COMMIT, change.commit().name()));
    identifiers.add(Repositories.identifier(observer.host(), repository));
    identifiers.addAll(GitAiNote.sessions(text));
    return identifiers;
  }

  private static void written(RevWalk walk, ObjectId tip, Sighting sighting) throws IOException {
    try {
      sighting.occurredAt(GitEvents.committedAt(walk.parseCommit(tip)));
    } catch (MissingObjectException | IncorrectObjectTypeException e) {
      return; // Then its time is when it was seen.
    }
  }
}
