package dev.custody.admission;

import static dev.custody.admission.VectorChain.COLLECTOR;
import static dev.custody.admission.VectorChain.NOW;
import static dev.custody.admission.VectorChain.ROOT;
import static dev.custody.admission.VectorChain.STRANGER;
import static dev.custody.admission.VectorChain.SUCCESSOR;
import static dev.custody.admission.VectorChain.after;
import static dev.custody.admission.VectorChain.at;
import static dev.custody.admission.VectorChain.certificate;
import static dev.custody.admission.VectorChain.chain;
import static dev.custody.admission.VectorChain.event;
import static dev.custody.admission.VectorChain.genesis;
import static dev.custody.admission.VectorChain.hash;
import static dev.custody.admission.VectorChain.heartbeat;
import static dev.custody.admission.VectorChain.rotation;
import static dev.custody.admission.VectorChain.successor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Seal;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Body;
import dev.custody.identity.CertificateRole;
import dev.custody.merkle.MerkleTree;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the vectors of verdicts: what was admitted before, and the record that is judged. The files
 * are named for their defect.
 */
final class VectorFiles {
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  static final Path DIRECTORY = Path.of("src/test/resources/vectors");
  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, ObjectNode> files = new LinkedHashMap<>();
  private final List<Envelope> chain = chain();
  private final ChainId id = chain.getFirst().chain();

  /** One record as Kafka holds it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Stored(byte @Nullable [] key, byte @Nullable [] value, long timestamp) {}

  /** All of them, by file name. */
  static Map<String, ObjectNode> all() throws WireException {
    VectorFiles made = new VectorFiles();
    made.continuity();
    made.rivals();
    made.genesisDefects();
    made.sealDefects();
    made.rotations();
    made.rotationDefects();
    made.byteDefects();
    return made.files;
  }

  static JsonNode read(String name) throws IOException {
    return JSON.readTree(Files.readAllBytes(DIRECTORY.resolve(name)));
  }

  static void write(String name, JsonNode node) throws IOException {
    Files.writeString(DIRECTORY.resolve(name), JSON.writeValueAsString(node) + "\n");
  }

  /** The bytes of a text of hexadecimal digits. */
  static byte[] hex(JsonNode node) {
    return HEX.parseHex(node.textValue());
  }

