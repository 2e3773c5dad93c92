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
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/** Turns moves of references into events. */
final class MoveEvents {
  private final Observer observer;
  private final Redactor redactor;

  MoveEvents(Observer observer, Redactor redactor) {
    this.observer = observer;
    this.redactor = redactor;
  }

  /** The events of a move after the tips of {@code generation} were recorded. */
  List<Event> moved(Path root, long generation, RevWalk walk, Remotes remotes, Move move)
      throws IOException {
    Remotes.Branch pushed = isPush(move) ? remotes.behind(move.reference()) : null;
    Redacted<JsonNode> redacted = redactor.json(record(root, move, pushed));
    JsonNode fields = redacted.value();
    String repository = fields.path("repository").asText();
    String reference = fields.path("reference").asText();
    String id = id(repository, reference, generation, move);
    Sighting sighting =
        new Sighting(observer, new Source(GitEvents.KIND, "update-ref", id, null), redacted)
            .project(repository);
    if (move.at() != null) {
      sighting.occurredAt(move.at());
    }
    Body body =
        new Body.ReferenceUpdated(
            repository,
            reference,
            name(move.before()),
            name(move.after()),
            move.forced(),
            move.cause());
    return sighting.finish(
        sighting
            .event(body)
            .action(action(move))
            .outcome(Outcome.SUCCESS, null)
            .resources(Sighting.bounded(resources(fields)))
            .identifiers(identifiers(walk, move, repository)));
  }

  private static boolean isPush(Move move) {
    return move.reference().startsWith(Constants.R_REMOTES) && Cause.PUSH.equals(move.cause());
  }

  private static String action(Move move) {
    if (isPush(move)) {
      return "git:push";
    }
    return move.reference().startsWith(Constants.R_TAGS) ? "git:tag" : "git:update-ref";
  }

  private static ObjectNode record(Path root, Move move, Remotes.@Nullable Branch pushed) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    record.put("repository", root.toString());
    record.put("reference", move.reference());
    record.put("before", name(move.before()));
    record.put("after", name(move.after()));
    record.put("forced", move.forced());
    record.put("cause", move.cause());
    if (pushed != null) {
      record.put("remote", pushed.remote());
      record.put("url", pushed.url());
      record.put("branch", pushed.branch());
    }
    return record;
  }

  /** Of a push: where it went, and to which branch. */
  private static List<String> resources(JsonNode fields) {
    List<String> resources = new ArrayList<>();
    for (String field : List.of("url", "branch")) {
      if (fields.path(field).isTextual()) {
        resources.add(fields.path(field).textValue());
      }
    }
    return resources;
  }

  /**
   * The generation, and the place in the reflog where there is one, tell a branch that moves to and
   * fro from one move that is read twice.
   */
  private static String id(String repository, String reference, long generation, Move move) {
    String place = move.line() == Move.UNLOGGED ? "" : "@" + move.line();
    return "%s#%s#%d%s#%s..%s"
        .formatted(
            repository, reference, generation, place, name(move.before()), name(move.after()));
  }

  private List<Identifier> identifiers(RevWalk walk, Move move, String repository)
      throws IOException {
    List<Identifier> identifiers = new ArrayList<>();
    if (move.after() != null) {
      String commit = commit(walk, move.after());
      if (commit != null) {
        identifiers.add(new Identifier(IdentifierKind.GIT_COMMIT, commit));
      }
    }
    identifiers.add(Repositories.identifier(observer.host(), repository));
    return identifiers;
  }

  /** The commit that an annotated tag stands for; null if there is none behind {@code id}. */
  private static @Nullable String commit(RevWalk walk, ObjectId id) throws IOException {
    try {
      return walk.parseCommit(id).name();
    } catch (MissingObjectException e) {
      return id.name(); // It was there when the reference was moved to it.
    } catch (IncorrectObjectTypeException e) {
      return null;
    }
  }

  private static @Nullable String name(@Nullable ObjectId id) {
    return id == null ? null : id.name();
  }
}
