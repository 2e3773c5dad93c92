package dev.custody.note;

import dev.custody.digest.StrictText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text and who signed it (c2sp.org/signed-note). Until {@link #verify} or {@link
 * #requireSignedBy} has been asked, the text is anybody's.
 *
 * @param text ends with a newline, which is signed too
 * @param signatures at least one, none twice
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
  /** Longest note, in bytes; with {@link #MAX_SIGNATURES} what golang.org/x/mod accepts. */
  public static final int MAX_BYTES = 1_000_000;

  /** Most signatures; the format asks for 16 at least. */
  public static final int MAX_SIGNATURES = 100;

  /** Longest text, in characters: a checkpoint needs about a hundred. */
  public static final int MAX_TEXT_CHARS = 64 << 10;

  private static final String BLANK = "\n\n";

  /**
   * @throws IllegalArgumentException for a text or signatures that a note cannot hold
   */
  public SignedNote {
    signatures = List.copyOf(signatures);
    String defect = defect(text, signatures);
    if (defect != null) {
      throw new IllegalArgumentException(defect);
    }
  }

  /**
   * Parses a note; nothing of it is verified.
   *
   * @throws NoteException saying what is wrong
   */
  public static SignedNote parse(byte[] note) throws NoteException {
    if (note.length > MAX_BYTES) {
      throw new NoteException(
          "not a signed note: expected at most %d bytes, found %d"
              .formatted(MAX_BYTES, note.length));
    }
    try {
      return read(StrictText.utf8(note));
    } catch (IllegalArgumentException e) {
      throw new NoteException("not a signed note: " + e.getMessage(), e);
    }
  }

  private static SignedNote read(String note) {
    refuseControls(note);
    int end = note.lastIndexOf(BLANK);
    if (end < 0) {
      throw new IllegalArgumentException("expected an empty line after the text, found none");
    }
    String lines = note.substring(end + BLANK.length());
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("expected at least one signature, found none");
    }
    if (!lines.endsWith("\n")) {
      throw new IllegalArgumentException("expected a newline at the end, found none");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    for (String line : lines.substring(0, lines.length() - 1).split("\n", MAX_SIGNATURES + 1)) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw new IllegalArgumentException(
            "expected at most %d signatures, found more".formatted(MAX_SIGNATURES));
      }
      signatures.add(signature(line, signatures.size() + 1));
    }
    return new SignedNote(note.substring(0, end + 1), signatures);
  }

  private static NoteSignature signature(String line, int number) {
    try {
      return NoteSignature.read(line);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("signature %d: %s".formatted(number, e.getMessage()), e);
    }
  }

  private static void refuseControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && c != '\n') {
        throw new IllegalArgumentException(
            "expected no control characters but newlines, found 0x%02x at character %d"
                .formatted((int) c, i));
      }
    }
  }

  private static @Nullable String defect(String text, List<NoteSignature> signatures) {
    if (!text.endsWith("\n")) {
      return "expected a text that ends with a newline, found " + StrictText.shown(text);
    }
    if (text.length() > MAX_TEXT_CHARS) {
      return "expected a text of at most %d characters, found %d"
          .formatted(MAX_TEXT_CHARS, text.length());
    }
    if (!KeyNames.wellFormed(text)) {
      return "expected Unicode text, found half of a surrogate pair";
    }
    if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
      return "expected 1 to %d signatures, found %d".formatted(MAX_SIGNATURES, signatures.size());
    }
    refuseControls(text);
    Set<NoteSignature> seen = new HashSet<>();
    for (NoteSignature signature : signatures) {
      if (!seen.add(signature)) {
        return "expected each signature once, found that of %s twice"
            .formatted(signature.keyName());
      }
    }
    return null;
  }

  /** The bytes that {@link #parse} takes. */
  public byte[] encode() {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature).append('\n'));
    return note.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** This note, signed once more. */
  public SignedNote with(NoteSignature signature) {
    List<NoteSignature> more = new ArrayList<>(signatures);
    more.add(signature);
    return new SignedNote(text, more);
  }

  /**
   * Which of the {@code known} keys signed, in the order of the note; empty when none did, and then
   * the text must be ignored. Signatures of other keys are ignored.
   *
   * @throws NoteException when a known key's signature fails, or is there twice: the note is
   *     refused whole
   */
  public List<NoteVerification> verify(Collection<VerifierKey> known) throws NoteException {
    List<NoteVerification> verified = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (NoteSignature signature : signatures) {
      List<VerifierKey> named = known.stream().filter(key -> key.made(signature)).toList();
      if (named.isEmpty()) {
        continue;
      }
      if (!seen.add(signature.keyName())) {
        throw new NoteException(
            "expected one signature of %s, found two".formatted(signature.keyName()));
      }
      verified.add(verified(signature, named));
    }
    return List.copyOf(verified);
  }

  // Two keys of one name may have one id: it has 32 bits only.
  private NoteVerification verified(NoteSignature signature, List<VerifierKey> named)
      throws NoteException {
    for (VerifierKey key : named) {
      NoteVerification verification = SignatureCheck.of(key, signature, text);
      if (verification != null) {
        return verification;
      }
    }
    throw new NoteException("the signature of %s fails".formatted(signature.keyName()));
  }

  /**
   * What {@code key} signed.
   *
   * @throws NoteException when it did not, or its signature fails
   */
  public NoteVerification requireSignedBy(VerifierKey key) throws NoteException {
    List<NoteVerification> verified = verify(List.of(key));
    if (verified.isEmpty()) {
      throw new NoteException(
          "expected a signature of %s, found none among %d".formatted(key, signatures.size()));
    }
    return verified.getFirst();
  }
}
