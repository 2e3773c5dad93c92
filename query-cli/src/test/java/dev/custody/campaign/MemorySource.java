package dev.custody.campaign;

import dev.custody.admission.Examiner.Raw;
import dev.custody.audit.RecordSource;
import java.io.IOException;
import java.util.List;

/** A topic in memory, of which everything is stored already. */
final class MemorySource implements RecordSource {
  private final List<List<Row>> partitions;
  private final boolean[] read;

  MemorySource(List<List<Row>> partitions) {
    this.partitions = partitions;
    this.read = new boolean[partitions.size()];
  }

  @Override
  public int begin() {
    return partitions.size();
  }

  @Override
  public void read(int partition, Sink sink) throws IOException {
    if (read[partition]) {
      return;
    }
    read[partition] = true;
    List<Row> rows = partitions.get(partition);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      sink.record(
          new Stored(
              new Place(partition, i, null, 0), Raw.of(row.key(), row.value(), row.timestamp())));
    }
  }

  @Override
  public RecordSource again() {
    return new MemorySource(partitions);
  }

  @Override
  public double progress() {
    return 1;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
