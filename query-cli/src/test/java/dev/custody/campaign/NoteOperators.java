package dev.custody.campaign;

import dev.custody.digest.Digest;
import dev.custody.note.NoteSignature;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Signed notes, checkpoints and cosignatures that were respelled, forged or taken from elsewhere.
 */
final class NoteOperators {
  private static final String BAD = "BadCheckpoint";

  private NoteOperators() {}

  static List<Operator> all() {
    List<Operator> all = new ArrayList<>(notes());
    all.addAll(checkpoints());
    all.addAll(signedByTheLog());
    all.addAll(lists());
    all.addAll(witnesses());
    return all;
  }

  private static List<Operator> notes() {
    return List.of(
        new Operator(
            "flip a bit of a checkpoint",
            1,
            Target.NOTE,
            40,
            (worlds, random) -> judged(worlds, random, Expected.of(BAD), NoteOperators::flip)),
        note("repeat a signature line", "expected each signature once", (n, r) -> n + line(n)),
        note("respell a note's line ends", "control characters", (n, r) -> n.replace("\n", "\r\n")),
        note("respell a signature's base64", "canonical base64", (n, r) -> respelled(n)),
        note("append bytes to a note", "", (n, r) -> n + "x".repeat(1 + r.nextInt(9))),
        note("append an empty line to a note", "", (n, r) -> n + "\n"),
        note("cut a note", "", (n, r) -> n.substring(0, r.nextInt(n.length()))),
        note(
            "take a note's empty line away",
            "expected an empty line after the text",
            (n, r) -> n.replace("\n\n", "\n")),
        note(
            "cut a note's last byte",
            "newline at the end",
            (n, r) -> n.substring(0, n.length() - 1)),
        note("sign a note a hundred times more", "at most 100", (n, r) -> crowded(n)),
        note("lengthen a signature", "fails", (n, r) -> lengthened(n)),
        note("put an empty line into a note's text", "", (n, r) -> n.replaceFirst("\n", "\n\n")),
        note(
            "take the signature away",
            "at least one signature",
            (n, r) -> n.substring(0, n.indexOf("\n\n") + 2)),
        note("put text before a note", "fails", (n, r) -> "more\n\n" + n),
        note("blow a note up", "expected at most", (n, r) -> n + "\n".repeat(1_000_000)));
  }

  private static List<Operator> checkpoints() {
    return List.of(
        text("change a checkpoint's size", "", (t, r) -> line(t, 1, "" + r.nextLong(1L << 40))),
        text("change a checkpoint's root", "", (t, r) -> line(t, 2, root(r))),
        text("change a checkpoint's origin", "", (t, r) -> line(t, 0, "other.example/log/0/0")),
        text("add a line to a checkpoint", "", (t, r) -> t + "more\n"));
  }

  /** What only the log itself can sign, and must not. */
  private static List<Operator> signedByTheLog() {
    return List.of(
        signed("sign a root of 12 bytes", "root: expected 32", (t, r) -> line(t, 2, bytes(12))),
        signed("sign a root of 33 bytes", "root: expected 32", (t, r) -> line(t, 2, bytes(33))),
        signed("sign a size with a leading zero", "leading zeros", (t, r) -> line(t, 1, "007")),
        signed("sign a size with a sign", "decimal", (t, r) -> line(t, 1, "+7")),
        signed("sign a size past 2^63", "2^63", (t, r) -> line(t, 1, "9223372036854775808")),
        signed("sign a respelled root", "canonical base64", (t, r) -> respelled(t)),
        signed("sign two lines only", "found 2 lines", (t, r) -> t.substring(0, nth(t, 1))),
        signed(
            "sign another log's checkpoint", "found one of", (t, r) -> line(t, 0, "o.example/1")),
        signed("sign a checkpoint without origin", "line 1", (t, r) -> line(t, 0, "")));
  }

  private static Operator note(
      String name, String saying, BiFunction<String, SplittableRandom, String> change) {
    return new Operator(
        name,
        1,
        Target.NOTE,
        6,
        (worlds, random) ->
            judged(
                worlds,
                random,
                Expected.because(saying, BAD),
                (note, r) -> utf8(change.apply(text(note.encode()), r))));
  }

  private static Operator text(
      String name, String saying, BiFunction<String, SplittableRandom, String> change) {
    return new Operator(
        name,
        1,
        Target.CHECKPOINT,
        10,
        (worlds, random) ->
            judged(
                worlds,
                random,
                Expected.because(saying, BAD),
                (note, r) ->
                    new SignedNote(change.apply(note.text(), r), note.signatures()).encode()));
  }

