package dev.custody.witness;

import dev.custody.merkle.NodeReader;
import dev.custody.note.NoteSignature;
import dev.custody.note.SignedNote;
import dev.custody.tlog.WitnessPolicy;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The witnesses of a policy that have a URL; all are asked at once, none waits for another. */
public final class Witnesses implements AutoCloseable {
  private final WitnessPolicy policy;
  private final HttpClient http;
  private final Map<String, WitnessClient> clients = new LinkedHashMap<>();

  /**
   * Of {@code policy}.
   *
   * @param timeout of one request to one witness
   * @throws WitnessException when a witness's URL is none
   */
  public Witnesses(WitnessPolicy policy, Duration timeout) throws WitnessException {
    this.policy = policy;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    try {
      for (WitnessPolicy.Witness witness : policy.witnesses()) {
        if (witness.url() != null) {
          clients.put(
              witness.name(), new WitnessClient(http, witness.url(), witness.key(), timeout));
        }
      }
    } catch (WitnessException e) {
      http.close();
      throw e;
    }
  }

  /**
   * What came of a round.
   *
   * @param note the checkpoint with every cosignature that was had
   * @param quorum whether these are enough for the policy
   * @param submissions by the witness's name in the policy
   */
  public record Round(SignedNote note, boolean quorum, Map<String, Submission> submissions) {
    /** Copies the submissions. */
    public Round {
      submissions = Map.copyOf(submissions);
    }
  }

  /**
   * Asks all of them to cosign {@code checkpoint}.
   *
   * @param known size that each cosigned last, by its name in the policy; none is as good as 0
   * @param nodes of the log; asked by one thread at a time
   * @throws IOException when {@code nodes} cannot be read
   */
  public Round cosign(SignedNote checkpoint, Map<String, Long> known, NodeReader nodes)
      throws IOException, InterruptedException {
    NodeReader one =
        (level, index) -> {
          synchronized (this) {
            return nodes.node(level, index);
          }
        };
    Map<String, Submission> answers = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, Future<Submission>> asked = new LinkedHashMap<>();
      clients.forEach((name, client) ->
          asked.put(
              name,
              threads.submit(() -> client.submit(checkpoint, known.getOrDefault(name, 0L), one))));
      for (Map.Entry<String, Future<Submission>> answer : asked.entrySet()) {
        answers.put(answer.getKey(), result(answer.getValue()));
      }
    }
    return round(checkpoint, answers);
  }

  private static Submission result(Future<Submission> answer)
      throws IOException, InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException unreadable -> throw unreadable;
        case RuntimeException defect -> throw defect;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private Round round(SignedNote checkpoint, Map<String, Submission> answers) {
    List<NoteSignature> signatures = new ArrayList<>(checkpoint.signatures());
    Set<String> cosigned = new TreeSet<>();
    answers.forEach((name, answer) -> {
      if (answer instanceof Submission.Cosigned had) {
        signatures.addAll(had.cosignatures());
        cosigned.add(name);
      }
    });
    return new Round(
        new SignedNote(checkpoint.text(), signatures), policy.quorumOf(cosigned), answers);
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
