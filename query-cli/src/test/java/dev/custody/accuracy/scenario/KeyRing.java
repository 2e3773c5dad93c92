package dev.custody.accuracy.scenario;

import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The key of each project: an IAM user's, in a file that everybody on the project has. */
final class KeyRing {
  private final Map<String, Credential> byProject = new LinkedHashMap<>();

  KeyRing(List<String> projects, Dice dice) {
    for (String project : projects) {
      byProject.put(project, Credential.ofUser("svc-" + project, dice.accessKey("AKIA")));
    }
  }

  Credential of(String project) {
    Credential found = byProject.get(project);
    if (found == null) {
      throw new IllegalArgumentException("no key of project " + project);
    }
    return found;
  }

  List<Credential> all() {
    return List.copyOf(byProject.values());
  }

  /** The key of some other project. */
  Credential another(Credential than, Dice dice) {
    return dice.pick(byProject.values().stream().filter(k -> !k.equals(than)).toList());
  }
}
