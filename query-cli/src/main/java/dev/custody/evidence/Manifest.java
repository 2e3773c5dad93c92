package dev.custody.evidence;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.digest.Digest;
import dev.custody.digest.StrictText;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a bundle holds, and what its maker claims of it. Nobody signs it: it ties the members
 * together, and proves nothing.
 *
 * @param tool what made it
 * @param created when, whole seconds
 * @param query what was asked for
 * @param members all but the manifest and its digest, in their order
 */
public record Manifest(String tool, Instant created, String query, List<Entry> members) {
  /** The version of the format that this release writes and reads. */
  public static final String FORMAT = "custody-evidence-v1";

  private static final int MAX_TOOL = 100;
  private static final int MAX_QUERY = 4096;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * One member.
   *
   * @param name its name in the archive
   * @param size bytes
   * @param sha256 of its bytes
   */
  public record Entry(String name, long size, Digest sha256) {}

  /** Copies the members, and cuts the time to seconds and texts to their limits. */
  public Manifest {
    tool = cut(tool, MAX_TOOL);
    query = cut(query, MAX_QUERY);
    created = created.truncatedTo(ChronoUnit.SECONDS);
    members = List.copyOf(members);
  }

  // Halves of surrogate pairs have no UTF-8; they become question marks here, once.
  private static String cut(String text, int most) {
    String start = text.length() <= most ? text : text.substring(0, most);
    return new String(start.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** The same claims, for other members. */
  Manifest with(List<Entry> others) {
    return new Manifest(tool, created, query, others);
  }

  /** The one spelling. */
  byte[] encode() {
    StringBuilder json = new StringBuilder("{\n");
    json.append("  \"format\": ").append(string(FORMAT)).append(",\n");
    json.append("  \"tool\": ").append(string(tool)).append(",\n");
    json.append("  \"created\": ").append(string(created.toString())).append(",\n");
    json.append("  \"query\": ").append(string(query)).append(",\n");
    json.append("  \"members\": [");
    String separator = "\n";
    for (Entry entry : members) {
      json.append(separator).append("    {\"name\": ").append(string(entry.name()));
      json.append(", \"size\": ").append(entry.size());
      json.append(", \"sha256\": ").append(string(entry.sha256().hex())).append('}');
      separator = ",\n";
    }
    return json.append("\n  ]\n}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String string(String text) {
    StringBuilder string = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        string.append("\\u%04x".formatted((int) c));
      } else {
        string.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    return string.append('"').toString();
  }

  static Manifest parse(byte[] bytes) throws Refusal {
    try {
      JsonNode json = JSON.readTree(StrictText.utf8(bytes));
      if (!FORMAT.equals(json.path("format").asText())) {
        throw refusal(
            "the format " + FORMAT, "another: " + StrictText.shown(json.path("format").asText()));
      }
      Manifest manifest = read(json);
      if (Arrays.equals(manifest.encode(), bytes)) {
        return manifest;
      }
    } catch (JsonProcessingException e) {
      throw refusal("JSON", e.getOriginalMessage());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw refusal("a manifest", String.valueOf(e.getMessage()));
    }
    throw refusal("the one spelling of a manifest", "another one");
  }

  private static Manifest read(JsonNode json) {
    List<Entry> members = new ArrayList<>();
    for (JsonNode member : json.path("members")) {
      members.add(
          new Entry(
              member.path("name").asText(),
              member.path("size").asLong(-1),
              Digest.ofHex(member.path("sha256").asText())));
    }
    return new Manifest(
        json.path("tool").asText(),
        Instant.parse(json.path("created").asText()),
        json.path("query").asText(),
        members);
  }

  static Refusal refusal(String expected, String found) {
    return new Refusal(
        new BundleFailure.BadManifest(BundleFailure.Where.of(Member.MANIFEST), expected, found));
  }

  /** The content of {@code manifest.sha256}, as sha256sum writes it. */
  static byte[] digestLine(byte[] manifest) {
    return (Digest.sha256(manifest).hex() + "  " + Member.MANIFEST.name() + "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
