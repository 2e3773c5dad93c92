package dev.custody.tlog;

import static dev.custody.tlog.TlogVectors.LOG;
import static dev.custody.tlog.TlogVectors.POLICY;
import static dev.custody.tlog.TlogVectors.W1;
import static dev.custody.tlog.TlogVectors.W2;
import static dev.custody.tlog.TlogVectors.longer;
import static dev.custody.tlog.TlogVectors.shorter;
import static dev.custody.tlog.TlogVectors.text;

import dev.custody.merkle.ReferenceTree;
import dev.custody.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Malformed tiles, bundles, proofs and policies, named for their defect. */
final class TlogDefects {
  private final TlogVectors vectors;

  private TlogDefects(TlogVectors vectors) {
    this.vectors = vectors;
  }

  static void addTo(TlogVectors vectors) {
    TlogDefects defects = new TlogDefects(vectors);
    defects.paths();
    defects.tiles();
    defects.proofs();
    defects.requests();
    defects.policyLines();
    defects.policyGroups();
  }

  private void path(String name, String path) {
    vectors.malformed("tile-path", name, path);
  }

  private void paths() {
    path("empty", "");
    path("leading-slash", "/tile/0/000");
    path("trailing-slash", "tile/0/000/");
    path("no-index", "tile/0");
    path("index-empty", "tile/0/");
    path("level-64", "tile/64/000");
    path("level-negative", "tile/-1/000");
    path("level-with-leading-zero", "tile/00/000");
    path("level-with-plus", "tile/+1/000");
    path("level-unknown", "tile/data/000");
    path("index-not-padded", "tile/0/67");
    path("index-padded-to-four", "tile/0/0067");
    path("index-with-superfluous-group", "tile/0/x000/067");
    path("index-group-without-x", "tile/0/001/067");
    path("index-ends-with-x", "tile/0/x001/x067");
    path("index-with-sign", "tile/0/-67");
    path("index-2-to-the-63", "tile/0/x009/x223/x372/x036/x854/x775/808");
    path("index-upwards", "tile/0/../checkpoint");
    path("width-0", "tile/0/000.p/0");
    path("width-256", "tile/0/000.p/256");
    path("width-with-leading-zero", "tile/0/000.p/044");
    path("width-missing", "tile/0/000.p/");
    path("width-twice", "tile/0/000.p/44.p/44");
    path("path-after-the-width", "tile/0/000.p/44/000");
    path("query-after-the-path", "tile/0/000?");
    path("longer-than-any", "tile/0/" + "x001/".repeat(30) + "001");
  }

  private void tiles() {
    byte[] tile = HashTile.encode(List.of(ReferenceTree.leaf(0), ReferenceTree.leaf(1)));
    vectors.malformed("tile", "byte-after-the-hashes", longer(tile), 2);
    vectors.malformed("tile", "last-byte-missing", shorter(tile), 2);
    vectors.malformed("tile", "wider-than-its-name", tile, 1);
    vectors.malformed("tile", "narrower-than-its-name", tile, 3);
    vectors.malformed("tile", "empty", new byte[0], 1);
    byte[] bundle = EntryBundle.encode(List.of(ReferenceTree.entry(0), ReferenceTree.entry(1)));
    vectors.malformed("entry-bundle", "byte-after-the-entries", longer(bundle), 2);
    vectors.malformed("entry-bundle", "last-entry-cut", shorter(bundle), 2);
    vectors.malformed("entry-bundle", "length-cut", new byte[] {0}, 1);
    vectors.malformed("entry-bundle", "entry-more-than-its-name-says", bundle, 1);
    vectors.malformed("entry-bundle", "entry-less-than-its-name-says", bundle, 3);
    vectors.malformed("entry-bundle", "length-beyond-the-end", new byte[] {-1, -1, 1}, 1);
    vectors.malformed("entry-bundle", "empty", new byte[0], 1);
  }

  private void proof(String name, String proof) {
    vectors.malformed("proof", name, proof);
  }

  private void proofs() {
    String good = text(TlogVectors.proof().encode());
    String hash = TlogVectors.proof().inclusion().getFirst().base64();
    proof("empty", "");
    proof("header-missing", good.substring(good.indexOf('\n') + 1));
    proof("header-of-another-version", good.replace("@v1", "@v2"));
    proof("header-only", "c2sp.org/tlog-proof@v1\n\n");
    proof("index-missing", good.replace("index 72\n", ""));
    proof("index-with-leading-zero", good.replace("index 72", "index 072"));
    proof("index-with-two-spaces", good.replace("index 72", "index  72"));
    proof("index-negative", good.replace("index 72", "index -1"));
    proof("index-the-size", good.replace("index 72", "index 300"));
    proof("index-2-to-the-63", good.replace("index 72", "index 9223372036854775808"));
    proof("extra-empty", good.replace("index", "extra \nindex"));
    proof("extra-after-the-index", good.replace("index 72\n", "index 72\nextra AQID\n"));
    proof("extra-twice", good.replace("index", "extra AQID\nextra AQID\nindex"));
    proof("extra-base64-not-canonical", good.replace("index", "extra AQJ=\nindex"));
    proof("hash-base64-not-canonical", good.replace(hash, TlogVectors.respelled(hash)));
    proof("hash-of-12-bytes", good.replace(hash, "AAAAAAAAAAAAAAAA"));
    proof("hashes-64", good.replace(hash, (hash + "\n").repeat(55) + hash));
    proof("hash-after-an-empty-line", good.replace(hash, "\n" + hash));
    proof(
        "empty-line-missing", good.replace("\n\n" + TlogVectors.ORIGIN, "\n" + TlogVectors.ORIGIN));
    proof("crlf", good.replace("\n", "\r\n"));
    proof("crlf-in-the-head", good.replace("index 72\n", "index 72\r\n"));
    proof("checkpoint-unsigned", good.substring(0, good.indexOf("\u2014 ")));
    proof("checkpoint-size-with-leading-zero", good.replace("\n300\n", "\n0300\n"));
    proof("checkpoint-no-checkpoint", good.replace("\n300\n", "\n"));
    proof("byte-after-the-last-newline", good + "x");
    proof("text-before-the-header", "\n" + good);
  }

