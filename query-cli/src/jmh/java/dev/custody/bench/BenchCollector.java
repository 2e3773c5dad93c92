package dev.custody.bench;

import dev.custody.admission.CertificateAuthority;
import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.digest.ChainId;
import dev.custody.signing.Signer;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A collector of the bench: seals events 64 at a time, ready to be appended. */
final class BenchCollector {
  private static final int SEAL = 64;

  private final Sealer sealer;
  private final ChainId chain;
  private final long timestamp;
  private final Envelope genesis;

  /**
   * Opens a chain.
   *
   * @param timestamp when all its events but the first are observed, milliseconds
   */
  BenchCollector(CertificateAuthority authority, Signer signer, int number, long timestamp) {
    Sealer.Opened opened =
        Sealer.open(
            signer,
            WrittenLog.genesis(
                authority.certifyCollector(
                    "spiffe://bench/collector/" + number,
                    signer.publicKey(),
                    WrittenLog.BEGIN,
                    Duration.ofDays(3650))));
    this.sealer = opened.sealer();
    this.genesis = opened.genesis();
    this.chain = genesis.chain();
    this.timestamp = timestamp;
  }

  ProducerRecord<byte[], byte[]> genesis() {
    // Admission compares the time of a record with what is signed.
    return record(genesis, WrittenLog.BEGIN.toEpochMilli());
  }

  List<ProducerRecord<byte[], byte[]>> seal(List<byte[]> events) {
    List<ProducerRecord<byte[], byte[]>> sealed = new ArrayList<>();
    for (int from = 0; from < events.size(); from += SEAL) {
      List<byte[]> some = events.subList(from, Math.min(from + SEAL, events.size()));
      sealer.seal(some).forEach(envelope -> sealed.add(record(envelope, timestamp)));
    }
    return sealed;
  }

  private ProducerRecord<byte[], byte[]> record(Envelope envelope, long time) {
    return new ProducerRecord<>(
        Topic.EVENTS.topicName(),
        null,
        time,
        chain.toByteArray(),
        Formats.ENVELOPE.encode(envelope));
  }
}
