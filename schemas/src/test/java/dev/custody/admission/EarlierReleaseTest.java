package dev.custody.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.admission.ChainVerifier.Signatures;
import dev.custody.admission.Examiner.Raw;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventView;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.wire.BulkReader;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What earlier releases wrote, in {@code vectors/earlier-N}: the bytes are theirs and are never
 * written anew. {@code docs/format.md} says what is promised.
 */
class EarlierReleaseTest {
  private static final Path FIRST = Path.of("src/test/resources/vectors/earlier-1");
  private static final HexFormat HEX = HexFormat.of();

  private static final Identifier KEY =
      new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "AKIAEXAMPLE000000001");
  private static final Identifier ROLE =
      new Identifier(IdentifierKind.AWS_ROLE_SESSION, "arn:aws:sts::1:assumed-role/a/b");

  /** What the first release's records say, in the order of their file. */
  private static final List<Body> BODIES = bodies(certificateOf("HUMAN"));

  private final BulkReader bulk = new BulkReader();

  private static List<Body> bodies(Bytes human) {
    return List.of(
        new Body.CredentialIssued(
            KEY, "aws", ROLE, "dana", VectorChain.NOW.plusSeconds(900), null, null, null),
        new Body.CredentialUsed(KEY, "dana", "192.0.2.7"),
        new Body.CredentialRevoked(KEY, "leaked", null, null),
        new Body.CloudCall(
            "aws",
            "111122223333",
            "eu-central-1",
            "dana",
            "IAMUser",
            "192.0.2.7",
            "aws-cli/2",
            null,
            true,
            ROLE,
            null),
        new Body.AgentRegistered(
            "spiffe://example.test/agent/claude-code/api",
            "claude-code",
            "dana@example.test",
            "",
            new Bytes(new byte[0])),
        new Body.DelegationGranted("dlg-reading", "a.b.c", human, List.of()),
        new Body.DelegationRevoked("dlg-reading", "d.e.f", human),
        new Body.PolicyDecision("Bash", "enforce", "deny", "rule-7", "delegation", "", ""),
        new Body.Observed("PreCompact"));
  }

  private static JsonNode read(String file) {
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(FIRST.resolve(file)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] hex(JsonNode node) {
    return HEX.parseHex(node.textValue());
  }

  private static byte[] event(Body body) {
    return hex(read("records.json").path("events").path(body.name()));
  }

  /** As the event that hands it over holds it. */
  private static Bytes certificateOf(String role) {
    return new Bytes(hex(read("records.json").path("signedCertificates").path(role)));
  }

  private @Nullable EventView inBulk(byte[] bytes) {
    byte[] within = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, within, 3, bytes.length);
    return bulk.event(within, 3, bytes.length);
  }

  @TestFactory
  Stream<DynamicTest> anEventIsReadWithDefaultsForWhatCameLater() {
    return BODIES.stream()
        .map(body ->
            DynamicTest.dynamicTest(
                body.name(),
                () -> {
                  int number = 20 + BODIES.indexOf(body);
                  byte[] now = VectorChain.event(number, VectorChain.NOW.plusSeconds(5), body);
                  byte[] then = event(body);
                  assertThat(then).isNotEqualTo(now);
                  Event read = Formats.EVENT.decode(then);
                  assertThat(read).isEqualTo(Formats.EVENT.decode(now));
                  assertThat(read.body()).isEqualTo(body);
                  EventView view = inBulk(then);
                  assertThat(view).isNotNull();
                  assertThat(view.type()).isEqualTo(body.name());
                  assertThat(view.observedAt()).isEqualTo(read.observedAt());
                }));
  }

  @Test
  void aCertificateOfEveryRoleIsRead() throws Exception {
    TrustedRoots roots = new TrustedRoots(List.of(VectorChain.ROOT.publicKey()));
    for (String role : List.of("COLLECTOR", "HUMAN", "LOG", "ROOT", "WITNESS")) {
      Certificate certificate = roots.verify(certificateOf(role));
      assertThat(certificate.role()).isEqualTo(CertificateRole.valueOf(role));
      assertThat(certificate.publicKey()).isEqualTo(VectorChain.COLLECTOR.publicKey());
      assertThat(certificate.notAfter()).isEqualTo(VectorChain.NOW.plusSeconds(86_400));
    }
  }

  @Test
  void aDamagedEventIsRefused() {
    for (Body body : BODIES) {
      byte[] good = event(body);
      for (int length = 0; length < good.length; length++) {
        refused(Arrays.copyOf(good, length));
      }
      refused(Arrays.copyOf(good, good.length + 1));
    }
  }

  @Test
  void aKindThatTheEarlierSchemaDidNotHaveIsRefusedUnderItsFingerprint() throws Exception {
    byte[] good = event(new Body.Observed("PreCompact"));
    int branch = good.length - 1 - "PreCompact".length() - 1;
    assertThat(good[branch]).as("the last kind of the first schema").isEqualTo((byte) (2 * 27));
    byte[] unknown = good.clone();
    unknown[branch] = (byte) (unknown[branch] + 2);
    refused(unknown);
  }

  private void refused(byte[] bytes) {
    assertThatThrownBy(() -> Formats.EVENT.decode(bytes)).isInstanceOf(WireException.class);
    assertThat(inBulk(bytes)).isNull();
  }

  /** The three that decide: in full, in bulk, and the plain one. */
  private static final class Verifiers {
    private final Examiner inBulk = Examiner.inBulk();
    private final Admission full;
    private final Admission bulk;
    private final ReferenceVerifier reference;

    Verifiers(JsonNode vector) {
      String line = vector.path("root").asText();
      Bytes root =
          new Bytes(Base64.getDecoder().decode(line.substring("custody-root-v1 ".length())));
      TrustedRoots roots = new TrustedRoots(List.of(root));
      full = new Admission(new ChainVerifier(roots, new InMemoryChains(), Signatures.ALL));
      bulk = new Admission(new ChainVerifier(roots, new InMemoryChains(), Signatures.SEALS));
      reference = new ReferenceVerifier(root.toByteArray());
    }

    Admission.Result admit(JsonNode record) {
      byte[] key = hex(record.path("key"));
      byte[] value = hex(record.path("value"));
      long timestamp = record.path("timestamp").longValue();
      Admission.Result result = full.admit(key, value, timestamp);
      assertThat(bulk.admit(inBulk.examine(Raw.of(key, value, timestamp))).verdict())
          .isEqualTo(result.verdict());
      assertThat(reference.admit(key, value, timestamp)).isEqualTo(result.verdict().name());
      return result;
    }
  }

  @Test
  void aChainVerifiesFromItsGenesisOn() throws Exception {
    JsonNode vector = read("chain.json");
    Verifiers verifiers = new Verifiers(vector);
    assertThat(vector.path("records")).hasSize(3);
    for (JsonNode record : vector.path("records")) {
      Admission.Result result = verifiers.admit(record);
      assertThat(result.verdict().name()).isEqualTo(record.path("verdict").asText());
      Envelope envelope = Formats.ENVELOPE.decode(hex(record.path("value")));
      assertThat(envelope.event().toByteArray()).isEqualTo(hex(record.path("event")));
      assertThat(VectorChain.hash(envelope).hex()).isEqualTo(record.path("link").asText());
    }
  }

  @TestFactory
  Stream<DynamicTest> everyVerdictIsTheOneInItsFile() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(FIRST)) {
      files =
          all.filter(f -> !List.of("chain.json", "records.json").contains(f.toFile().getName()))
              .sorted()
              .toList();
    }
    assertThat(files).hasSize(7);
    return files.stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.toFile().getName(),
                () -> {
                  JsonNode vector = read(file.toFile().getName());
                  Verifiers verifiers = new Verifiers(vector);
                  for (JsonNode before : vector.path("before")) {
                    assertThat(verifiers.admit(before).verdict().admitted()).isTrue();
                  }
                  Verdict verdict = verifiers.admit(vector.path("record")).verdict();
                  assertThat(verdict.name()).isEqualTo(vector.path("verdict").asText());
                  assertThat(verdict.admitted()).isEqualTo(vector.path("admitted").booleanValue());
                }));
  }
}