  private void request(String name, String body) {
    vectors.malformed("add-checkpoint", name, body);
  }

  private void requests() {
    String good = text(TlogVectors.growth().encode());
    String hash = TlogVectors.growth().proof().getFirst().base64() + "\n";
    request("empty", "");
    request("checkpoint-only", good.substring(good.indexOf("\n\n") + 2));
    request("old-size-missing", good.replace("old 7\n", ""));
    request("old-size-with-leading-zero", good.replace("old 7", "old 07"));
    request("old-size-with-two-spaces", good.replace("old 7", "old  7"));
    request("old-size-negative", good.replace("old 7", "old -7"));
    request("old-size-in-capitals", good.replace("old 7", "Old 7"));
    request("empty-line-missing", good.replaceFirst("\n\n", "\n"));
    request("empty-line-twice", good.replaceFirst("\n\n", "\n\n\n"));
    request("crlf", good.replace("\n", "\r\n"));
    request("hashes-64", good.replace(hash, hash.repeat(65 - TlogVectors.growth().proof().size())));
    request("hash-without-padding", good.replace(hash, hash.replace("=", "")));
    request("byte-after-the-last-newline", good + "x");
  }

  private void policy(String name, String policy) {
    vectors.malformed("policy", name, policy);
  }

  private void policyLines() {
    String key = W1.key().toString();
    policy("empty", "");
    policy("no-quorum", POLICY.replace("quorum all-witnesses\n", ""));
    policy("two-quorums", POLICY + "quorum none\n");
    policy("no-newline-at-the-end", POLICY.substring(0, POLICY.length() - 1));
    policy("crlf", POLICY.replace("\n", "\r\n"));
    policy("delete-character", POLICY.replace("w3", "w\u007f"));
    policy("form-feed-between-words", POLICY.replace("quorum ", "quorum\f"));
    policy("word-unknown", "Quorum none\n");
    policy("log-without-key", "log\nquorum none\n");
    policy("log-with-two-urls", "log " + LOG.key() + " a b\nquorum none\n");
    policy("log-twice", "log " + LOG.key() + "\nlog " + LOG.key() + "\nquorum none\n");
    VerifierKey renamed = VerifierKey.ed25519("other.example", LOG.key().publicKey());
    policy(
        "log-twice-by-another-name", "log " + LOG.key() + "\nlog " + renamed + "\nquorum none\n");
    policy("log-with-the-key-of-a-witness", "log " + key + "\nquorum none\n");
    policy("witness-without-name", "witness " + key + "\nquorum none\n");
    policy("witness-with-the-key-of-a-log", "witness w " + LOG.key() + "\nquorum w\n");
    policy("witness-key-twice", "witness w " + key + "\nwitness v " + key + "\nquorum w\n");
    policy("witness-name-twice", "witness w " + key + "\nwitness w " + W2.key() + "\nquorum w\n");
    policy("witness-named-none", "witness none " + key + "\nquorum none\n");
    policy("key-id-changed", "witness w " + key.replaceFirst("\\+.", "+g") + "\nquorum w\n");
    byte[] latin1 =
        "witness w caf\u00e9+00000000+AAAA\nquorum w\n".getBytes(StandardCharsets.ISO_8859_1);
    vectors.malformed("policy", "key-not-utf-8", latin1);
  }

  private void policyGroups() {
    String two = "witness w " + W1.key() + "\nwitness v " + W2.key() + "\n";
    policy("group-without-members", two + "group g all\nquorum g\n");
    policy("group-of-none", two + "group g any none\nquorum g\n");
    policy("group-threshold-0", two + "group g 0 w v\nquorum g\n");
    policy("group-threshold-above-its-members", two + "group g 3 w v\nquorum g\n");
    policy("group-threshold-with-leading-zero", two + "group g 01 w v\nquorum g\n");
    policy("group-threshold-negative", two + "group g -1 w v\nquorum g\n");
    policy("group-threshold-beyond-32-bits", two + "group g 4294967297 w v\nquorum g\n");
    policy("group-member-undefined", two + "group g any x\nquorum g\n");
    policy("group-member-defined-after", "group g any w\n" + two + "quorum g\n");
    policy("group-member-of-itself", two + "group g any w g\nquorum g\n");
    policy("group-member-twice", two + "group g any w w\nquorum g\n");
    policy("member-of-two-groups", two + "group g any w\ngroup h any w\nquorum g\n");
    policy("group-named-as-a-witness", two + "group w any v\nquorum w\n");
    policy("group-named-none", two + "group none any v\nquorum none\n");
    policy("quorum-undefined", "quorum w\n");
    policy("quorum-before-its-definition", "quorum w\n" + two);
    policy("quorum-of-two-names", two + "quorum w v\n");
  }
}
