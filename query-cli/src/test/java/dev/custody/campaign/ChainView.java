package dev.custody.campaign;

import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.signing.Signer;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One chain of a clean log, with what only its maker knows. Unchanged once the log is made. */
final class ChainView {
  private final int collector;
  private final int partition;
  private final @Nullable ChainHead predecessor;
  private final List<Envelope> envelopes = new ArrayList<>();
  private final NavigableMap<Long, Signer> signers = new TreeMap<>();
  // Where each position is stored, first copy first.
  private final List<List<Integer>> places = new ArrayList<>();
  private boolean stopped;
  private @Nullable ChainId successor;

  ChainView(int collector, int partition, Signer first, @Nullable ChainHead predecessor) {
    this.collector = collector;
    this.partition = partition;
    this.predecessor = predecessor;
    signers.put(0L, first);
  }

  // --- while the log is made

  void add(Envelope envelope) {
    envelopes.add(envelope);
    places.add(new ArrayList<>(1));
  }

  void storedAt(Envelope envelope, int index) {
    places.get((int) envelope.sequence()).add(index);
  }

  void keyFrom(long sequence, Signer next) {
    signers.put(sequence, next);
  }

  void stop() {
    stopped = true;
  }

  void followedBy(ChainId next) {
    successor = next;
  }

  // --- afterwards

  ChainId id() {
    return envelopes.getFirst().chain();
  }

  int collector() {
    return collector;
  }

  int partition() {
    return partition;
  }

  @Nullable ChainHead predecessor() {
    return predecessor;
  }

  @Nullable ChainId successor() {
    return successor;
  }

  boolean stopped() {
    return stopped;
  }

  int size() {
    return envelopes.size();
  }

  Envelope envelope(long sequence) {
    return envelopes.get((int) sequence);
  }

  ChainHead head() {
    Envelope last = envelopes.getLast();
    return new ChainHead(last.chain(), last.sequence(), linkHash(last.sequence()));
  }

  Digest linkHash(long sequence) {
    return Link.of(envelope(sequence)).hash();
  }

  /** Who sealed that position, or would have sealed it. */
  Signer signerAt(long sequence) {
    return signers.floorEntry(sequence).getValue();
  }

  /** How many keys sealed it. */
  int keys() {
    return signers.size();
  }

  /** First positions of its keys but the first one. */
  List<Long> rotatedBefore() {
    return List.copyOf(signers.tailMap(1L).keySet());
  }

  Event event(long sequence) {
    try {
      return Formats.EVENT.decode(envelope(sequence).event().toByteArray());
    } catch (WireException e) {
      throw new IllegalStateException(e);
    }
  }

  Body body(long sequence) {
    return event(sequence).body();
  }

  boolean isHeartbeat(long sequence) {
    return body(sequence) instanceof Body.CollectorHeartbeat;
  }

  /** Where the position is stored first. */
  int firstAt(long sequence) {
    return places.get((int) sequence).getFirst();
  }

  /** Everywhere that it is stored. */
  List<Integer> placesOf(long sequence) {
    return places.get((int) sequence);
  }

  /** The first record of this chain, in the order of offsets, that {@code but} does not exclude. */
  @Nullable Integer firstStored(java.util.function.LongPredicate but) {
    Integer first = null;
    for (long sequence = 0; sequence < size(); sequence++) {
      if (!but.test(sequence) && (first == null || firstAt(sequence) < first)) {
        first = firstAt(sequence);
      }
    }
    return first;
  }
}
