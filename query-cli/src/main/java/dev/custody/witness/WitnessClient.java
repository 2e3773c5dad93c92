package dev.custody.witness;

import dev.custody.digest.StrictText;
import dev.custody.merkle.NodeReader;
import dev.custody.merkle.Proofs;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.NoteSignature;
import dev.custody.note.NoteVerification;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.tlog.AddCheckpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks one witness, of whoever's making, to cosign checkpoints. It remembers nothing: whoever calls
 * keeps the size that was cosigned last, and a wrong one costs a second request.
 */
public final class WitnessClient {
  /** Longest answer that is read, in bytes. */
  public static final int MAX_ANSWER_BYTES = 64 << 10;

  // Others may be submitting the same log: a conflict may be followed by another.
  private static final int TRIES = 3;
  private static final int OK = 200;
  private static final int CONFLICT = 409;

  private final HttpClient http;
  private final URI address;
  private final VerifierKey witness;
  private final Duration timeout;

  /**
   * Of the witness at {@code prefix}.
   *
   * @param http whose redirects are off
   * @param prefix submission prefix, http or https
   * @param witness the key by which its cosignatures are verified
   * @param timeout of one request, from connecting to the last byte
   * @throws WitnessException when there can be no witness at {@code prefix}
   */
  public WitnessClient(HttpClient http, String prefix, VerifierKey witness, Duration timeout)
      throws WitnessException {
    if (!witness.type().cosigns()) {
      throw new IllegalArgumentException("expected the key of a witness, found that of a log");
    }
    this.http = http;
    this.address = address(prefix);
    this.witness = witness;
    this.timeout = timeout;
  }

  private static URI address(String prefix) throws WitnessException {
    try {
      URI uri = new URI((prefix.endsWith("/") ? prefix : prefix + "/") + "add-checkpoint");
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getHost() != null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && (scheme.equals("http") || scheme.equals("https"))) {
        return uri;
      }
    } catch (java.net.URISyntaxException e) {
      throw new WitnessException(notAnAddress(prefix), e);
    }
    throw new WitnessException(notAnAddress(prefix));
  }

  private static String notAnAddress(String prefix) {
    return "expected the URL of a witness, found %s; try: https://HOST/PREFIX"
        .formatted(StrictText.shown(prefix));
  }

  /**
   * Asks for a cosignature of {@code checkpoint}.
   *
   * @param knownOldSize size of the checkpoint that it cosigned last; 0 when that is not known
   * @param nodes of the log, for the proof
   * @throws IOException when {@code nodes} cannot be read
   */
  public Submission submit(SignedNote checkpoint, long knownOldSize, NodeReader nodes)
      throws IOException, InterruptedException {
    long size = size(checkpoint);
    long old = Math.min(knownOldSize, size);
    for (int i = 0; i < TRIES; i++) {
      HttpResponse<byte[]> answer;
      try {
        answer = ask(new AddCheckpoint(old, Proofs.consistency(old, size, nodes), checkpoint));
      } catch (ExecutionException e) {
        return new Submission.Unreachable(reason(e));
      } catch (TimeoutException e) {
        return new Submission.Unreachable("no answer within " + timeout.toMillis() + " ms");
      }
      Submission judged = judge(answer, checkpoint, old);
      if (!(judged instanceof Submission.Ahead ahead) || ahead.size() > size) {
        return judged;
      }
      old = ahead.size();
    }
    return new Submission.Refused(
        CONFLICT, "others were faster %d times; it is at %d now".formatted(TRIES, old));
  }

  private static long size(SignedNote checkpoint) {
    try {
      return Checkpoint.of(checkpoint).size();
    } catch (NoteException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private HttpResponse<byte[]> ask(AddCheckpoint request)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            HttpRequest.newBuilder(address)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(BodyPublishers.ofByteArray(request.encode()))
                .build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      // The timeout of a request ends with the headers; this one ends with the body.
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      answer.cancel(true);
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private Submission judge(HttpResponse<byte[]> answer, SignedNote checkpoint, long old) {
    int status = answer.statusCode();
    try {
      String body = StrictText.utf8(answer.body());
      if (status == OK) {
        return new Submission.Cosigned(verified(body, checkpoint));
      }
      if (status == CONFLICT) {
        long at = size(body);
        if (at == old) {
          return new Submission.Refused(
              status, "it is at %d, and was asked from there".formatted(at));
        }
        return new Submission.Ahead(at);
      }
      return new Submission.Refused(status, StrictText.shown(body.strip()));
    } catch (IllegalArgumentException | NoteException e) {
      return new Submission.Refused(status, "its answer cannot be read: " + e.getMessage());
    }
  }

  private static long size(String body) {
    if (!body.endsWith("\n")) {
      throw new IllegalArgumentException("expected a size and a newline, found no newline");
    }
    return StrictText.decimal(body.substring(0, body.length() - 1));
  }

  // Signatures of other keys are ignored, as the protocol wants it.
  private List<NoteSignature> verified(String body, SignedNote checkpoint) throws NoteException {
    if (!body.endsWith("\n")) {
      throw new IllegalArgumentException("expected signature lines, found no newline at the end");
    }
    List<NoteSignature> own = new ArrayList<>();
    for (String line : body.substring(0, body.length() - 1).split("\n", -1)) {
      NoteSignature signature = NoteSignature.parse(line);
      if (signature.keyId() == witness.id() && signature.name().equals(witness.name())) {
        own.add(signature);
      }
    }
    if (own.isEmpty()) {
      throw new IllegalArgumentException("expected a cosignature of " + witness + ", found none");
    }
    for (NoteVerification verified :
        new SignedNote(checkpoint.text(), own).verify(List.of(witness))) {
      if (verified.time() == null || verified.time().getEpochSecond() == 0) {
        throw new IllegalArgumentException("expected a cosignature with a time, found none");
      }
    }
    return own;
  }
}
