package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.source.Identifiers;
import dev.custody.source.Resources;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects what redacted values name: resources and identifiers, in order of appearance. */
final class Mentions {
  private static final int MOST = 256;
  private static final int LONGEST_PATH = 4096;
  private static final List<String> PATH_FIELDS = List.of("file_path", "path", "notebook_path");
  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{4,64}");

  private final @Nullable String cwd;
  private final Set<String> resources = new LinkedHashSet<>();
  private final Set<Identifier> identifiers = new LinkedHashSet<>();

  /** Relative paths are of {@code cwd}. */
  Mentions(@Nullable String cwd) {
    this.cwd = cwd;
  }

  List<String> resources() {
    return List.copyOf(resources);
  }

  List<Identifier> identifiers() {
    return List.copyOf(identifiers);
  }

  /** The files that an object's own fields point to. */
  Mentions pathsOf(JsonNode fields) {
    for (String field : PATH_FIELDS) {
      String path = Hook.text(fields, field, LONGEST_PATH);
      if (path != null) {
        resources.add(absolute(path));
      }
    }
    return this;
  }

  /** Every text in {@code value}. */
  Mentions textsOf(JsonNode value) {
    String text = value.textValue();
    if (text != null) {
      text(text);
    }
    for (JsonNode child : value) {
      textsOf(child);
    }
    return this;
  }

  /** The commit that the tool says it made. */
  Mentions commitOf(JsonNode response) {
    String sha = Hook.text(response.path("gitOperation").path("commit"), "sha", 64);
    if (sha != null && OBJECT_ID.matcher(sha).matches()) {
      identifiers.add(new Identifier(IdentifierKind.GIT_COMMIT, sha));
    }
    return this;
  }

  private void text(String text) {
    for (String resource : Resources.in(text)) {
      if (resources.size() < MOST) {
        resources.add(resource);
      }
    }
    Identifiers.in(text).stream().limit(MOST - identifiers.size()).forEach(identifiers::add);
  }

  private String absolute(String path) {
    if (cwd == null) {
      return path;
    }
    try {
      return Path.of(cwd).resolve(path).normalize().toString();
    } catch (InvalidPathException e) {
      return path;
    }
  }
}