  static Stored stored(Envelope envelope) {
    try {
      return new Stored(
          envelope.chain().toByteArray(),
          Formats.ENVELOPE.encode(envelope),
          Formats.EVENT.decode(envelope.event().toByteArray()).observedAt().toEpochMilli());
    } catch (WireException e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(String name, String verdict, List<Envelope> before, Envelope judged) {
    add(name, verdict, before, stored(judged));
  }

  private void add(String name, String verdict, List<Envelope> before, Stored judged) {
    ObjectNode file = JSON.createObjectNode();
    file.put("root", TrustedRoots.fileText(ROOT.publicKey()).strip());
    ArrayNode earlier = file.putArray("before");
    before.forEach(envelope -> earlier.add(node(stored(envelope))));
    file.set("record", node(judged));
    file.put("verdict", verdict);
    files.put(name + ".json", file);
  }

  private static ObjectNode node(Stored stored) {
    ObjectNode node = JSON.createObjectNode();
    node.put("key", stored.key() == null ? null : HEX.formatHex(stored.key()));
    node.put("timestamp", stored.timestamp());
    node.put("value", stored.value() == null ? null : HEX.formatHex(stored.value()));
    return node;
  }

  private void continuity() {
    List<Envelope> two = chain.subList(0, 2);
    add("next-event", "Intact", two, chain.get(2));
    add("event-missing", "Gap", chain.subList(0, 1), chain.get(2));
    add("missing-event-arrives-late", "LateFit", List.of(chain.get(0), chain.get(2)), chain.get(1));
    add("same-envelope-again", "Repeat", chain, chain.get(1));
    add("chain-without-genesis", "NoGenesis", List.of(), chain.get(1));
    Envelope far = at(id, 5_000, Digest.ZERO, heartbeat(3));
    add("older-than-the-kept-links", "Stale", List.of(chain.get(0), far), chain.get(0));
  }

  private void rivals() {
    Digest first = hash(chain.get(0));
    add("other-event-at-a-taken-position", "Fork", chain, at(id, 1, first, heartbeat(9)));
    add("previous-of-another-past", "Fork", chain, at(id, 3, first, heartbeat(3)));
    add(
        "late-event-that-does-not-fit",
        "Fork",
        List.of(chain.get(0), chain.get(2)),
        at(id, 1, first, heartbeat(9)));
  }

  private void genesisDefects() {
    byte[] genesis = genesis();
    add("previous-not-zeros", "BadGenesis", List.of(), at(id, 0, hash(chain.get(2)), genesis));
    ChainId other = new ChainId(new byte[ChainId.SIZE]);
    add("chain-id-not-of-the-genesis", "BadGenesis", List.of(), at(other, 0, Digest.ZERO, genesis));
    byte[] heartbeat = heartbeat(0);
    add(
        "first-event-no-genesis",
        "BadGenesis",
        List.of(),
        at(ChainId.ofGenesis(heartbeat), 0, Digest.ZERO, heartbeat));
    opened("certificate-of-an-unknown-root", certificate(CertificateRole.COLLECTOR, STRANGER));
    opened("certificate-of-a-human", certificate(CertificateRole.HUMAN, ROOT));
    byte[] changed = certificate(CertificateRole.COLLECTOR, ROOT).toByteArray();
    changed[changed.length / 2] ^= 1;
    opened("certificate-one-bit-changed", new Bytes(changed));
  }

  private void opened(String name, Bytes certificate) {
    Envelope genesis = Sealer.open(COLLECTOR, genesis(certificate)).genesis();
    add(name, "UnknownSigner", List.of(), genesis);
  }

  private void sealDefects() {
    Digest head = hash(chain.get(2));
    List<Digest> one = List.of(head);
    byte[] next = heartbeat(3);
    add("another-key-named", "WrongKey", chain, at(id, 3, head, next, 3, 1, List.of(), STRANGER));
    add("seal-path-too-long", "BadSeal", chain, at(id, 3, head, next, 3, 1, one, COLLECTOR));
    add("seal-path-too-short", "BadSeal", chain, at(id, 3, head, next, 3, 2, List.of(), COLLECTOR));
    add("seal-of-no-links", "BadSeal", chain, at(id, 3, head, next, 3, 0, List.of(), COLLECTOR));
    List<Digest> seven = java.util.Collections.nCopies(7, head);
    add("seal-of-65-links", "BadSeal", chain, at(id, 3, head, next, 3, 65, seven, COLLECTOR));
    add(
        "seal-begins-after-the-event",
        "BadSeal",
        chain,
        at(id, 3, head, next, 4, 1, List.of(), COLLECTOR));
    add(
        "seal-ends-before-the-event",
        "BadSeal",
        chain,
        at(id, 3, head, next, 1, 2, one, COLLECTOR));
    long last = Long.MAX_VALUE;
    add(
        "seal-beyond-the-last-position",
        "BadSeal",
        chain,
        at(id, last, head, next, last, 1, List.of(), COLLECTOR));
    outsideValidity("observed-when-the-certificate-has-ended", 86_400);
    outsideValidity("observed-before-the-certificate-begins", -301);
  }

  private void outsideValidity(String name, long seconds) {
    byte[] event = event(3, NOW.plusSeconds(seconds), new Body.CollectorHeartbeat(3, 0, 0));
    add(name, "KeyOutsideValidity", chain, at(id, 3, hash(chain.get(2)), event));
  }

  private static byte[] change() {
    return rotation(3, successor(CertificateRole.COLLECTOR, ROOT));
  }

  private List<Envelope> with(Envelope... more) {
    List<Envelope> all = new ArrayList<>(chain);
    all.addAll(List.of(more));
    return all;
  }

  private void rotations() {
    Envelope changed = after(chain.get(2), change(), COLLECTOR);
    Envelope fourth = after(changed, heartbeat(4), SUCCESSOR);
    add("key-changes", "Intact", chain, changed);
    add("event-under-the-new-key", "Intact", with(changed), fourth);
    add(
        "old-event-under-the-old-key-arrives-late",
        "LateFit",
        List.of(chain.get(0), chain.get(2), changed, fourth),
        chain.get(1));
    add(
        "old-key-after-its-rotation",
        "WrongKey",
        with(changed),
        after(changed, heartbeat(4), COLLECTOR));
    add("new-key-before-its-rotation", "WrongKey", chain, after(chain.get(2), change(), SUCCESSOR));
    add(
        "new-key-for-a-late-event-before-its-rotation",
        "WrongKey",
        List.of(chain.get(0), chain.get(2), changed),
        after(chain.get(0), VectorChain.toolCall(), SUCCESSOR));
    Envelope sixth = after(after(fourth, heartbeat(5), SUCCESSOR), heartbeat(6), SUCCESSOR);
    Digest past = hash(fourth);
    add(
        "old-key-for-a-late-event-after-its-rotation",
        "WrongKey",
        with(changed, fourth, sixth),
        at(id, 5, past, heartbeat(5)));
  }

  private void rotationDefects() {
    Envelope before = chain.get(2);
    rotated(
        "new-key-of-an-unknown-root",
        "UnknownSigner",
        successor(CertificateRole.COLLECTOR, STRANGER));
    rotated("new-key-of-a-human", "UnknownSigner", successor(CertificateRole.HUMAN, ROOT));
    rotated(
        "new-key-of-another-collector",
        "BadRotation",
        certificate(
            CertificateRole.COLLECTOR,
            "spiffe://example.test/collector/desktop",
            SUCCESSOR,
            NOW.minusSeconds(300),
            ROOT));
    rotated("key-changes-to-itself", "BadRotation", certificate(CertificateRole.COLLECTOR, ROOT));
    Envelope changed = after(before, change(), COLLECTOR);
    Envelope fourth = after(changed, heartbeat(4), COLLECTOR);
    add("key-changes-too-late", "BadRotation", with(fourth), changed);
    seals(before, changed);
    Envelope later =
        after(
            before,
            rotation(
                3,
                certificate(
                    CertificateRole.COLLECTOR,
                    "spiffe://example.test/collector/laptop",
                    SUCCESSOR,
                    NOW.plusSeconds(3_600),
                    ROOT)),
            COLLECTOR);
    add(
        "new-key-before-its-certificate-begins",
        "KeyOutsideValidity",
        with(later),
        after(later, heartbeat(4), SUCCESSOR));
  }

  private void seals(Envelope before, Envelope changed) {
    Digest past = hash(before);
    Digest behind = hash(after(changed, heartbeat(4), COLLECTOR));
    List<Digest> path = List.of(behind);
    add(
        "key-changes-inside-a-seal",
        "BadSeal",
        chain,
        at(id, 3, past, change(), 3, 2, path, COLLECTOR));
    add("seal-begins-before-the-new-key", "BadSeal", with(changed), reachingBack(changed));
    Envelope unseen = after(before, heartbeat(3), COLLECTOR);
    Envelope late = after(unseen, change(), COLLECTOR);
    List<Digest> beyond = List.of(hash(late), behind);
    add(
        "seal-ends-after-the-old-key",
        "BadSeal",
        with(late),
        at(id, 3, past, heartbeat(3), 3, 3, beyond, COLLECTOR));
  }

  private void rotated(String name, String verdict, Bytes certificate) {
    add(name, verdict, chain, after(chain.get(2), rotation(3, certificate), COLLECTOR));
  }

  /** An event under the new key in a seal that begins with the rotation. */
  private Envelope reachingBack(Envelope rotation) {
    Digest past = hash(rotation);
    byte[] event = heartbeat(4);
    Digest link = new Link(id, 4, past, Digest.sha256(event)).hash();
    Seal seal = new Seal(SUCCESSOR.keyId(), id, 3, 2, MerkleTree.node(past, link));
    return new Envelope(
        id,
        4,
        past,
        new Bytes(event),
        3,
        2,
        List.of(past),
        SUCCESSOR.keyId(),
        SUCCESSOR.sign(seal.statement()));
  }

  private void byteDefects() {
    Envelope good = chain.get(2);
    List<Envelope> two = chain.subList(0, 2);
    Stored stored = stored(good);
    byte[] value = value(stored);
    add("event-one-bit-changed", "BadSeal", two, with(good, flipped(good.event(), 12), null));
    byte[] signature = good.signature().toByteArray();
    signature[63] ^= 1;
    add(
        "signature-one-bit-changed",
        "BadSeal",
        two,
        with(good, good.event(), new SignatureBytes(signature)));
    add(
        "timestamp-not-the-signed-one",
        "Relabelled",
        two,
        new Stored(stored.key(), value, stored.timestamp() + 1));
    add(
        "kafka-key-not-the-chain",
        "Relabelled",
        two,
        new Stored(new byte[16], value, stored.timestamp()));
    add("no-kafka-key", "Relabelled", two, new Stored(null, value, stored.timestamp()));
    malformed("no-value", null);
    malformed("one-byte-too-many", Arrays.copyOf(value, value.length + 1));
    malformed("one-byte-too-few", Arrays.copyOf(value, value.length - 1));
    byte[] foreign = value.clone();
    foreign[2] ^= 1;
    malformed("foreign-schema", foreign);
    malformed("event-instead-of-envelope", good.event().toByteArray());
    malformed("negative-sequence", Formats.ENVELOPE.encode(at(id, -1, Digest.ZERO, heartbeat(3))));
    malformed(
        "event-that-does-not-decode",
        Formats.ENVELOPE.encode(with(good, new Bytes(new byte[] {(byte) 0xc3, 1}), null)));
  }

  private void malformed(String name, byte @Nullable [] value) {
    add(
        name,
        "Malformed",
        chain.subList(0, 2),
        new Stored(id.toByteArray(), value, NOW.plusSeconds(30).toEpochMilli()));
  }

  private static byte[] value(Stored stored) {
    byte[] value = stored.value();
    return value == null ? new byte[0] : value;
  }

  private static Bytes flipped(Bytes bytes, int at) {
    byte[] changed = bytes.toByteArray();
    changed[at] ^= 1;
    return new Bytes(changed);
  }

  private static Envelope with(Envelope e, Bytes event, @Nullable SignatureBytes signature) {
    return new Envelope(
        e.chain(),
        e.sequence(),
        e.previous(),
        event,
        e.sealFirst(),
        e.sealSize(),
        e.sealPath(),
        e.key(),
        signature == null ? e.signature() : signature);
  }
}
