package dev.custody.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The repository's docker-compose.yml, as a tree. */
final class ComposeFile {
  static final Path FILE = Path.of("..", "docker-compose.yml").toAbsolutePath().normalize();

  private static final List<String> ROLES = List.of("collector", "processor", "index");

  private final Map<?, ?> services;

  private ComposeFile(Map<?, ?> services) {
    this.services = services;
  }

  static ComposeFile read() throws IOException {
    // The core schema leaves YAML 1.1's merge key, which Compose knows, to service().
    LoadSettings settings =
        LoadSettings.builder().setSchema(new CoreSchema()).setAllowDuplicateKeys(false).build();
    Map<?, ?> root = map(new Load(settings).loadFromString(Files.readString(FILE)));
    return new ComposeFile(map(root.get("services")));
  }

  static List<String> roles() {
    return ROLES;
  }

  List<String> services() {
    return services.keySet().stream().map(String::valueOf).toList();
  }

  /** A service, its own keys before those that it merges in. */
  Map<String, Object> service(String name) {
    Map<String, Object> merged = new TreeMap<>();
    Map<?, ?> own = map(services.get(name));
    if (own.get("<<") instanceof Map<?, ?> common) {
      common.forEach((key, value) -> merged.put(String.valueOf(key), value));
    }
    own.forEach((key, value) -> merged.put(String.valueOf(key), value));
    return merged;
  }

  /** What stands under {@code key}, as the words that a process gets. */
  List<String> words(String service, String key) {
    return words(service(service).getOrDefault(key, List.of()));
  }

  List<String> healthCheck(String service) {
    Map<?, ?> check = map(service(service).getOrDefault("healthcheck", Map.of()));
    Map<?, ?> common = check.get("<<") instanceof Map<?, ?> merged ? merged : Map.of();
    Object test = check.containsKey("test") ? check.get("test") : common.get("test");
    List<String> words = words(test == null ? List.of() : test);
    return switch (words.isEmpty() ? "" : words.getFirst()) {
      case "CMD" -> words.subList(1, words.size());
      case "CMD-SHELL" -> List.of("/bin/sh", "-c", words.get(1));
      default -> List.of();
    };
  }

  Map<String, String> environment(String service) {
    Map<String, String> environment = new TreeMap<>();
    map(service(service).getOrDefault("environment", Map.of()))
        .forEach((key, value) -> environment.put(String.valueOf(key), String.valueOf(value)));
    return environment;
  }

  /** The calls of {@code topic} in the script of the service that makes the topics. */
  List<List<String>> topicCalls() {
    return words("topics", "command")
        .getFirst()
        .lines()
        .filter(line -> line.startsWith("topic "))
        .map(line -> List.of(line.split(" ")))
        .toList();
  }

  private static List<String> words(Object list) {
    List<String> words = new ArrayList<>();
    for (Object word : (List<?>) list) {
      words.add(String.valueOf(word).replace("$$", "$"));
    }
    return words;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalStateException(FILE + ": expected a mapping, found " + value);
  }
}
