package dev.custody.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.VectorChain;
import dev.custody.digest.Bytes;
import dev.custody.event.Body.Hop;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.signing.TokenVerifier;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files of {@code src/test/resources/vectors/delegation}: each is refused with the defect that
 * its folder is called, or verifies. {@code messages.json} holds the words. {@code
 * -Dcustody.vectors.write=true} writes the files anew.
 */
class DelegationVectorsTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/vectors/delegation");
  private static final Path FIRST_RELEASE = DIRECTORY.resolveSibling("delegation.json");
  private static final Path ROOT = DIRECTORY.resolve("root.pub");
  private static final Path CERTIFICATE = DIRECTORY.resolve("human.certificate");
  private static final Path MESSAGES = DIRECTORY.resolve("messages.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  @EnabledIfSystemProperty(named = "custody.vectors.write", matches = "true")
  void writeTheVectors() throws Exception {
    Files.createDirectories(DIRECTORY);
    Files.writeString(ROOT, TrustedRoots.fileText(VectorChain.ROOT.publicKey()));
    Files.writeString(CERTIFICATE, DelegationVectors.HUMAN_CERTIFICATE.base64() + "\n");
    Map<String, String> messages = new TreeMap<>();
    for (Map.Entry<String, String> file : DelegationVectors.all().entrySet()) {
      Path path = DIRECTORY.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
      try {
        verify(file.getKey());
      } catch (InvalidDelegationException e) {
        messages.put(file.getKey(), String.valueOf(e.getMessage()));
      }
    }
    Files.writeString(
        MESSAGES, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(messages) + "\n");
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> DIRECTORY.relativize(file).toString())
          .filter(file -> file.contains("/"))
          .sorted()
          .toList();
    }
  }

  private static String verdict(String file) {
    return file.substring(0, file.indexOf('/'));
  }

  private static void verify(String file) throws InvalidDelegationException, IOException {
    TrustedRoots roots = TrustedRoots.read(ROOT);
    List<Hop> hops = hops(file);
    Hop last = hops.getLast();
    if (file.endsWith(".json")
        && hops.size() == 1
        && TokenVerifier.type(last.token()).equals(TokenVerifier.REVOCATION_TYPE)) {
      var _ = DelegationChain.verifyRevocation(last.token(), last.certificate(), roots);
    } else {
      var _ = DelegationChain.verify(hops, roots);
    }
  }

  private static List<Hop> hops(String file) throws IOException {
    String content = Files.readString(DIRECTORY.resolve(file));
    if (file.endsWith(".jwt")) {
      return List.of(new Hop(content, decoded(Files.readString(CERTIFICATE).strip())));
    }
    JsonNode request = JSON.readTree(content);
    List<Hop> hops = new ArrayList<>();
    request.path("parents").forEach(parent -> hops.add(hop(parent)));
    hops.add(hop(request));
    return hops;
  }

  private static Hop hop(JsonNode node) {
    return new Hop(node.path("token").textValue(), decoded(node.path("certificate").textValue()));
  }

  private static Bytes decoded(String base64) {
    return new Bytes(Base64.getDecoder().decode(base64));
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachFileHasTheVerdictOfItsFolder(String file) throws Exception {
    String found = DelegationVectors.VERIFIES;
    String message = "";
    try {
      verify(file);
    } catch (InvalidDelegationException e) {
      found = e.defect().name();
      message = String.valueOf(e.getMessage());
    }
    assertThat(found).as(message).isEqualTo(verdict(file));
    JsonNode words = JSON.readTree(Files.readAllBytes(MESSAGES));
    assertThat(message).isEqualTo(words.path(file).asText());
  }

  @Test
  void everyDefectHasAFile() throws Exception {
    assertThat(files().stream().map(DelegationVectorsTest::verdict).distinct())
        .contains(DelegationVectors.VERIFIES)
        .containsAll(Arrays.stream(DelegationDefect.values()).map(Enum::name).toList());
  }

  @Test
  void theFilesAreThoseThatAreMadeAndNoOthers() throws Exception {
    Map<String, String> made = DelegationVectors.all();
    assertThat(files()).containsExactlyElementsOf(made.keySet());
    for (String file : files()) {
      assertThat(Files.readString(DIRECTORY.resolve(file))).as(file).isEqualTo(made.get(file));
    }
    assertThat(Files.readString(CERTIFICATE).strip())
        .isEqualTo(DelegationVectors.HUMAN_CERTIFICATE.base64());
  }

  @Test
  void theyAreSignedAsTheExampleOfRfc6979() {
    byte[] sample = "sample".getBytes(StandardCharsets.US_ASCII);
    assertThat(HexFormat.of().formatHex(KnownEs256.HUMAN.sign(sample)))
        .isEqualTo(
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  }

  @Test
  void aDelegationOfTheFirstReleaseVerifiesByAnyImplementationOfEs256() throws Exception {
    JsonNode v = JSON.readTree(Files.readAllBytes(FIRST_RELEASE));
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
