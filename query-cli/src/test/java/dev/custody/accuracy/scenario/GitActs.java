package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Repository;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Developer;
import dev.custody.accuracy.world.Link;
import dev.custody.accuracy.world.Truth;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Changes of repositories, entered as truth when they are made: no earlier are their ids known. */
final class GitActs {
  private GitActs() {}

  /** Commits at {@code at}, and puts the commit's id where it is wanted. */
  static void commit(
      Script script,
      Developer developer,
      Repository repository,
      Instant at,
      String message,
      Actor actor,
      Link link,
      String scenario,
      AtomicReference<String> id) {
    Link known = developer.machine().hooks() ? link : Link.NONE;
    script.change(
        at,
        developer.machine(),
        () -> {
          String made =
              repository.commit(
                  developer.email(), at.plus(developer.machine().skew()), script.withTags(message));
          id.set(made);
          script.truth().add(truth(repository, made, at, actor, known, scenario, message));
        });
  }

  /** Fetches what a colleague has committed; it stays theirs. */
  static void pull(
      Script script,
      Developer developer,
      Repository repository,
      Instant at,
      Repository colleagues,
      String branch,
      String scenario) {
    script.change(
        at,
        developer.machine(),
        () -> {
          for (String id : repository.pull(colleagues, branch)) {
            Truth original = script.truth().commit(id).orElse(null);
            Actor actor = original == null ? new Actor.Other("history") : original.actor();
            Link link =
                developer.machine().hooks()
                        && original != null
                        && original.link() == Link.COMMIT_REPORTED
                    ? Link.COMMIT_REPORTED
                    : Link.NONE;
            script.truth().add(truth(repository, id, at, actor, link, scenario, "pulled " + id));
          }
        });
  }

  private static Truth truth(
      Repository repository,
      String id,
      Instant at,
      Actor actor,
      Link link,
      String scenario,
      String words) {
    return new Truth(
        Truth.Kind.COMMIT,
        repository.directory() + "#" + id,
        at,
        actor,
        link,
        scenario,
        words.lines().findFirst().orElse(""),
        null);
  }
}
