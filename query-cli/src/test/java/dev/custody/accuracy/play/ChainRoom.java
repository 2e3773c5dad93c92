package dev.custody.accuracy.play;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.broker.CredentialBroker;
import dev.custody.broker.RefusedException;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.capture.SourceNotes;
import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import dev.custody.signing.TokenSigner;
import dev.custody.source.delegation.DelegationRequest;
import dev.custody.source.delegation.DelegationSource;
import dev.custody.source.git.GitWatcher;
import dev.custody.source.otlp.Encoding;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.source.otlp.Signal;
import dev.custody.source.otlp.TooMuchException;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The sources of one machine, and the chain of what they say. */
final class ChainRoom implements Station {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String host;
  private final SetClock clock;
  private final List<SourcesAlone.Arrival> output;
  private final Sealer sealer;
  private final Sources sources;
  private final GitWatcher git;
  private final CredentialBroker broker;
  private final DelegationSource delegations;
  private final TokenSigner human;
  private final CertificateAuthority authority;
  private final Instant start;
  private final Set<String> seen = new HashSet<>();

  ChainRoom(
      KeyDirectory keys,
      CertificateAuthority authority,
      Cloud cloud,
      String host,
      String osUser,
      Instant start,
      List<SourcesAlone.Arrival> output)
      throws Exception {
    this.host = host;
    this.clock = new SetClock(start);
    this.output = output;
    Observer observer =
        new Observer(
            new Host(host, "Linux"),
            osUser,
            RealCollector.DOMAIN,
            keys.fingerprintKey("fingerprint"),
            clock);
    Signer signer = keys.signer("collector-" + host);
    Bytes certificate =
        authority.certifyCollector(
            SpiffeId.collector(RealCollector.DOMAIN, host).toString(),
            signer.publicKey(),
            start,
            Duration.ofDays(30));
    EventBuilder genesis =
        new EventBuilder(
            new Source("custody", null, null, null),
            observer.host(),
            start,
            new Body.Genesis(certificate, null, false, "accuracy"));
    Sealer.Opened opened = Sealer.open(signer, Formats.EVENT.encode(genesis.build()));
    this.sealer = opened.sealer();
    store(opened.genesis(), start);
    TrustedRoots roots = new TrustedRoots(List.of(authority.publicKey()));
    SourceNotes notes = new MemoryNotes();
    this.sources = Sources.of(observer, roots, notes);
    this.broker = cloud.broker(observer, sources.book(), this::record, notes);
    this.delegations = new DelegationSource(roots, observer, sources.book());
    this.human = keys.tokenSigner("human-" + host);
    this.authority = authority;
    this.start = start;
    this.git = new GitWatcher(observer, this::record, new MemoryNotes());
  }

  // What a real spool does: an event with a source id that was seen is left out.
  private synchronized Recorder.Receipt record(List<Event> events) throws CaptureException {
    int repeated = 0;
    for (Event event : events) {
      String id = event.source().id();
      if (id != null && !seen.add(event.source().kind() + " " + id)) {
        repeated++;
        continue;
      }
      store(sealer.seal(List.of(Formats.EVENT.encode(event))).getFirst(), event.observedAt());
      sources.book().recorded(event);
    }
    return new Recorder.Receipt(events.size() - repeated, repeated);
  }

  private void store(Envelope envelope, Instant observedAt) {
    synchronized (output) {
      output.add(
          new SourcesAlone.Arrival(
              host,
              new Bytes(envelope.chain().toByteArray()),
              new Bytes(Formats.ENVELOPE.encode(envelope)),
              observedAt.toEpochMilli()));
    }
  }

  @Override
  public void set(Instant time) {
    clock.set(time);
  }

  @Override
  public void hook(byte[] body) throws IOException {
    try {
      List<Event> events = sources.hooks().receive(body, null).events();
      record(events);
      broker.recorded(events);
      events.stream().map(Event::project).filter(Objects::nonNull).distinct().forEach(git::visit);
    } catch (BadInputException | CaptureException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void telemetry(Signal signal, byte[] body) throws IOException {
    try {
      OtlpReceiver.Taken taken =
          sources.telemetry().receive(signal, Encoding.JSON, body, this::record);
      if (taken.refused() > 0) {
        throw new IOException("refused: " + taken.why());
      }
    } catch (BadInputException | TooMuchException | CaptureException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void grant(String who, String delegation) throws IOException {
    Bytes certificate =
        authority.certifyHuman(
            who, human.publicJwks(), start.minus(Duration.ofHours(1)), Duration.ofDays(30));
    String token = human.sign(Cloud.delegation(delegation, who, clock.instant()));
    DelegationRequest request = new DelegationRequest(new Body.Hop(token, certificate), List.of());
    try {
      record(List.of(delegations.event(request.toJson().getBytes(StandardCharsets.UTF_8))));
    } catch (BadInputException | InvalidDelegationException | CaptureException e) {
      throw new IOException(e);
    }
  }

  @Override
  public byte[] credential(String session) throws IOException {
    try {
      return broker.credential(JSON.writeValueAsBytes(Cloud.request(session)));
    } catch (BadInputException | RefusedException | CaptureException e) {
      throw new IOException(e);
    }
  }

  @Override
  public String tag(String session) throws IOException {
    byte[] body = JSON.writeValueAsBytes(JSON.createObjectNode().put("session_id", session));
    try {
      return Sources.tag(sources.environment().give(body, this::record));
    } catch (BadInputException | CaptureException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void trail(byte[] lines) throws IOException {
    try {
      for (String line : new String(lines, StandardCharsets.UTF_8).split("\n")) {
        record(sources.cloud().events(JSON.readTree(line)));
      }
    } catch (BadInputException | CaptureException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void look() {
    git.scanNow();
  }

  @Override
  public void close() {
    git.close();
  }
}
