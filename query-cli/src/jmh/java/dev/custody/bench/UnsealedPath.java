package dev.custody.bench;

import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Event;
import dev.custody.publish.Outlet;
import dev.custody.publish.Publisher;
import dev.custody.spool.Sealed;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolException;
import dev.custody.spool.SpoolLimits;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The collector's way of recording, with its spool and its publisher, and neither chain nor seal:
 * nothing is hashed, and all is under a signature that is none.
 */
final class UnsealedPath implements AutoCloseable {
  private static final int COMMIT_EVENTS = 1024;
  private static final ChainId CHAIN = new ChainId(new byte[ChainId.SIZE]);
  private static final SignatureBytes NONE = new SignatureBytes(new byte[64]);

  private final Spool spool;
  private final Publisher publisher;
  private final KeyId key;
  private final Thread writer;
  private final BlockingQueue<Call> queue = new LinkedBlockingQueue<>();
  private long sequence;

  private record Pending(Bytes event, Instant observedAt) {}

  private record Call(List<Pending> events, CompletableFuture<Void> answer) {}

  private UnsealedPath(Spool spool, Outlet.Opener outlet, KeyId key) {
    this.spool = spool;
    this.key = key;
    this.publisher = Publisher.start(spool, outlet);
    this.writer = Thread.ofPlatform().name("bench-writer").daemon().unstarted(this::write);
  }

  static UnsealedPath start(Path directory, Outlet.Opener outlet, KeyId key)
      throws SpoolException {
    UnsealedPath path =
        new UnsealedPath(Spool.open(directory, SpoolLimits.DEFAULT), outlet, key);
    path.writer.start();
    return path;
  }

  void record(List<Event> events) {
    List<Pending> pending =
        events.stream()
            .map(e -> new Pending(new Bytes(Formats.EVENT.encode(e)), e.observedAt()))
            .toList();
    Call call = new Call(pending, new CompletableFuture<>());
    queue.add(call);
    call.answer().join();
  }

  private void write() {
    try {
      while (true) {
        List<Call> calls = new ArrayList<>();
        int events = 0;
        for (Call call = queue.take();
            call != null;
            call = events < COMMIT_EVENTS ? queue.poll() : null) {
          calls.add(call);
          events += call.events().size();
        }
        List<Sealed> envelopes = new ArrayList<>(events);
        ChainHead last = spool.head();
        Digest previous = last == null ? Digest.ZERO : last.link();
        for (Call call : calls) {
          for (Pending event : call.events()) {
            envelopes.add(unsealed(event, previous));
            previous = Digest.ZERO;
          }
        }
        spool.append(envelopes);
        publisher.wake();
        calls.forEach(call -> call.answer().complete(null));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SpoolException e) {
      throw new IllegalStateException(e);
    }
  }

  // The spool asks what the first of a write follows, and believes the others.
  private Sealed unsealed(Pending event, Digest previous) {
    return new Sealed(
        new Envelope(
            CHAIN, sequence++, previous, event.event(), 0, 1, List.of(), key, NONE),
        event.observedAt(),
        null);
  }

  boolean awaitPublished() throws InterruptedException {
    return publisher.awaitPublished(Duration.ofMinutes(5));
  }

  @Override
  public void close() {
    writer.interrupt();
    publisher.close();
    spool.close();
  }
}
