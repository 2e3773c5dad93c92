package dev.custody.admission;

import static dev.custody.admission.ReferenceVerifier.concat;
import static dev.custody.admission.ReferenceVerifier.domain;
import static dev.custody.admission.ReferenceVerifier.sha256;
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
import dev.custody.event.Event;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.Delegation;
import dev.custody.merkle.MerkleTree;
import dev.custody.signing.PublicKeys;
import dev.custody.signing.TokenVerifier;
import dev.custody.wire.Formats;
import dev.custody.wire.RecordFormat;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Recomputes every vector of {@code src/test/resources/vectors} twice: with {@link
 * ReferenceVerifier}, which knows the JDK only, and with the product's classes. {@code
 * docs/format.md} explains the files.
 *
 * <p>A vector that changes is a change of the format. {@code -Dcustody.vectors.write=true} writes
 * the files anew.
 */
class FormatVectorsTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/vectors");
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

  private static JsonNode read(String name) throws IOException {
    return JSON.readTree(Files.readAllBytes(DIRECTORY.resolve(name)));
  }

  private static byte[] hex(JsonNode node) {
    return HEX.parseHex(node.textValue());
  }

  private static byte @Nullable [] hexOrNull(JsonNode node) {
    return node.isNull() ? null : hex(node);
  }

  private static Bytes rootOf(JsonNode vector) {
    String line = vector.path("root").asText();
    assertThat(line).startsWith("custody-root-v1 ");
    return new Bytes(Base64.getDecoder().decode(line.substring("custody-root-v1 ".length())));
  }

  @Test
  @EnabledIfSystemProperty(named = "custody.vectors.write", matches = "true")
  void writeTheVectors() throws Exception {
    for (Map.Entry<String, ObjectNode> file : VectorFiles.all().entrySet()) {
      ObjectNode vector = file.getValue();
      Verdict verdict = product(vector);
      vector.put("admitted", verdict.admitted());
      if (!(verdict instanceof Verdict.Malformed)) {
        vector.put("detail", verdict.detail());
      }
      write(file.getKey(), vector);
    }
    write("chain.json", chainFile());
    write("hashes.json", hashesFile());
    write("merkle.json", merkleFile());
  }

  private static void write(String name, JsonNode node) throws IOException {
    Files.writeString(DIRECTORY.resolve(name), VectorFiles.JSON.writeValueAsString(node) + "\n");
  }

  private static ObjectNode chainFile() {
    ObjectNode file = JSON.createObjectNode();
    file.put("root", TrustedRoots.fileText(VectorChain.ROOT.publicKey()).strip());
    file.put("collectorPublicKey", VectorChain.COLLECTOR.publicKey().hex());
    ArrayNode records = file.putArray("records");
    for (Envelope envelope : VectorChain.chain()) {
      VectorFiles.Stored stored = VectorFiles.stored(envelope);
      records
          .addObject()
          .put("key", envelope.chain().hex())
          .put("timestamp", stored.timestamp())
          .put("value", new Bytes(Formats.ENVELOPE.encode(envelope)).hex())
          .put("event", envelope.event().hex())
          .put("link", VectorChain.hash(envelope).hex())
          .put("verdict", "Intact");
    }
    return file;
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

  @Test
  void theWholeChainVerifiesFromItsGenesisOn() throws Exception {
    JsonNode vector = read("chain.json");
    ReferenceVerifier reference = new ReferenceVerifier(rootOf(vector).toByteArray());
    Admission admission = admission(rootOf(vector));
    List<Envelope> made = VectorChain.chain();
    assertThat(vector.path("records").size()).isEqualTo(3).isEqualTo(made.size());
    for (int i = 0; i < made.size(); i++) {
      JsonNode record = vector.path("records").get(i);
      byte[] key = hex(record.path("key"));
      byte[] value = hex(record.path("value"));
      long timestamp = record.path("timestamp").longValue();
      assertThat(reference.admit(key, value, timestamp)).isEqualTo("Intact");
      Admission.Result result = admission.admit(key, value, timestamp);
      assertThat(result.verdict().name()).isEqualTo("Intact");
      assertThat(Formats.ENVELOPE.encode(made.get(i))).as("sealed again").isEqualTo(value);
      assertThat(VectorChain.hash(made.get(i)).hex()).isEqualTo(record.path("link").asText());
      Event event = Formats.EVENT.decode(hex(record.path("event")));
      assertThat(Formats.EVENT.encode(event)).isEqualTo(hex(record.path("event")));
    }
  }

  private static Admission admission(Bytes root) {
    return new Admission(new ChainVerifier(new TrustedRoots(List.of(root)), new InMemoryChains()));
  }

  private static Verdict product(JsonNode vector) {
    Admission admission = admission(rootOf(vector));
    for (JsonNode record : vector.path("before")) {
      assertThat(
              admission
                  .admit(
                      hexOrNull(record.path("key")),
                      hexOrNull(record.path("value")),
                      record.path("timestamp").longValue())
                  .verdict()
                  .admitted())
          .isTrue();
    }
    JsonNode record = vector.path("record");
    return admission
        .admit(
            hexOrNull(record.path("key")),
            hexOrNull(record.path("value")),
            record.path("timestamp").longValue())
        .verdict();
  }

  private static String reference(JsonNode vector) {
    ReferenceVerifier verifier = new ReferenceVerifier(rootOf(vector).toByteArray());
    for (JsonNode record : vector.path("before")) {
      verifier.admit(
          hexOrNull(record.path("key")),
          hexOrNull(record.path("value")),
          record.path("timestamp").longValue());
    }
    JsonNode record = vector.path("record");
    return verifier.admit(
        hexOrNull(record.path("key")),
        hexOrNull(record.path("value")),
        record.path("timestamp").longValue());
  }

  private static List<Path> verdictFiles() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      List<String> others =
          List.of("chain.json", "hashes.json", "merkle.json", "delegation.json", "revocation.json");
      return files
          .filter(Files::isRegularFile)
          .filter(f -> !others.contains(f.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyVerdictIsTheOneInItsFile() throws Exception {
    return verdictFiles().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () -> {
                  JsonNode vector = JSON.readTree(Files.readAllBytes(file));
                  Verdict verdict = product(vector);
                  assertThat(verdict.name()).isEqualTo(vector.path("verdict").asText());
                  assertThat(verdict.admitted()).isEqualTo(vector.path("admitted").booleanValue());
                  if (vector.has("detail")) {
                    assertThat(verdict.detail()).isEqualTo(vector.path("detail").asText());
                  }
                  assertThat(reference(vector)).isEqualTo(verdict.name());
                }));
  }

  @Test
  void everyVerdictHasAFile() throws Exception {
    TreeSet<String> named = new TreeSet<>();
    for (Path file : verdictFiles()) {
      named.add(JSON.readTree(Files.readAllBytes(file)).path("verdict").asText());
    }
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Verdict.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void theDelegationVerifiesByAnyImplementationOfEs256() throws Exception {
    JsonNode v = read("delegation.json");
    String[] parts = v.path("token").asText().split("\\.", -1);
    Base64.Decoder base64 = Base64.getUrlDecoder();
    JsonNode key = JSON.readTree(v.path("jwks").asText()).path("keys").get(0);
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point =
        new ECPoint(
            new BigInteger(1, base64.decode(key.path("x").asText())),
            new BigInteger(1, base64.decode(key.path("y").asText())));
    Signature es256 = Signature.getInstance("SHA256withECDSAinP1363Format");
    es256.initVerify(
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class))));
    es256.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(es256.verify(base64.decode(parts[2]))).isTrue();
    assertThat(JSON.readTree(base64.decode(parts[0]))).isEqualTo(v.path("header"));
    assertThat(JSON.readTree(base64.decode(parts[1]))).isEqualTo(v.path("claims"));

    Delegation read = TokenVerifier.verify(v.path("token").asText(), v.path("jwks").asText());
    assertThat(read.id()).isEqualTo(v.at("/claims/jti").asText());
    assertThat(read.grantor()).isEqualTo(v.at("/claims/iss").asText());
    assertThat(read.delegate()).hasToString(v.at("/claims/sub").asText());
    assertThat(read.expiresAt().getEpochSecond()).isEqualTo(v.at("/claims/exp").asLong());
    assertThat(read.scope().inWords()).containsExactly("s3:Get*, s3:List* on arn:aws:s3:::acme-*");
  }
}
