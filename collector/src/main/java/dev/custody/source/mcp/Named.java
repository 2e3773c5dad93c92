package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Identifier;
import dev.custody.source.Identifiers;
import dev.custody.source.Resources;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what redacted values name: resources and identifiers, in order of appearance. */
final class Named {
  private static final int MOST = 256;
  private static final int LONGEST_PATH = 4096;
  private static final List<String> PATH_FIELDS = List.of("file_path", "path", "notebook_path");

  private final @Nullable String cwd;
  private final Set<String> resources = new LinkedHashSet<>();
  private final Set<Identifier> identifiers = new LinkedHashSet<>();

  /** Relative paths are of {@code cwd}. */
  Named(@Nullable String cwd) {
    this.cwd = cwd;
  }

  List<String> resources() {
    return List.copyOf(resources);
  }

  List<Identifier> identifiers() {
    return List.copyOf(identifiers);
  }

  /** What the arguments of a call point to, and what their texts name. */
  Named arguments(JsonNode arguments) {
    for (String field : PATH_FIELDS) {
      String path = Rpc.text(arguments, field, LONGEST_PATH);
      if (path != null) {
        resources.add(absolute(path));
      }
    }
    return texts(arguments);
  }

  /** An address that the protocol itself gives as one. */
  Named uri(JsonNode params) {
    String uri = Rpc.text(params, "uri", LONGEST_PATH);
    if (uri != null) {
      resources.add(uri);
    }
    return this;
  }

  /** Every text in {@code value}. */
  Named texts(JsonNode value) {
    String text = value.textValue();
    if (text != null) {
      Resources.in(text).stream()
          .limit(Math.max(0, MOST - resources.size()))
          .forEach(resources::add);
      Identifiers.in(text).stream()
          .limit(Math.max(0, MOST - identifiers.size()))
          .forEach(identifiers::add);
    }
    for (JsonNode child : value) {
      texts(child);
    }
    return this;
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