  private static Operator signed(
      String name, String saying, BiFunction<String, SplittableRandom, String> change) {
    return new Operator(
        name,
        3,
        Target.CHECKPOINT,
        6,
        (worlds, random) ->
            judged(
                worlds,
                random,
                Expected.because(saying, BAD),
                (note, r) -> LogFiles.sign(0, change.apply(note.text(), r)).encode()));
  }

  private static Mutation judged(
      Worlds worlds,
      SplittableRandom random,
      Expected expected,
      BiFunction<SignedNote, SplittableRandom, byte[]> change) {
    Tree tree = worlds.tree();
    long size = worlds.size(random);
    SignedNote clean = LogFiles.checkpoint(0, tree, size);
    byte[] changed = change.apply(clean, random);
    return new Mutation(
        "checkpoint of size " + size,
        Arrays.equals(changed, clean.encode()),
        expected,
        () -> LogFiles.judge(LogFiles.signedList().encode(), 0, changed));
  }

  // --- lists of logs

  private static List<Operator> lists() {
    return List.of(
        list("flip a bit of the list of logs", 20, NoteOperators::flip),
        list(
            "name a key of one's own in the list of logs",
            8,
            (note, r) ->
                new SignedNote(
                        note.text()
                            + new NoteSigner(LogFiles.origin(0).toString(), Organisation.thief())
                                .key()
                            + "\n",
                        note.signatures())
                    .encode()),
        list(
            "sign the list of logs with another root",
            8,
            (note, r) ->
                LogFiles.list()
                    .sign(new NoteSigner(LogList.rootName(LogFiles.NAME), Organisation.STRANGER))
                    .encode()),
        list(
            "take a checkpoint for the list of logs",
            4,
            (note, r) -> LogFiles.sign(0, "a.example/0/0\n1\n" + bytes(32) + "\n").encode()));
  }

  private static Operator list(
      String name, int weight, BiFunction<SignedNote, SplittableRandom, byte[]> change) {
    return new Operator(
        name,
        1,
        Target.NOTE,
        weight,
        (worlds, random) -> {
          SignedNote clean = LogFiles.signedList();
          byte[] changed = change.apply(clean, random);
          byte[] checkpoint = LogFiles.checkpoint(0, worlds.tree(), 1).encode();
          return new Mutation(
              "list of logs",
              Arrays.equals(changed, clean.encode()),
              Expected.of("BadLogList"),
              () -> LogFiles.judge(changed, 0, checkpoint));
        });
  }

  // --- who signed

  private static List<Operator> witnesses() {
    return List.of(
        witnessed("strip cosignatures", 3, "NoQuorum", (n, r) -> LogFiles.cosigned(n, 1)),
        witnessed("repeat one witness's cosignature", 3, BAD, NoteOperators::twice),
        witnessed(
            "cosign as somebody unknown",
            3,
            "NoQuorum",
            (n, r) ->
                LogFiles.cosigned(n, 0)
                    .with(
                        new dev.custody.note.Cosigner("witness.example/x", Organisation.thief())
                            .cosign(n.text(), LogFiles.SEEN))),
        witnessed("cosign under a witness's name", 3, BAD, NoteOperators::impostor),
        witnessed("lengthen a cosignature", 3, BAD, NoteOperators::longCosignature),
        witnessed("move a cosignature in time", 3, BAD, NoteOperators::moved),
        witnessed("move cosignatures to another root", 3, BAD, NoteOperators::otherRoot),
        unsigned("sign a checkpoint with an unknown key", NoteOperators::unknownKey),
        unsigned("sign a checkpoint under the log's key id", NoteOperators::claimedId),
        unsigned("sign a checkpoint with another log's key", NoteOperators::otherLogsKey));
  }

  private static Operator witnessed(
      String name,
      int level,
      String verdict,
      BiFunction<SignedNote, SplittableRandom, SignedNote> change) {
    return new Operator(
        name,
        level,
        Target.CHECKPOINT,
        6,
        (worlds, random) -> {
          SignedNote clean = LogFiles.checkpoint(0, worlds.tree(), worlds.size(random));
          byte[] changed = change.apply(clean, random).encode();
          return new Mutation(
              "cosigned checkpoint",
              false,
              Expected.of(verdict),
              () -> LogFiles.judgeWitnessed(0, changed));
        });
  }

  private static SignedNote twice(SignedNote note, SplittableRandom random) {
    return LogFiles.cosigned(note, 0)
        .with(
            LogFiles.WITNESSES
                .getFirst()
                .cosign(note.text(), LogFiles.SEEN.plusSeconds(1 + random.nextInt(9))));
  }

  private static SignedNote impostor(SignedNote note, SplittableRandom random) {
    NoteSignature forged =
        new dev.custody.note.Cosigner(LogFiles.WITNESSES.get(1).key().name(), Organisation.thief())
            .cosign(note.text(), LogFiles.SEEN);
    return LogFiles.cosigned(note, 0)
        .with(
            new NoteSignature(
                forged.name(), LogFiles.WITNESSES.get(1).key().id(), forged.signature()));
  }

