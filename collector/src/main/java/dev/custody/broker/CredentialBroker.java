package dev.custody.broker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.broker.AwsSts.Handed;
import dev.custody.broker.AwsSts.Order;
import dev.custody.broker.KnownSessions.Held;
import dev.custody.broker.RefusedException.Kind;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.capture.SourceNotes;
import dev.custody.event.Agent;
import dev.custody.event.Event;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SecretPrints;
import dev.custody.signing.FingerprintKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker of one collector. Safe for use by several threads. */
public final class CredentialBroker implements CredentialDesk {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialBroker.class);

  private final BrokerConfig config;
  private final Observer observer;
  private final SessionDelegations delegations;
  private final Recorder recorder;
  private final KnownSessions sessions;
  private final BrokerEvents events;
  private final Redactor redactor;
  private final Supplier<AwsSts> made;
  private @Nullable AwsSts sts;

  CredentialBroker(
      BrokerConfig config,
      Observer observer,
      SessionDelegations delegations,
      Recorder recorder,
      KnownSessions sessions,
      Supplier<AwsSts> sts) {
    this.config = config;
    this.observer = observer;
    this.delegations = delegations;
    this.recorder = recorder;
    this.sessions = sessions;
    this.events = new BrokerEvents(observer);
    this.redactor = SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral());
    this.made = sts;
  }

  /**
   * A broker as {@code config} says, which asks STS with what AWS's default credential chain finds
   * for the collector's user.
   *
   * @param delegations which delegation a session works under
   * @param recorder where everything is recorded before it is handed out
   * @param notes where it notes what it handed out, without the secrets
   * @throws CaptureException when the notes cannot be read
   */
  public static CredentialBroker open(
      BrokerConfig config,
      Observer observer,
      SessionDelegations delegations,
      Recorder recorder,
      SourceNotes notes)
      throws CaptureException {
    return new CredentialBroker(
        config,
        observer,
        delegations,
        recorder,
        KnownSessions.open(notes),
        () -> AwsSts.of(config));
  }

  // The SDK takes half a second to load: only a collector that is asked pays for it.
  private synchronized AwsSts sts() {
    AwsSts known = sts;
    if (known == null) {
      known = made.get();
      sts = known;
    }
    return known;
  }

  @Override
  public byte[] credential(byte[] body)
      throws BadInputException, RefusedException, CaptureException {
    CredentialRequest request = CredentialRequest.read(body, redactor);
    Asked asked = new Asked(request, sessions.find(request.session()).orElse(null), null, null);
    Asked allowed;
    Order order;
    try {
      allowed = allow(asked);
      order = order(allowed);
    } catch (RefusedException refusal) {
      recorder.record(events.refused(asked, refusal));
      throw refusal;
    }
    recorder.record(events.allowed(allowed, order));
    return answer(hand(allowed, order));
  }

  /** The request, and what the collector knows of it so far. */
  record Asked(
      CredentialRequest request,
      @Nullable KnownSession session,
      @Nullable String role,
      @Nullable GrantedDelegation delegation) {}

  private Asked allow(Asked asked) throws RefusedException {
    KnownSession session = asked.session();
    if (session == null) {
      throw new RefusedException(
          Kind.CONFIGURATION,
          "no hook of that session was seen since the collector started; are its hooks configured?");
    }
    if (sessions.isEnded(session.id())) {
      throw new RefusedException(Kind.CONFIGURATION, "that session has ended");
    }
    CredentialRequest request = asked.request();
    String role = config.role(session, request.role());
    GrantedDelegation delegation =
        delegations.of(session, request.cwd(), request.delegation(), now());
    return new Asked(request, session, role, delegation);
  }

  private Order order(Asked allowed) throws RefusedException {
    KnownSession session = known(allowed.session());
    GrantedDelegation delegation = known(allowed.delegation());
    Duration left = Duration.between(now(), delegation.expiresAt());
    if (left.compareTo(BrokerConfig.SHORTEST) < 0) {
      // What AWS can give would last longer than the delegation allows.
      throw new RefusedException(
          DelegationVerdict.OUTSIDE,
          "%s ends at %s: AWS gives no credential for less than %d minutes"
              .formatted(
                  delegation.id(), delegation.expiresAt(), BrokerConfig.SHORTEST.toMinutes()));
    }
    Duration life = left.compareTo(config.most()) < 0 ? left : config.most();
    Map<String, String> tags = new HashMap<>();
    tags.put("custody:session", RoleSessionName.tag(session.id()));
    tags.put("custody:delegation", delegation.id());
    Agent agent = session.actor().agent();
    if (agent != null) {
      tags.put("custody:agent", RoleSessionName.tag(agent.spiffeId()));
    }
    return new Order(
        known(allowed.role()),
        SessionPolicy.of(delegation.id(), delegation.scope()),
        RoleSessionName.of(session.id()),
        delegation.id(),
        tags,
        Duration.ofSeconds(life.toSeconds()));
  }

  private Handed hand(Asked allowed, Order order) throws RefusedException, CaptureException {
    Handed handed;
    try {
      handed = sts().assume(order);
    } catch (RefusedException refusal) {
      recorder.record(List.of(events.failed(allowed, order, refusal)));
      throw refusal;
    }
    // Durable before anybody has it: a credential that nobody recorded is not given to anybody.
    recorder.record(List.of(events.issued(allowed, order, handed)));
    KnownSession session = known(allowed.session());
    sessions.given(session, new Held(handed.accessKeyId(), handed.expiresAt()), now());
    if (sessions.isEnded(session.id())) {
      ended(session.id());
      throw new RefusedException(Kind.CONFIGURATION, "that session has ended meanwhile");
    }
    return handed;
  }

  private static byte[] answer(Handed handed) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("Version", 1);
    answer.put("AccessKeyId", handed.accessKeyId());
    answer.put("SecretAccessKey", handed.secretAccessKey());
    answer.put("SessionToken", handed.sessionToken());
    answer.put("Expiration", handed.expiresAt().toString());
    return (answer + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Learns of sessions from what was recorded. When one ends that holds credentials, it is recorded
   * of each that AWS cannot end it.
   */
  public void recorded(List<Event> recorded) {
    for (Event event : recorded) {
      if (sessions.seen(event) && event.session() != null) {
        ended(event.session());
      }
    }
  }

  private void ended(String id) {
    KnownSession session = sessions.find(id).orElseThrow();
    List<Event> revoked = new ArrayList<>();
    for (Held held : sessions.heldBy(id, now())) {
      revoked.add(events.revoked(session, held));
    }
    try {
      if (!revoked.isEmpty()) {
        recorder.record(revoked);
      }
      sessions.settled(id, now());
    } catch (CaptureException e) {
      LOG.warn("what an ended session still holds is not recorded: {}", e.getMessage());
    }
  }

  private Instant now() {
    return observer.clock().instant();
  }

  private static <T> T known(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("asked for before it was decided");
    }
    return part;
  }
}
