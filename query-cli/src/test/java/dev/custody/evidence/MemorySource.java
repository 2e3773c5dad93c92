package dev.custody.evidence;

import dev.custody.admission.Examiner;
import dev.custody.audit.RecordSource;
import dev.custody.chain.Envelope;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.util.List;

/** Records of one partition, in memory, each as a collector publishes it. */
public record MemorySource(List<Envelope> published) implements RecordSource {
  private static final long OBSERVED = dev.custody.admission.TestChain.NOW.toEpochMilli();

  @Override
  public int begin() {
    return 1;
  }

  @Override
  public void read(int partition, Sink sink) throws IOException {
    for (int offset = 0; offset < published.size(); offset++) {
      Envelope envelope = published.get(offset);
      sink.record(
          new Stored(
              new Place(partition, offset, null, 0),
              Examiner.Raw.of(
                  envelope.chain().toByteArray(), Formats.ENVELOPE.encode(envelope), OBSERVED)));
    }
  }

  @Override
  public RecordSource again() {
    return this;
  }

  @Override
  public double progress() {
    return 1;
  }

  @Override
  public void close() {
    // It is memory.
  }
}
