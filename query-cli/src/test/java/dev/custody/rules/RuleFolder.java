package dev.custody.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What a folder of a rule says by itself. */
final class RuleFolder {
  private static final Pattern ID = Pattern.compile("(?m)^id: ([0-9a-f-]{36})$");

  private RuleFolder() {}

  /** The ids of all its documents: what its sequences are about. */
  static List<String> ids(Path folder) throws IOException {
    List<String> ids =
        ID.matcher(Files.readString(folder.resolve("rule.yml")))
            .results()
            .map(found -> found.group(1))
            .toList();
    if (ids.isEmpty()) {
      throw new IOException("no id in " + folder);
    }
    return ids;
  }
}
