package dev.custody.enforce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy: one JSON object of {@code mode}, {@code requireDelegation}, {@code undecided} and
 * {@code deadlineMillis}, each of which may be left out. Anything that is not understood is an
 * error: a misspelt word must not leave a door open.
 */
public final class PolicyFile {
  private static final int MOST_BYTES = 64 << 10;
  private static final List<String> MEMBERS =
      List.of("mode", "requireDelegation", "undecided", "deadlineMillis");
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PolicyFile() {}

  /**
   * The policy in {@code file}.
   *
   * @throws PolicyException when it cannot be read or is not understood in full
   */
  public static Policy read(Path file) throws PolicyException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new PolicyException(
            "policy %s: expected at most %d bytes, found %d"
                .formatted(file, MOST_BYTES, Files.size(file)));
      }
      return parse(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new PolicyException(
          "policy %s: %s, at line %d, column %d"
              .formatted(
                  file,
                  e.getOriginalMessage(),
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 0 : e.getLocation().getColumnNr()));
    } catch (IllegalArgumentException e) {
      throw new PolicyException("policy " + file + ": " + e.getMessage());
    } catch (IOException e) {
      throw new PolicyException(
          "policy " + file + " cannot be read: " + e + "; try: name a file that is there");
    }
  }

  private static Policy parse(byte[] bytes) throws IOException {
    JsonNode policy = JSON.readTree(bytes);
    if (!policy.isObject()) {
      throw new IllegalArgumentException(
          "expected a JSON object, found "
              + (policy.isMissingNode() ? "nothing" : policy.getNodeType()));
    }
    for (Iterator<String> names = policy.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!MEMBERS.contains(name)) {
        throw new IllegalArgumentException(
            "expected members %s, found %s".formatted(String.join(", ", MEMBERS), name));
      }
    }
    return new Policy(
        word(policy, "mode", Policy.Mode.class, Policy.OBSERVE.mode()),
        flag(policy.get("requireDelegation")),
        word(policy, "undecided", Policy.Undecided.class, Policy.OBSERVE.undecided()),
        millis(policy.get("deadlineMillis")));
  }

  private static <E extends Enum<E>> E word(
      JsonNode policy, String name, Class<E> type, E otherwise) {
    JsonNode value = policy.get(name);
    if (value == null) {
      return otherwise;
    }
    List<E> all = List.of(type.getEnumConstants());
    for (E one : all) {
      if (value.isTextual() && value.textValue().equals(lower(one))) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "%s: expected %s, found %s"
            .formatted(
                name, String.join(" or ", all.stream().map(PolicyFile::lower).toList()), value));
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static boolean flag(@Nullable JsonNode value) {
    if (value == null) {
      return Policy.OBSERVE.requireDelegation();
    }
    if (!value.isBoolean()) {
      throw new IllegalArgumentException(
          "requireDelegation: expected true or false, found " + value);
    }
    return value.booleanValue();
  }

  private static Duration millis(@Nullable JsonNode value) {
    if (value == null) {
      return Policy.DEADLINE;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new IllegalArgumentException("deadlineMillis: expected a whole number, found " + value);
    }
    return Duration.ofMillis(value.intValue());
  }
}
