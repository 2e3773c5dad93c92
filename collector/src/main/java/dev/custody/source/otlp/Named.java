package dev.custody.source.otlp;

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

/** What a redacted record names: resources and identifiers, in order of appearance. */
final class Named {
  private static final int MOST = 256;
  private static final int LONGEST_PATH = 4_096;
  private static final List<String> PATH_FIELDS =
      List.of("file_path", "path", "notebook_path", "filePath", "dir_path", "absolute_path");
  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{4,64}");

  private final @Nullable String cwd;
  private final Set<String> resources = new LinkedHashSet<>();
  private final Set<Identifier> identifiers = new LinkedHashSet<>();

  private Named(@Nullable String cwd) {
    this.cwd = cwd;
  }

  /** What {@code record} names, at work in {@code cwd}. */
  static Named in(Telemetry record, Told told, @Nullable String cwd) {
    Named named = new Named(cwd);
    if (told.commit() != null && OBJECT_ID.matcher(told.commit()).matches()) {
      named.identifiers.add(new Identifier(IdentifierKind.GIT_COMMIT, told.commit()));
    }
    if (!told.repeats()) {
      named.paths(told.input());
      named.texts(record.attributes());
      named.texts(record.body());
      named.texts(record.fields().path("events"));
    }
    return named;
  }

  List<String> resources() {
    return List.copyOf(resources);
  }

  List<Identifier> identifiers() {
    return List.copyOf(identifiers);
  }

  private void paths(JsonNode input) {
    for (String field : PATH_FIELDS) {
      String path = Telemetry.text(input, field, LONGEST_PATH);
      if (path != null) {
        resources.add(absolute(path));
      }
    }
  }

  private void texts(JsonNode value) {
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
