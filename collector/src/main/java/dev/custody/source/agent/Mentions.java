package dev.custody.source.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.source.Identifiers;
import dev.custody.source.Resources;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what redacted values name: resources and identifiers, in order of appearance. */
public final class Mentions {
  private static final int MOST = 256;
  private static final List<String> PATH_FIELDS =
      List.of("file_path", "path", "notebook_path", "filePath", "dir_path", "absolute_path");
  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{4,64}");

  /** What {@code git commit} prints first: {@code [main (root-commit) 1a2b3c4] Subject}. */
  private static final Pattern COMMITTED =
      Pattern.compile("(?m)^\\[[^\\]\\n]{1,250} ([0-9a-f]{7,40})\\] ");

  private static final int LONGEST_OUTPUT = 1 << 20;

  private final @Nullable String cwd;
  private final Set<String> resources = new LinkedHashSet<>();
  private final Set<Identifier> identifiers = new LinkedHashSet<>();

  /** Relative paths are of {@code cwd}. */
  public Mentions(@Nullable String cwd) {
    this.cwd = cwd;
  }

  /** Files, and what texts name of the world. */
  public List<String> resources() {
    return List.copyOf(resources);
  }

  /** What they can be recognised by. */
  public List<Identifier> identifiers() {
    return List.copyOf(identifiers);
  }

  /** The files that an object's own fields point to. */
  public Mentions pathsOf(JsonNode fields) {
    for (String field : PATH_FIELDS) {
      String path = Hook.path(fields, field);
      if (path != null) {
        path(path);
      }
    }
    return this;
  }

  /** A file. */
  public Mentions path(String path) {
    if (resources.size() < MOST) {
      resources.add(absolute(path));
    }
    return this;
  }

  /** What a field of {@code fields} gives as the address of something. */
  public Mentions addressOf(JsonNode fields, String field) {
    String address = Hook.path(fields, field);
    if (address != null && resources.size() < MOST) {
      resources.add(address);
    }
    return this;
  }

  /** Every text in {@code value}. */
  public Mentions textsOf(JsonNode value) {
    String text = value.textValue();
    if (text != null) {
      text(text);
    }
    for (JsonNode child : value) {
      textsOf(child);
    }
    return this;
  }

  /** The commit that a tool says it made; nothing where {@code id} is no object id. */
  public Mentions commit(@Nullable String id) {
    if (id != null && OBJECT_ID.matches(id)) {
      identifiers.add(new Identifier(IdentifierKind.GIT_COMMIT, id));
    }
    return this;
  }

  /** The commits that git says it made, in the output of a shell that was told to commit. */
  public Mentions commitsIn(@Nullable String command, @Nullable String output) {
    if (command == null || output == null || !command.contains("commit")) {
      return this;
    }
    int longest = Math.min(output.length(), LONGEST_OUTPUT);
    Matcher matcher = COMMITTED.matcher(output.substring(0, longest));
    for (int found = 0; found < Identifiers.MOST && matcher.find(); found++) {
      commit(matcher.group(1));
    }
    return this;
  }

  private void text(String text) {
    for (String resource : Resources.in(text)) {
      if (resources.size() < MOST) {
        resources.add(resource);
      }
    }
    Identifiers.in(text).stream()
        .limit(Math.max(0, MOST - identifiers.size()))
        .forEach(identifiers::add);
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
