package dev.custody.admission;

import static dev.custody.admission.ReferenceVerifier.concat;
import static dev.custody.admission.ReferenceVerifier.domain;
import static dev.custody.admission.ReferenceVerifier.sha256;
import static dev.custody.admission.VectorFiles.hex;
import static dev.custody.admission.VectorFiles.read;
import static dev.custody.admission.VectorFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Seal;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import dev.custody.identity.CertificateRole;
import dev.custody.merkle.MerkleTree;
import dev.custody.signing.PublicKeys;
import dev.custody.wire.Formats;
import dev.custody.wire.RecordFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Recomputes {@code hashes.json} and {@code merkle.json} twice: with {@link ReferenceVerifier},
 * which knows the JDK only, and with the product's classes. {@code docs/format.md} explains them.
 *
 * <p>A vector that changes is a change of the format. {@code -Dcustody.vectors.write=true} writes
 * the files anew.
 */
class HashVectorsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, RecordFormat<?>> SCHEMAS = new LinkedHashMap<>();

  static {
    SCHEMAS.put("envelope.avsc", Formats.ENVELOPE);
    SCHEMAS.put("event.avsc", Formats.EVENT);
    SCHEMAS.put("certificate.avsc", Formats.CERTIFICATE);
    SCHEMAS.put("signed-certificate.avsc", Formats.SIGNED_CERTIFICATE);
    SCHEMAS.put("attribution.avsc", Formats.ATTRIBUTION);
    SCHEMAS.put("edge.avsc", Formats.EDGE);
    SCHEMAS.put("reject.avsc", Formats.REJECT);
  }

  @Test
  @EnabledIfSystemProperty(named = "custody.vectors.write", matches = "true")
  void writeTheVectors() throws Exception {
    write("hashes.json", hashesFile());
    write("merkle.json", merkleFile());
  }

  private static ObjectNode hashesFile() {
    ObjectNode file = JSON.createObjectNode();
    ObjectNode domains = file.putObject("domains");
    for (HashDomain domain : HashDomain.values()) {
      domains
          .putObject(domain.name())
          .put("prefix", HEX.formatHex(domain.prefix()))
          .put(
              "sha256OfPrefixAndAbc",
              domain.sha256("abc".getBytes(StandardCharsets.US_ASCII)).hex());
    }
    ObjectNode schemas = file.putObject("schemas");
    SCHEMAS.forEach((name, format) -> schemas.put(name, "%016x".formatted(format.fingerprint())));
    file.putObject("key")
        .put("seed", VectorChain.COLLECTOR instanceof VectorChain.KnownKey k ? k.seed() : "")
        .put("publicKey", VectorChain.COLLECTOR.publicKey().hex())
        .put("keyId", VectorChain.COLLECTOR.keyId().hex());
    Envelope second = VectorChain.chain().get(1);
    Link link = Link.of(second);
    file.putObject("link")
        .put("chain", link.chain().hex())
        .put("sequence", link.sequence())
        .put("previous", link.previous().hex())
        .put("eventSha256", link.event().hex())
        .put("statement", HEX.formatHex(link.statement()))
        .put("hash", link.hash().hex());
    Seal seal = java.util.Objects.requireNonNull(Seal.claimedBy(second, link.hash()));
    file.putObject("seal")
        .put("key", seal.key().hex())
        .put("chain", seal.chain().hex())
        .put("first", seal.first())
        .put("size", seal.size())
        .put("root", seal.root().hex())
        .put("statement", HEX.formatHex(seal.statement()))
        .put("signature", second.signature().hex());
    certificateTo(file);
    file.putObject("finding")
        .put("rule", "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e01")
        .put("group", "prompt:prompt-1")
        .put("period", "prompt-1")
        .put(
            "id", findingId("6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e01", "prompt:prompt-1", "prompt-1"));
    return file;
  }

  private static void certificateTo(ObjectNode file) {
    Bytes signed = VectorChain.certificate(CertificateRole.COLLECTOR, VectorChain.ROOT);
    Map<String, @Nullable Object> outer =
        ReferenceAvro.of("signed-certificate.avsc").decode(signed.toByteArray());
    byte[] inner = (byte[]) java.util.Objects.requireNonNull(outer.get("certificate"));
    byte[] signature = (byte[]) java.util.Objects.requireNonNull(outer.get("signature"));
    file.putObject("certificate")
        .put("root", VectorChain.ROOT.publicKey().hex())
        .put("rootKeyId", VectorChain.ROOT.keyId().hex())
        .put("certificate", HEX.formatHex(inner))
        .put("statement", HEX.formatHex(TrustedRoots.statement(new Bytes(inner))))
        .put("signature", HEX.formatHex(signature))
        .put("signedCertificate", signed.hex());
  }

  private static String findingId(String rule, String group, String period) {
    return HashDomain.FINDING
        .sha256((rule + "\0" + group + "\0" + period).getBytes(StandardCharsets.UTF_8))
        .hex()
        .substring(0, 32);
  }

  private static List<Digest> leaves(int size) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(MerkleTree.leaf(new byte[] {(byte) i}));
    }
    return leaves;
  }

  private static ObjectNode merkleFile() {
    ObjectNode file = JSON.createObjectNode();
    file.put("leaves", "leaf i is SHA-256(00 || the one byte i)");
    ArrayNode trees = file.putArray("trees");
    for (int size : new int[] {1, 2, 3, 5, 7, 8, 64}) {
      List<Digest> leaves = leaves(size);
      ObjectNode tree =
          trees.addObject().put("size", size).put("root", MerkleTree.root(leaves).hex());
      ObjectNode paths = tree.putObject("paths");
      for (int index : new TreeSet<>(List.of(0, size / 2, size - 1))) {
        ArrayNode path = paths.putArray(Integer.toString(index));
        MerkleTree.path(index, leaves).forEach(hash -> path.add(hash.hex()));
      }
    }
    return file;
  }

  @Test
  void everyDomainHasItsOwnPrefix() throws Exception {
    JsonNode domains = read("hashes.json").path("domains");
    assertThat(domains.size()).isEqualTo(HashDomain.values().length);
    for (HashDomain domain : HashDomain.values()) {
      JsonNode vector = domains.path(domain.name());
      byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
      assertThat(domain.prefix()).isEqualTo(hex(vector.path("prefix")));
      assertThat(sha256(hex(vector.path("prefix")), abc))
          .isEqualTo(hex(vector.path("sha256OfPrefixAndAbc")))
          .isEqualTo(domain.sha256(abc).toByteArray());
    }
  }

  @Test
  void everySchemaHasItsFingerprint() throws Exception {
    JsonNode schemas = read("hashes.json").path("schemas");
    assertThat(schemas.size()).isEqualTo(SCHEMAS.size());
    for (Map.Entry<String, RecordFormat<?>> schema : SCHEMAS.entrySet()) {
      long expected = Long.parseUnsignedLong(schemas.path(schema.getKey()).asText(), 16);
      assertThat(schema.getValue().fingerprint()).as(schema.getKey()).isEqualTo(expected);
      assertThat(ReferenceAvro.of(schema.getKey()).fingerprint())
          .as(schema.getKey())
          .isEqualTo(expected);
    }
  }

  @Test
  void theFormatDocumentNamesEveryFingerprint() throws Exception {
    String document = Files.readString(Path.of("../docs/format.md"));
    for (Map.Entry<String, RecordFormat<?>> schema : SCHEMAS.entrySet()) {
      String fingerprint = "%016x".formatted(schema.getValue().fingerprint());
      assertThat(document).as(schema.getKey()).contains(fingerprint);
      for (long earlier : schema.getValue().earlierFingerprints()) {
        assertThat(document).as(schema.getKey()).contains("%016x".formatted(earlier));
      }
    }
  }

  @Test
  void theKeyIdIsAPrefixOfAHash() throws Exception {
    JsonNode key = read("hashes.json").path("key");
    byte[] publicKey = hex(key.path("publicKey"));
    assertThat(ReferenceVerifier.keyId(publicKey))
        .isEqualTo(hex(key.path("keyId")))
        .isEqualTo(KeyId.ofPublicKey(publicKey).toByteArray());
  }

  @Test
  void theLinkIsHashedAsWritten() throws Exception {
    JsonNode v = read("hashes.json").path("link");
    byte[] reference =
        concat(
            domain("custody.link.v1"),
            hex(v.path("chain")),
            ReferenceVerifier.u64(v.path("sequence").longValue()),
            hex(v.path("previous")),
            hex(v.path("eventSha256")));
    Link link =
        new Link(
            new ChainId(hex(v.path("chain"))),
            v.path("sequence").longValue(),
            new Digest(hex(v.path("previous"))),
            new Digest(hex(v.path("eventSha256"))));
    assertThat(hex(v.path("statement"))).isEqualTo(reference).isEqualTo(link.statement());
    assertThat(hex(v.path("hash")))
        .isEqualTo(ReferenceVerifier.leaf(reference))
        .isEqualTo(link.hash().toByteArray());
  }

  @Test
  void theSealIsSignedAsWritten() throws Exception {
    JsonNode v = read("hashes.json").path("seal");
    byte[] reference =
        ReferenceVerifier.sealStatement(
            hex(v.path("key")),
            hex(v.path("chain")),
            v.path("first").longValue(),
            v.path("size").intValue(),
            hex(v.path("root")));
    Seal seal =
        new Seal(
            new KeyId(hex(v.path("key"))),
            new ChainId(hex(v.path("chain"))),
            v.path("first").longValue(),
            v.path("size").intValue(),
            new Digest(hex(v.path("root"))));
    assertThat(hex(v.path("statement"))).isEqualTo(reference).isEqualTo(seal.statement());
    byte[] signature = hex(v.path("signature"));
    assertThat(VectorChain.COLLECTOR.sign(reference).toByteArray()).isEqualTo(signature);
    byte[] publicKey = VectorChain.COLLECTOR.publicKey().toByteArray();
    assertThat(ReferenceVerifier.verifies(publicKey, signature, reference)).isTrue();
    assertThat(PublicKeys.verifies(new Bytes(publicKey), new SignatureBytes(signature), reference))
        .isTrue();
  }

  @Test
  void theCertificateIsSignedAsWritten() throws Exception {
    JsonNode v = read("hashes.json").path("certificate");
    byte[] statement = concat(domain("custody.certificate.v1"), hex(v.path("certificate")));
    assertThat(hex(v.path("statement"))).isEqualTo(statement);
    assertThat(VectorChain.ROOT.sign(statement).toByteArray()).isEqualTo(hex(v.path("signature")));
    assertThat(ReferenceVerifier.verifies(hex(v.path("root")), hex(v.path("signature")), statement))
        .isTrue();
    TrustedRoots roots = new TrustedRoots(List.of(new Bytes(hex(v.path("root")))));
    assertThat(roots.verify(new Bytes(hex(v.path("signedCertificate")))).subject())
        .isEqualTo("spiffe://example.test/collector/laptop");
  }

  @Test
  void theFindingIdIsAPrefixOfAHash() throws Exception {
    JsonNode v = read("hashes.json").path("finding");
    String text =
        v.path("rule").asText()
            + "\0"
            + v.path("group").asText()
            + "\0"
            + v.path("period").asText();
    byte[] hash = sha256(domain("custody.finding.v1"), text.getBytes(StandardCharsets.UTF_8));
    assertThat(v.path("id").asText())
        .isEqualTo(HEX.formatHex(Arrays.copyOf(hash, 16)))
        .isEqualTo(
            findingId(
                v.path("rule").asText(), v.path("group").asText(), v.path("period").asText()));
  }

  @Test
  void theTreesAreThoseOfRfc6962() throws Exception {
    for (JsonNode tree : read("merkle.json").path("trees")) {
      int size = tree.path("size").intValue();
      List<byte[]> plain = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        plain.add(ReferenceVerifier.leaf(new byte[] {(byte) i}));
      }
      byte[] root = hex(tree.path("root"));
      assertThat(root)
          .isEqualTo(ReferenceVerifier.root(plain))
          .isEqualTo(MerkleTree.root(leaves(size)).toByteArray());
      for (Map.Entry<String, JsonNode> path : tree.path("paths").properties()) {
        int index = Integer.parseInt(path.getKey());
        List<byte[]> hashes = new ArrayList<>();
        path.getValue().forEach(hash -> hashes.add(hex(hash)));
        assertThat(ReferenceVerifier.climb(index, size, plain.get(index), hashes)).isEqualTo(root);
        assertThat(
                MerkleTree.rootOf(
                    index,
                    size,
                    leaves(size).get(index),
                    hashes.stream().map(Digest::new).toList()))
            .isEqualTo(new Digest(root));
      }
    }
  }
}
