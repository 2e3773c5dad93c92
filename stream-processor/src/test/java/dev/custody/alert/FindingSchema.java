package dev.custody.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Holds findings against the schema that comes with Custody and, where {@code CUSTODY_OCSF_SCHEMA}
 * names it, against the published one. Whoever reads {@code custody.alerts} in a test asks this.
 */
public final class FindingSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern STEP = Pattern.compile("([a-z_]+)(?:\\[(\\d+)])?");
  private static final JsonSchema OWN = own();
  private static final @Nullable JsonSchema PUBLISHED = published();

  private FindingSchema() {}

  /** The finding in {@code body}; fails, naming what is wrong, when it is not valid. */
  public static JsonNode checked(byte[] body) {
    try {
      JsonNode finding = JSON.readTree(body);
      Set<String> wrong = new HashSet<>();
      OWN.validate(finding).forEach(m -> wrong.add("finding.schema.json: " + m.getMessage()));
      if (PUBLISHED != null) {
        PUBLISHED.validate(finding).forEach(m -> wrong.add("OCSF: " + m.getMessage()));
      }
      for (JsonNode observable : finding.path("observables")) {
        String name = observable.path("name").asText();
        if (!at(finding, name).equals(observable.path("value"))) {
          wrong.add("observable " + name + " is not what stands there");
        }
      }
      if (!wrong.isEmpty()) {
        throw new AssertionError(wrong + " in " + finding);
      }
      return finding;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The finding in {@code body}, whose {@code headers} must say what it says. */
  public static JsonNode checked(byte[] body, Headers headers) {
    JsonNode finding = checked(body);
    Map<String, JsonNode> expected =
        Map.of(
            FindingProcessor.RULE_HEADER, finding.at("/finding_info/analytic/uid"),
            FindingProcessor.SEVERITY_HEADER, finding.path("severity"),
            FindingProcessor.CLASS_HEADER, finding.path("class_uid"));
    expected.forEach((name, value) -> {
      Iterator<Header> found = headers.headers(name).iterator();
      String said =
          found.hasNext() ? new String(found.next().value(), StandardCharsets.UTF_8) : null;
      if (!value.asText().equals(said) || found.hasNext()) {
        throw new AssertionError(
            "header %s: expected %s once, found %s".formatted(name, value, headers));
      }
    });
    return finding;
  }

  private static JsonNode at(JsonNode finding, String place) {
    JsonNode node = finding;
    for (String part : place.split("\\.", -1)) {
      Matcher step = STEP.matcher(part);
      if (!step.matches()) {
        throw new AssertionError("no place in a finding: " + place);
      }
      node = node.path(step.group(1));
      node = step.group(2) == null ? node : node.path(Integer.parseInt(step.group(2)));
    }
    return node;
  }

  private static JsonSchema own() {
    try (InputStream in = OcsfFindings.class.getResourceAsStream("finding.schema.json")) {
      return schema(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable JsonSchema published() {
    String file = System.getenv("CUSTODY_OCSF_SCHEMA");
    try {
      return file == null ? null : schema(Files.readString(Path.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonSchema schema(String text) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text);
  }
}
