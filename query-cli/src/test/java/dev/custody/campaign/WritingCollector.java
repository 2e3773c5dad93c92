package dev.custody.campaign;

import dev.custody.campaign.LogWriter.Sent;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.digest.ChainId;
import dev.custody.event.Body;
import dev.custody.signing.Signer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One honest collector of a clean log: its key, its chain, what it sends and sends again. */
final class WritingCollector {
  private static final int RESENT = 12;

  private final LogWriter log;
  private final int number;
  private final List<Sent> sent = new ArrayList<>();
  private int generation;
  private @Nullable Sealer sealer;
  private @Nullable ChainView view;
  private boolean stopped;

  WritingCollector(LogWriter log, int number) {
    this.log = log;
    this.number = number;
  }

  int number() {
    return number;
  }

  boolean isStopped() {
    return stopped;
  }

  ChainView view() {
    return java.util.Objects.requireNonNull(view);
  }

  ChainHead head() {
    return sealer().head();
  }

  Signer signer() {
    return Organisation.signer(number, generation);
  }

  private Sealer sealer() {
    return java.util.Objects.requireNonNull(sealer);
  }

  /** Begins a chain. */
  void open(@Nullable ChainHead before, boolean unknown) {
    Body.Predecessor predecessor =
        before == null
            ? null
            : new Body.Predecessor(before.chain(), before.sequence(), before.link());
    byte[] genesis =
        log.encoded(
            new Body.Genesis(
                Organisation.certificate(number, signer()),
                predecessor,
                unknown,
                "custody-campaign 1"));
    int home = log.home(ChainId.ofGenesis(genesis));
    Sealer.Opened opened = Sealer.open(signer(), genesis);
    ChainView chain = new ChainView(number, home, signer(), before);
    chain.add(opened.genesis());
    log.opened(chain);
    if (before != null) {
      log.view(before.chain()).followedBy(chain.id());
    }
    sealer = opened.sealer();
    view = chain;
    stopped = false;
    sent.clear();
    send(new Sent(opened.genesis(), log.clock()));
  }

  private void send(Sent envelope) {
    sent.add(envelope);
    log.send(this, envelope);
  }

  private List<Sent> seal(List<Body> bodies) {
    List<byte[]> events = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (Body body : bodies) {
      events.add(log.encoded(body));
      times.add(log.clock());
    }
    List<Envelope> sealed = sealer().seal(events);
    List<Sent> result = new ArrayList<>();
    for (int i = 0; i < sealed.size(); i++) {
      view().add(sealed.get(i));
      result.add(new Sent(sealed.get(i), times.get(i)));
    }
    return result;
  }

  private List<Sent> heartbeats(int count) {
    List<Body> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bodies.add(new Body.CollectorHeartbeat(i, 0, 0));
    }
    return seal(bodies);
  }

  /** Seals that many heartbeats at once. */
  void batch(int count) {
    heartbeats(count).forEach(this::send);
  }

  /** Records something else. */
  void record(Body body) {
    seal(List.of(body)).forEach(this::send);
  }

  /** Sends two batches in the wrong order. */
  void late(int first, int second) {
    List<Sent> early = heartbeats(first);
    heartbeats(second).forEach(this::send);
    early.forEach(this::send);
  }

  /** Sends again what it is not sure to have sent. */
  void resend(SplittableRandom random) {
    int from = Math.max(0, sent.size() - 1 - random.nextInt(RESENT));
    List.copyOf(sent.subList(from, sent.size())).forEach(this::send);
  }

  /** Changes its key, as the last event of a seal. */
  void rotate() {
    Signer next = Organisation.signer(number, generation + 1);
    List<Body> bodies = new ArrayList<>();
    bodies.add(new Body.CollectorHeartbeat(0, 0, 0));
    bodies.add(new Body.KeyRotated(Organisation.certificate(number, next)));
    seal(bodies).forEach(this::send);
    generation++;
    sealer = sealer().under(next);
    view().keyFrom(head().sequence() + 1, next);
  }

  /** Ends its chain in order. */
  void stop() {
    ChainHead head = head();
    record(new Body.CollectorStopped(head.sequence(), head.link()));
    view().stop();
    stopped = true;
  }

  /** Opens the next chain. */
  void restart(boolean known) {
    open(known ? head() : null, !known);
  }

  /** Opens the next chain under another key. */
  void renew() {
    generation++;
    restart(true);
  }
}
