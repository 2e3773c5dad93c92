package dev.custody.tlog;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.digest.Digest;
import dev.custody.merkle.ReferenceTree;
import dev.custody.note.Checkpoint;
import dev.custody.note.Cosigner;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.signing.TestSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The well-formed files that the vectors begin with, and the map of all vectors. Everybody can
 * compute these keys, so they protect nothing.
 */
final class TlogVectors {
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static final String ORIGIN = "log.example/custody/3/1";
  static final NoteSigner LOG = new NoteSigner(ORIGIN, TestSigner.named("log"));
  static final Cosigner W1 = new Cosigner("witness.example/w1", TestSigner.named("w1"));
  static final Cosigner W2 = new Cosigner("witness.example/w2", TestSigner.named("w2"));
  static final Cosigner W3 = new Cosigner("witness.example/w3", TestSigner.named("w3"));
  static final Instant SEEN = Instant.ofEpochSecond(1_795_000_000);
  static final int SIZE = 300;
  static final int INDEX = 72;
  static final ReferenceTree TREE = ReferenceTree.ofSize(SIZE);

  private final Map<String, ObjectNode> files = new LinkedHashMap<>();

  static Checkpoint checkpoint() {
    return new Checkpoint(ORIGIN, SIZE, TREE.root(SIZE));
  }

  static SignedNote signed(Checkpoint checkpoint) {
    return new SignedNote(checkpoint.text(), List.of(LOG.sign(checkpoint.text())));
  }

  static SignedNote cosigned(Cosigner... witnesses) {
    SignedNote note = signed(checkpoint());
    for (Cosigner witness : witnesses) {
      note = note.with(witness.cosign(note.text(), SEEN));
    }
    return note;
  }

  static TlogProof proof() {
    return new TlogProof(null, INDEX, TREE.path(INDEX, SIZE), cosigned(W1, W2));
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static final String POLICY =
      """
      # two of three
      log %s https://log.example/custody/3/1/
      witness w1 %s https://w1.example/
      witness w2 %s
      witness w3 %s
      group all-witnesses 2 w1 w2 w3
      quorum all-witnesses
      """
          .formatted(LOG.key(), W1.key(), W2.key(), W3.key());

  /** All of them, by path below {@code vectors/tlog}. */
  static Map<String, ObjectNode> all() {
    TlogVectors made = new TlogVectors();
    made.wellFormed();
    NoteDefects.addTo(made);
    TlogDefects.addTo(made);
    return made.files;
  }

  private void wellFormed() {
    wellFormed("note", "checkpoint-of-a-log", text(signed(checkpoint()).encode()))
        .put("log", LOG.key().toString());
    wellFormed("note", "checkpoint-with-two-cosignatures", text(cosigned(W1, W2).encode()))
        .put("log", LOG.key().toString())
        .put("witness1", W1.key().toString())
        .put("witness2", W2.key().toString())
        .put("seenAtSecond", SEEN.getEpochSecond());
    wellFormed("checkpoint", "three-lines", checkpoint().text())
        .put("origin", ORIGIN)
        .put("size", SIZE)
        .put("root", TREE.root(SIZE).hex());
    wellFormed("checkpoint", "no-leaves", new Checkpoint(ORIGIN, 0, Digest.sha256()).text())
        .put("size", 0);
    wellFormed("checkpoint", "extension-line", checkpoint().text() + "more\n").put("size", SIZE);
    wellFormed("vkey", "key-of-a-log", LOG.key().toString())
        .put("publicKey", LOG.key().publicKey().hex());
    wellFormed("vkey", "key-of-a-witness", W1.key().toString())
        .put("publicKey", W1.key().publicKey().hex());
    wellFormed("tile-path", "first-tile", "tile/0/000");
    wellFormed("tile-path", "index-of-three-groups", "tile/1/x001/x234/067");
    wellFormed("tile-path", "partial-tile", "tile/0/001.p/44");
    wellFormed("tile-path", "entries", "tile/entries/x001/000.p/255");
    wellFormed("tile-path", "largest-index", "tile/63/x009/x223/x372/x036/x854/x775/807");
    byte[] tile = HashTile.encode(List.of(TREE.mth(0, 256)));
    wellFormed("tile", "one-hash", tile).put("width", 1);
    byte[] bundle =
        EntryBundle.encode(List.of(ReferenceTree.entry(0), new byte[0], ReferenceTree.entry(2)));
    wellFormed("entry-bundle", "an-empty-entry-between-two", bundle).put("width", 3);
    wellFormed("proof", "leaf-72-of-300", text(proof().encode()))
        .put("log", LOG.key().toString())
        .put("leaf", ReferenceTree.leaf(INDEX).hex());
    wellFormed("proof", "only-leaf-with-extra-data", text(onlyLeaf().encode()))
        .put("leaf", ReferenceTree.leaf(0).hex());
    wellFormed("add-checkpoint", "from-7-to-300", text(growth().encode()));
    wellFormed("policy", "two-of-three", POLICY);
    wellFormed("policy", "no-witness", "quorum none\n");
    wellFormed("policy", "tabs-and-comments", " \t\n# \u00e9\n\tquorum\t none \n");
  }

  static AddCheckpoint growth() {
    return new AddCheckpoint(7, TREE.proof(7, SIZE), signed(checkpoint()));
  }

  private static TlogProof onlyLeaf() {
    return new TlogProof(
        new dev.custody.digest.Bytes(new byte[] {1, 2, 3}),
        0,
        List.of(),
        signed(new Checkpoint(ORIGIN, 1, TREE.root(1))));
  }

  private ObjectNode wellFormed(String kind, String name, String text) {
    return add(kind + "/" + name, kind).put("text", text);
  }

  private ObjectNode wellFormed(String kind, String name, byte[] bytes) {
    return add(kind + "/" + name, kind).put("hex", HexFormat.of().formatHex(bytes));
  }

  void malformed(String kind, String name, String text) {
    add(kind + "/malformed/" + name, kind).put("text", text);
  }

  void malformed(String kind, String name, byte[] bytes) {
    add(kind + "/malformed/" + name, kind).put("hex", HexFormat.of().formatHex(bytes));
  }

  void malformed(String kind, String name, byte[] bytes, int width) {
    add(kind + "/malformed/" + name, kind)
        .put("hex", HexFormat.of().formatHex(bytes))
        .put("width", width);
  }

  private ObjectNode add(String path, String kind) {
    ObjectNode file = JSON.createObjectNode().put("kind", kind);
    if (files.put(path + ".json", file) != null) {
      throw new IllegalStateException("two vectors are named " + path);
    }
    return file;
  }

  /** {@code text} with its last base64 digit raised by one: the same bytes, spelled otherwise. */
  static String respelled(String text) {
    int pad = text.lastIndexOf('=');
    while (text.charAt(pad - 1) == '=') {
      pad--;
    }
    return text.substring(0, pad - 1) + (char) (text.charAt(pad - 1) + 1) + text.substring(pad);
  }

  static byte[] bytes(VerifierKey key, int type) {
    byte[] typed = new byte[33];
    typed[0] = (byte) type;
    key.publicKey().copyTo(typed, 1);
    return typed;
  }

  static byte[] longer(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  static byte[] shorter(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - 1);
  }
}
