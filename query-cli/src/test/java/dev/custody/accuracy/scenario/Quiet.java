package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.world.Dice;
import java.util.List;

/**
 * A program whose command says nothing of what it calls.
 *
 * @param command how it is run
 * @param client what it calls the cloud by
 */
record Quiet(String command, Client client) {
  private static final List<String> TESTS =
      List.of("npm test", "python -m pytest -q", "make test", "./gradlew test");
  private static final List<Quiet> SCRIPTS =
      List.of(
          new Quiet("node scripts/admin.js", Client.JS_SDK),
          new Quiet("python tools/admin.py", Client.BOTO3),
          new Quiet("./scripts/admin.sh", Client.BOTO3),
          new Quiet("make admin", Client.JS_SDK));

  /** A command that runs tests, and calls nothing. */
  static String test(Dice dice) {
    return dice.pick(TESTS);
  }

  /** A script. */
  static Quiet script(Dice dice) {
    return dice.pick(SCRIPTS);
  }
}
