package dev.custody.admit;

import dev.custody.admission.Admission;
import dev.custody.admission.ChainVerifier;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.Verdict;
import dev.custody.admission.VerifiedEvent;
import dev.custody.attribution.Position;
import dev.custody.attribution.Reject;
import dev.custody.chain.EnvelopeView;
import dev.custody.digest.ChainId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides of each record, from its own partition alone, whether it is admitted. Repeats are dropped
 * without a word.
 */
public final class AdmitProcessor
    implements Processor<byte @Nullable [], byte @Nullable [], String, AdmissionOutcome> {
  /** State store of the chains. */
  public static final String STORE = "chains";

  private static final Logger LOG = LoggerFactory.getLogger(AdmitProcessor.class);
  private static final int MAX_KEY_HEX = 128;
  private static final ChainId NO_CHAIN = new ChainId(new byte[ChainId.SIZE]);

  private final TrustedRoots roots;
  private @Nullable ProcessorContext<String, AdmissionOutcome> context;
  private @Nullable Admission admission;

  /** Trusts {@code roots}. */
  public AdmitProcessor(TrustedRoots roots) {
    this.roots = roots;
  }

  @Override
  public void init(ProcessorContext<String, AdmissionOutcome> context) {
    this.context = context;
    this.admission =
        new Admission(new ChainVerifier(roots, new StoredChains(context.getStateStore(STORE))));
  }

  @Override
  public void process(Record<byte @Nullable [], byte @Nullable []> record) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    Admission.Result result =
        Objects.requireNonNull(admission).admit(record.key(), record.value(), record.timestamp());
    Verdict verdict = result.verdict();
    if (verdict instanceof Verdict.Repeat) {
      return;
    }
    Position position = position(at, result.envelope());
    VerifiedEvent event = result.event();
    if (event == null) {
      forward(record, new AdmissionOutcome.Rejected(reject(record, at, verdict)));
    } else {
      forward(record, new AdmissionOutcome.Admitted(event, position));
    }
    suspicion(verdict, position, record.timestamp()).ifPresent(s -> forward(record, s));
  }

  private static Optional<AdmissionOutcome> suspicion(
      Verdict verdict, Position position, long timestamp) {
    String chain = position.chain().hex();
    return switch (verdict) {
      case Verdict.Intact v -> Optional.empty();
      case Verdict.Gap gap -> {
        LOG.warn(
            "{} at partition {} offset {}: {}",
            gap.name(),
            position.partition(),
            position.offset(),
            gap.detail());
        yield Optional.of(
            new AdmissionOutcome.Suspicion(
                gap.name(),
                gap.detail(),
                position,
                timestamp,
                chain + "#" + gap.expected(),
                false));
      }
      case Verdict.LateFit fit when fit.closed() ->
          Optional.of(
              new AdmissionOutcome.Suspicion(
                  "Gap",
                  fit.detail(),
                  position,
                  fit.gap().reportedAt().toEpochMilli(),
                  chain + "#" + fit.gap().reported(),
                  true));
      case Verdict.LateFit v -> Optional.empty();
      default -> {
        LOG.warn(
            "{} at partition {} offset {}: {}",
            verdict.name(),
            position.partition(),
            position.offset(),
            verdict.detail());
        yield Optional.of(
            new AdmissionOutcome.Suspicion(
                verdict.name(),
                verdict.detail(),
                position,
                timestamp,
                position.partition() + "/" + position.offset(),
                false));
      }
    };
  }

  private void forward(Record<?, ?> cause, AdmissionOutcome outcome) {
    context().forward(new Record<>(chainOf(outcome), outcome, Math.max(0, cause.timestamp())));
  }

  private static String chainOf(AdmissionOutcome outcome) {
    return switch (outcome) {
      case AdmissionOutcome.Admitted a -> a.position().chain().hex();
      case AdmissionOutcome.Suspicion s -> s.position().chain().hex();
      case AdmissionOutcome.Rejected r -> keyOf(r.reject());
    };
  }

  // The key is whole in the reject; a hostile one must not be there twice again, in hex.
  private static String keyOf(Reject reject) {
    dev.custody.digest.Bytes key = reject.key();
    if (key == null) {
      return "";
    }
    String hex = key.hex();
    return hex.substring(0, Math.min(hex.length(), MAX_KEY_HEX));
  }

  private static Position position(RecordMetadata at, @Nullable EnvelopeView envelope) {
    return envelope == null
        ? new Position(at.partition(), at.offset(), NO_CHAIN, -1)
        : new Position(
            at.partition(), at.offset(), envelope.chain(), envelope.sequence(), envelope.key());
  }

  private static Reject reject(
      Record<byte @Nullable [], byte @Nullable []> record, RecordMetadata at, Verdict verdict) {
    byte[] key = record.key();
    byte[] value = record.value();
    return new Reject(
        verdict.name(),
        verdict.detail(),
        at.partition(),
        at.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        key == null ? null : new dev.custody.digest.Bytes(key),
        value == null ? null : new dev.custody.digest.Bytes(value));
  }

  private ProcessorContext<String, AdmissionOutcome> context() {
    return Objects.requireNonNull(context);
  }
}
