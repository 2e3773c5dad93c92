package dev.custody.tlog;

import static dev.custody.tlog.TlogVectors.LOG;
import static dev.custody.tlog.TlogVectors.ORIGIN;
import static dev.custody.tlog.TlogVectors.respelled;
import static dev.custody.tlog.TlogVectors.text;

import dev.custody.digest.Bytes;
import dev.custody.note.NoteSignature;
import dev.custody.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Malformed notes, checkpoints and verifier keys, named for their defect. */
final class NoteDefects {
  private final TlogVectors vectors;

  private NoteDefects(TlogVectors vectors) {
    this.vectors = vectors;
  }

  static void addTo(TlogVectors vectors) {
    NoteDefects defects = new NoteDefects(vectors);
    defects.notes();
    defects.signatureLines();
    defects.checkpoints();
    defects.sizes();
    defects.keys();
  }

  private void note(String name, String text) {
    vectors.malformed("note", name, text);
  }

  private void notes() {
    SignedNote good = TlogVectors.signed(TlogVectors.checkpoint());
    String note = text(good.encode());
    String line = good.signatures().getFirst() + "\n";
    note("empty", "");
    note("byte-after-the-last-newline", note + "x");
    note("no-newline-at-the-end", note.substring(0, note.length() - 1));
    note("empty-line-at-the-end", note + "\n");
    note("no-empty-line", note.replace("\n\n", "\n"));
    note("no-signature", good.text() + "\n");
    note("signature-line-twice", note + line);
    note("crlf", note.replace("\n", "\r\n"));
    note("crlf-after-the-signature", note.substring(0, note.length() - 1) + "\r\n");
    note("tab-in-the-text", note.replace(ORIGIN, ORIGIN + "\t"));
    note("zero-byte-in-the-text", note.replace(ORIGIN, ORIGIN + "\0"));
    byte[] latin1 = note.replace(ORIGIN, "caf\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    vectors.malformed("note", "text-not-utf-8", latin1);
    note("only-an-empty-line-and-a-signature", "\n" + line);
    NoteSignature stranger = new NoteSignature("a.example", 1, new Bytes(new byte[] {1}));
    StringBuilder many = new StringBuilder("text\n\n");
    for (int i = 0; i <= SignedNote.MAX_SIGNATURES; i++) {
      many.append(new NoteSignature("a.example/" + i, stranger.keyId(), stranger.signature()));
      many.append('\n');
    }
    note("signatures-101", many.toString());
  }

  private void signatureLines() {
    SignedNote good = TlogVectors.signed(TlogVectors.checkpoint());
    String note = text(good.encode());
    note("base64-not-canonical", respelled(note));
    note("base64-without-padding", note.replace("=\n", "\n").replaceFirst("\n", "=\n"));
    note("base64-url-safe", note.replace('+', '-').replaceFirst("/(?=[^/\n]*=\n$)", "_"));
    note("base64-broken", note.replaceFirst("=\n$", "!\n"));
    note("hyphen-for-the-em-dash", note.replace('\u2014', '-'));
    note("key-name-with-plus", note.replace("\u2014 log", "\u2014 lo+g"));
    note("key-name-with-no-break-space", note.replace("\u2014 log", "\u2014 lo\u00a0g"));
    note("key-name-with-ideographic-space", note.replace("\u2014 log", "\u2014 lo\u3000g"));
    note("key-name-with-next-line", note.replace("\u2014 log", "\u2014 lo\u0085g"));
    note("key-name-missing", note.replace("\u2014 " + ORIGIN, "\u2014 "));
    note("two-spaces-before-the-signature", note.replace(ORIGIN + " ", ORIGIN + "  "));
    note("space-after-the-signature", note.substring(0, note.length() - 1) + " \n");
    note("no-space-after-the-em-dash", note.replace("\u2014 ", "\u2014"));
    note("signature-missing", good.text() + "\n\u2014 " + ORIGIN + "\n");
    note("signature-empty", good.text() + "\n\u2014 " + ORIGIN + " \n");
    note("key-id-only", good.text() + "\n\u2014 " + ORIGIN + " AAAAAA==\n");
    note("key-id-too-short", good.text() + "\n\u2014 " + ORIGIN + " AAAA\n");
    note("text-in-place-of-a-signature", good.text() + "\nmore\n");
  }

  private void checkpoint(String name, String text) {
    vectors.malformed("checkpoint", name, text);
  }

  private static String lines(String size, String root) {
    return ORIGIN + "\n" + size + "\n" + root + "\n";
  }

  private void checkpoints() {
    String root = TlogVectors.checkpoint().root().base64();
    String good = lines("300", root);
    checkpoint("empty", "");
    checkpoint("two-lines", ORIGIN + "\n300\n");
    checkpoint("no-newline-at-the-end", good.substring(0, good.length() - 1));
    checkpoint("origin-empty", good.replace(ORIGIN, ""));
    checkpoint("empty-line-after-the-root", good + "\n");
    checkpoint("empty-line-between-extension-lines", good + "more\n\nmore\n");
    checkpoint("crlf", good.replace("\n", "\r\n"));
    String twelve = Base64.getEncoder().encodeToString(new byte[12]);
    checkpoint("root-of-12-bytes", lines("300", twelve));
    checkpoint("root-of-31-bytes", lines("300", Base64.getEncoder().encodeToString(new byte[31])));
    checkpoint("root-of-33-bytes", lines("300", Base64.getEncoder().encodeToString(new byte[33])));
    checkpoint("root-missing", lines("300", ""));
    checkpoint("root-in-hex", lines("300", TlogVectors.checkpoint().root().hex()));
    checkpoint("root-base64-not-canonical", respelled(good));
    checkpoint("root-base64-without-padding", good.replace("=", ""));
    checkpoint("root-base64-padded-twice", good.replace("=", "=="));
    checkpoint("space-after-the-root", good.replace("=", "= "));
  }

  private void sizes() {
    String root = TlogVectors.checkpoint().root().base64();
    checkpoint("size-missing", lines("", root));
    checkpoint("size-with-leading-zero", lines("0300", root));
    checkpoint("size-00", lines("00", root));
    checkpoint("size-with-plus", lines("+300", root));
    checkpoint("size-negative", lines("-300", root));
    checkpoint("size-with-space-before", lines(" 300", root));
    checkpoint("size-with-space-after", lines("300 ", root));
    checkpoint("size-in-hex", lines("0x12c", root));
    checkpoint("size-with-separator", lines("1,000", root));
    checkpoint("size-in-arabic-digits", lines("\u0663\u0660\u0660", root));
    checkpoint("size-2-to-the-63", lines("9223372036854775808", root));
    checkpoint("size-2-to-the-64-and-300", lines("18446744073709551916", root));
  }

  private void vkey(String name, String text) {
    vectors.malformed("vkey", name, text);
  }

  private static String vkey(byte[] typed) {
    String[] parts = LOG.key().toString().split("\\+", 3);
    return parts[0] + "+" + parts[1] + "+" + Base64.getEncoder().encodeToString(typed);
  }

  private void keys() {
    String good = LOG.key().toString();
    String[] parts = good.split("\\+", 3);
    vkey("empty", "");
    vkey("no-id", parts[0] + "+" + parts[2].replace("+", ""));
    vkey("no-name", "+" + parts[1] + "+" + parts[2]);
    vkey("name-with-space", good.replace("log.", "log ."));
    vkey("id-of-another-name", good.replace("log.", "lag."));
    vkey("id-in-capitals", parts[0] + "+" + "ABCDEF01" + "+" + parts[2]);
    vkey("id-with-nine-digits", parts[0] + "+0" + parts[1] + "+" + parts[2]);
    vkey("key-of-the-ecdsa-type", vkey(TlogVectors.bytes(LOG.key(), 2)));
    vkey("key-of-the-ml-dsa-type-with-32-bytes", vkey(TlogVectors.bytes(LOG.key(), 6)));
    vkey("key-of-31-bytes", vkey(TlogVectors.shorter(TlogVectors.bytes(LOG.key(), 1))));
    vkey("key-of-33-bytes", vkey(TlogVectors.longer(TlogVectors.bytes(LOG.key(), 1))));
    vkey("key-missing", parts[0] + "+" + parts[1] + "+");
    vkey("type-of-a-witness-with-the-id-of-a-log", vkey(TlogVectors.bytes(LOG.key(), 4)));
    vkey("newline-at-the-end", good + "\n");
  }
}
