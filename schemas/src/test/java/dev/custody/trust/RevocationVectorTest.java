package dev.custody.trust;

import static dev.custody.admission.ReferenceVerifier.concat;
import static dev.custody.admission.ReferenceVerifier.domain;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.admission.ReferenceVerifier;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.VectorChain;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Recomputes {@code revocation.json} with the JDK alone and with the product's classes. */
class RevocationVectorTest {
  private static final Path FILE = Path.of("src/test/resources/vectors/revocation.json");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final HexFormat HEX = HexFormat.of();

  private static byte[] hex(JsonNode vector, String field) {
    return HEX.parseHex(vector.path(field).asText());
  }

  @Test
  @EnabledIfSystemProperty(named = "custody.vectors.write", matches = "true")
  void writeTheVector() throws Exception {
    Envelope second = VectorChain.chain().get(1);
    Revocation revocation =
        Revocation.sign(
            VectorChain.ROOT,
            second.key(),
            second.chain(),
            1,
            VectorChain.hash(second),
            "laptop stolen in Zürich");
    ObjectNode file =
        JSON.createObjectNode()
            .put("root", VectorChain.ROOT.publicKey().hex())
            .put("key", revocation.key().hex())
            .put("chain", revocation.chain().hex())
            .put("lastTrustedSequence", revocation.lastTrusted())
            .put("lastTrustedLink", revocation.link().hex())
            .put("reason", revocation.reason())
            .put("statement", HEX.formatHex(revocation.statement()))
            .put("signature", revocation.body().signature().hex())
            .put("line", revocation.fileText().strip());
    Files.writeString(FILE, JSON.writeValueAsString(file) + "\n");
  }

  @Test
  void theRevocationIsSignedAsWritten() throws Exception {
    JsonNode v = JSON.readTree(Files.readAllBytes(FILE));
    byte[] what =
        concat(
            hex(v, "key"),
            hex(v, "chain"),
            ReferenceVerifier.u64(v.path("lastTrustedSequence").longValue()),
            hex(v, "lastTrustedLink"),
            v.path("reason").asText().getBytes(StandardCharsets.UTF_8));
    byte[] statement = concat(domain("custody.revocation.v1"), what);
    byte[] root = hex(v, "root");
    byte[] signature = hex(v, "signature");
    assertThat(hex(v, "statement")).isEqualTo(statement);
    assertThat(ReferenceVerifier.verifies(root, signature, statement)).isTrue();
    byte[] line = concat(ReferenceVerifier.keyId(root), signature, what);
    assertThat(v.path("line").asText())
        .isEqualTo("custody-revocation-v1 " + Base64.getEncoder().encodeToString(line));
    Revocation read =
        Revocation.parse(v.path("line").asText(), new TrustedRoots(List.of(new Bytes(root))));
    assertThat(read.statement()).isEqualTo(statement);
    assertThat(read.reason()).isEqualTo("laptop stolen in Zürich");
  }
}
