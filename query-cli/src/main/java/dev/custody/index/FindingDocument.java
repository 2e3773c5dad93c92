package dev.custody.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import org.apache.lucene.document.Document;

/** What of an OCSF Detection Finding can be asked. */
final class FindingDocument {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FindingDocument() {}

  static String key(String id) {
    return DocumentBuilder.key(Fields.FINDING, id);
  }

  /**
   * The document of the finding {@code id}.
   *
   * @throws IOException when {@code record} is not a JSON object with a time
   */
  static Document of(String id, byte[] record) throws IOException {
    JsonNode finding = JSON.readTree(record);
    if (!finding.isObject() || !finding.path("time").isIntegralNumber()) {
      throw new IOException("expected an OCSF finding: a JSON object with a numeric time");
    }
    DocumentBuilder to =
        new DocumentBuilder(
            Fields.FINDING,
            key(id),
            Instant.ofEpochMilli(finding.path("time").longValue()),
            record);
    JsonNode analytic = finding.path("finding_info").path("analytic");
    to.exact(Fields.ID, id)
        .folded(Fields.SEVERITY, finding.path("severity").asText())
        .folded(Fields.RULE, analytic.path("uid").asText())
        .folded(Fields.RULE, analytic.path("name").asText());
    mention(finding, to);
    return to.build();
  }

  private static void mention(JsonNode node, DocumentBuilder to) {
    if (node.isTextual()) {
      to.folded(Fields.MENTION, node.textValue()).text(node.textValue());
    }
    node.forEach(child -> mention(child, to));
  }
}
