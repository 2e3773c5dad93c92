package dev.custody.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.custody.capture.BadInputException;
import dev.custody.sighting.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code broker.json} says ({@code docs/credentials.md}).
 *
 * @param region region of STS
 * @param roles which role for which project, in order; the first that fits is taken
 * @param stsEndpoint where STS is; null for AWS's own
 * @param most longest life of a credential
 */
public record BrokerConfig(
    String region, List<Role> roles, @Nullable URI stsEndpoint, Duration most) {
  /** Name of the file in the collector's directory. */
  public static final String FILE = "broker.json";

  /** Shortest life that AWS gives a credential. */
  static final Duration SHORTEST = Duration.ofMinutes(15);

  private static final Duration LONGEST = Duration.ofHours(12);
  private static final Duration USUAL = Duration.ofHours(1);
  private static final int LARGEST_FILE = 64 << 10;
  private static final Set<String> MEMBERS =
      Set.of("region", "roleArn", "roles", "stsEndpoint", "maxMinutes");
  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}");
  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]{1,2}");

  /** Copies. */
  public BrokerConfig {
    roles = List.copyOf(roles);
  }

  /**
   * A role that projects may have.
   *
   * @param projects names of projects, with the wildcards {@code *} and {@code ?}
   * @param arn the role
   */
  public record Role(String projects, String arn) {
    boolean isFor(String project) {
      StringBuilder pattern = new StringBuilder();
      for (int i = 0; i < projects.length(); i++) {
        char c = projects.charAt(i);
        pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
      // Linear in the text, whatever the pattern is.
      return Pattern.compile(pattern.toString(), Pattern.DOTALL).matches(project);
    }
  }

  /**
   * What the file in {@code directory} says; nothing when there is none.
   *
   * @throws BadInputException when it is not of the form that {@code docs/credentials.md} gives
   */
  public static Optional<BrokerConfig> read(Path directory) throws BadInputException {
    Path file = directory.resolve(FILE);
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new BadInputException("expected at most " + LARGEST_FILE + " bytes, found more");
      }
      return Optional.of(parse(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new BadInputException("%s cannot be read: %s".formatted(file, e));
    } catch (BadInputException e) {
      throw new BadInputException(
          "%s: %s; try: docs/credentials.md".formatted(file, e.getMessage()));
    }
  }

  static BrokerConfig parse(byte[] json) throws BadInputException {
    JsonNode file = StrictJson.object(json);
    refuseUnknown(file, MEMBERS, "");
    String region = text(file, "region");
    if (!REGION.matches(region)) {
      throw new BadInputException("region: expected one such as eu-north-1, found " + region);
    }
    return new BrokerConfig(region, roles(file), endpoint(file), most(file));
  }

  private static List<Role> roles(JsonNode file) throws BadInputException {
    List<Role> roles = new ArrayList<>();
    JsonNode listed = file.path("roles");
    if (!listed.isMissingNode() && !listed.isArray()) {
      throw new BadInputException("roles: expected an array, found " + StrictJson.type(listed));
    }
    for (JsonNode one : listed) {
      refuseUnknown(one, Set.of("project", "roleArn"), "roles: ");
      roles.add(new Role(text(one, "project"), arn(one)));
    }
    if (file.has("roleArn")) {
      roles.add(new Role("*", arn(file)));
    }
    if (roles.isEmpty()) {
      throw new BadInputException("expected roleArn or roles, found neither");
    }
    return roles;
  }

  private static String arn(JsonNode object) throws BadInputException {
    String arn = text(object, "roleArn");
    if (!ROLE.matches(arn)) {
      throw new BadInputException(
          "roleArn: expected one such as arn:aws:iam::123456789012:role/agents, found " + arn);
    }
    return arn;
  }

  private static @Nullable URI endpoint(JsonNode file) throws BadInputException {
    if (!file.has("stsEndpoint")) {
      return null;
    }
    String given = text(file, "stsEndpoint");
    try {
      URI uri = URI.create(given);
      // What comes back is a secret.
      boolean local = Set.of("127.0.0.1", "[::1]", "localhost").contains(uri.getHost());
      if ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && local)) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new BadInputException("stsEndpoint: expected an address, found " + given);
    }
    throw new BadInputException(
        "stsEndpoint: expected https, or http on this machine, found " + given);
  }

  private static Duration most(JsonNode file) throws BadInputException {
    JsonNode minutes = file.path("maxMinutes");
    if (minutes.isMissingNode()) {
      return USUAL;
    }
    if (!minutes.isInt()
        || minutes.intValue() < SHORTEST.toMinutes()
        || minutes.intValue() > LONGEST.toMinutes()) {
      throw new BadInputException(
          "maxMinutes: expected a whole number from %d to %d, found %s"
              .formatted(SHORTEST.toMinutes(), LONGEST.toMinutes(), minutes));
    }
    return Duration.ofMinutes(minutes.intValue());
  }

  private static void refuseUnknown(JsonNode object, Set<String> known, String where)
      throws BadInputException {
    if (!object.isObject()) {
      throw new BadInputException(where + "expected an object, found " + StrictJson.type(object));
    }
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new BadInputException(
            "%sexpected one of %s, found %s"
                .formatted(where, String.join(", ", known.stream().sorted().toList()), name));
      }
    }
  }

  private static String text(JsonNode object, String name) throws BadInputException {
    JsonNode value = object.path(name);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw new BadInputException(name + ": expected a text, found " + StrictJson.type(value));
    }
    return value.textValue();
  }

  /**
   * The role for {@code session}.
   *
   * @param asked the role that the request names, if it names one
   */
  String role(KnownSession session, @Nullable String asked) throws RefusedException {
    String project = session.projectName();
    return roles.stream()
        .filter(role -> role.isFor(project) && (asked == null || asked.equals(role.arn())))
        .map(Role::arn)
        .findFirst()
        .orElseThrow(() ->
            new RefusedException(
                RefusedException.Kind.CONFIGURATION,
                asked == null
                    ? "%s names no role for the project '%s'".formatted(FILE, project)
                    : "%s does not give the project '%s' the role that was asked for"
                        .formatted(FILE, project)));
  }
}
