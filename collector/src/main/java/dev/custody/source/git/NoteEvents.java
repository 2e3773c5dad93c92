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
