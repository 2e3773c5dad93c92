package dev.custody.tiles;

import dev.custody.merkle.NodeReader;
import dev.custody.note.Checkpoint;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.WitnessPolicy;
import dev.custody.witness.Submission;
import dev.custody.witness.WitnessException;
import dev.custody.witness.Witnesses;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a checkpoint only when enough witnesses have cosigned it. What each cosigned last is kept
 * in memory: a witness tells it to who asks with another size.
 */
public final class Witnessed implements Cosigning, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Witnessed.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Witnesses witnesses;
  private final Map<LogOrigin, Map<String, Long>> cosigned = new HashMap<>();

  /**
   * Asks the witnesses of {@code policy}.
   *
   * @throws WitnessException when a witness's URL is none
   */
  public Witnessed(WitnessPolicy policy) throws WitnessException {
    this.witnesses = new Witnesses(policy, TIMEOUT);
  }

  @Override
  public Optional<SignedNote> cosign(
      LogOrigin origin, SignedNote note, Checkpoint checkpoint, NodeReader nodes)
      throws IOException {
    Map<String, Long> known = cosigned.computeIfAbsent(origin, o -> new HashMap<>());
    try {
      Witnesses.Round round = witnesses.cosign(note, known, nodes);
      round
          .submissions()
          .forEach((witness, answer) -> {
            if (answer instanceof Submission.Cosigned) {
              known.put(witness, checkpoint.size());
            } else {
              LOG.warn("witness {} did not cosign {}: {}", witness, origin, answer);
            }
          });
      return round.quorum() ? Optional.of(round.note()) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    witnesses.close();
  }
}