  private static SignedNote longCosignature(SignedNote note, SplittableRandom random) {
    NoteSignature honest = LogFiles.WITNESSES.get(1).cosign(note.text(), LogFiles.SEEN);
    return LogFiles.cosigned(note, 0).with(longer(honest));
  }

  private static NoteSignature longer(NoteSignature signature) {
    byte[] blob = signature.signature().toByteArray();
    return new NoteSignature(
        signature.name(),
        signature.keyId(),
        new dev.custody.digest.Bytes(Arrays.copyOf(blob, blob.length + 1)));
  }

  private static String lengthened(String note) {
    try {
      SignedNote clean = SignedNote.parse(utf8(note));
      return text(
          new SignedNote(clean.text(), List.of(longer(clean.signatures().getFirst()))).encode());
    } catch (dev.custody.note.NoteException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String crowded(String note) {
    StringBuilder more = new StringBuilder(note);
    for (int i = 0; i < SignedNote.MAX_SIGNATURES; i++) {
      more.append("\u2014 somebody.example/").append(i).append(' ').append(bytes(68)).append('\n');
    }
    return more.toString();
  }

  private static SignedNote moved(SignedNote note, SplittableRandom random) {
    NoteSignature true1 = LogFiles.WITNESSES.get(1).cosign(note.text(), LogFiles.SEEN);
    byte[] blob = true1.signature().toByteArray();
    blob[7] ^= (byte) (1 + random.nextInt(255));
    return LogFiles.cosigned(note, 0)
        .with(new NoteSignature(true1.name(), true1.keyId(), new dev.custody.digest.Bytes(blob)));
  }

  private static SignedNote otherRoot(SignedNote note, SplittableRandom random) {
    SignedNote cosigned = LogFiles.cosigned(note, 0, 2);
    String text = line(note.text(), 2, root(random));
    List<NoteSignature> signatures = new ArrayList<>(LogFiles.sign(0, text).signatures());
    signatures.addAll(cosigned.signatures().subList(1, cosigned.signatures().size()));
    return new SignedNote(text, signatures);
  }

  private static Operator unsigned(
      String name, BiFunction<SignedNote, SplittableRandom, byte[]> change) {
    return new Operator(
        name,
        1,
        Target.CHECKPOINT,
        8,
        (worlds, random) -> judged(worlds, random, Expected.of(BAD), change));
  }

  private static byte[] unknownKey(SignedNote note, SplittableRandom random) {
    NoteSigner thief = new NoteSigner(LogFiles.origin(0).toString(), Organisation.thief());
    return new SignedNote(note.text(), List.of(thief.sign(note.text()))).encode();
  }

  private static byte[] claimedId(SignedNote note, SplittableRandom random) {
    NoteSigner thief = new NoteSigner(LogFiles.origin(0).toString(), Organisation.thief());
    return new SignedNote(
            note.text(),
            List.of(
                new NoteSignature(
                    thief.key().name(),
                    LogFiles.signer(0).key().id(),
                    thief.sign(note.text()).signature())))
        .encode();
  }

  private static byte[] otherLogsKey(SignedNote note, SplittableRandom random) {
    NoteSigner other = new NoteSigner(LogFiles.origin(0).toString(), LogFiles.key(1));
    return new SignedNote(
            note.text(),
            List.of(
                random.nextBoolean()
                    ? LogFiles.signer(1).sign(note.text())
                    : other.sign(note.text())))
        .encode();
  }

  // --- texts

  private static byte[] flip(SignedNote note, SplittableRandom random) {
    byte[] bytes = note.encode();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String line(String note) {
    return note.substring(note.indexOf("\n\n") + 2);
  }

  private static String line(String text, int number, String other) {
    String[] lines = text.split("\n", -1);
    lines[number] = other;
    return String.join("\n", lines);
  }

  private static int nth(String text, int line) {
    int at = -1;
    for (int i = 0; i <= line; i++) {
      at = text.indexOf('\n', at + 1);
    }
    return at + 1;
  }

  private static String bytes(int count) {
    return Base64.getEncoder().encodeToString(new byte[count]);
  }

  private static String root(SplittableRandom random) {
    byte[] root = new byte[Digest.SIZE];
    random.nextBytes(root);
    return new Digest(root).base64();
  }

  /** Another spelling of the last base64 in it, of which lax decoders make the same bytes. */
  static String respelled(String text) {
    int end = text.lastIndexOf('=');
    while (text.charAt(end - 1) == '=') {
      end--;
    }
    char last = text.charAt(end - 1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return text.substring(0, end - 1)
        + alphabet.charAt(alphabet.indexOf(last) ^ 1)
        + text.substring(end);
  }
}
