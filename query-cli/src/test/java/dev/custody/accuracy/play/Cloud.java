package dev.custody.accuracy.play;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.scenario.Step;
import dev.custody.accuracy.world.Credential;
import dev.custody.broker.BookedDelegations;
import dev.custody.broker.BrokerConfig;
import dev.custody.broker.CredentialBroker;
import dev.custody.broker.StandInBroker;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.capture.SourceNotes;
import dev.custody.delegations.DelegationBook;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.sts.IssuedKey;
import dev.custody.sts.StsStandIn;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The organisation's cloud, as far as it hands out credentials: a stand-in for AWS STS that the
 * real brokers ask, and what it recorded. Which key it hands out is known only then; whatever tells
 * of one carries a placeholder until it is sent.
 */
final class Cloud implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARN = "arn:aws:iam::" + Credential.ACCOUNT + ":";
  private static final String BROKER = ARN + "user/custody-broker";
  private static final String ROLE = ARN + "role/" + Credential.BROKERED_ROLE;
  private static final Pattern KEY = Pattern.compile("@key:([0-9a-f]+)@");
  private static final long SEED = 20261129;

  private final SetClock clock;
  private final StsStandIn sts;
  private final IssuedKey own;
  private final BrokerConfig config;
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final Map<String, ObjectNode> records = new ConcurrentHashMap<>();

  Cloud(Instant start) throws IOException {
    this.clock = new SetClock(start);
    this.sts = StsStandIn.start(clock, SEED);
    this.own = sts.user(BROKER);
    this.config =
        new BrokerConfig(
            "eu-north-1",
            List.of(new BrokerConfig.Role("*", ROLE)),
            URI.create(sts.address()),
            Duration.ofHours(1));
  }

  /** The broker of the collector whose delegations are {@code book}. */
  CredentialBroker broker(
      Observer observer, DelegationBook book, Recorder recorder, SourceNotes notes)
      throws CaptureException {
    return StandInBroker.open(config, observer, new BookedDelegations(book), recorder, notes, own);
  }

  /** What a human grants to their agents, from {@code now} on for half a day. */
  static Delegation delegation(String id, String human, Instant now) {
    Instant from = now.truncatedTo(ChronoUnit.SECONDS);
    return new Delegation(
        id,
        human,
        SpiffeId.parse("spiffe://" + RealCollector.DOMAIN + "/agent/claude-code"),
        new Scope(List.of(new Scope.Grant(List.of("*"), List.of("*")))),
        from,
        from,
        from.plus(Duration.ofHours(12)),
        "the day's work",
        1);
  }

  /** The body of a request for a credential. */
  static ObjectNode request(String session) {
    return JSON.createObjectNode().put("session", session);
  }

  /** Lets {@code station} get a credential. */
  void hand(Step.Asks asks, Station station) throws IOException, InterruptedException {
    clock.set(asks.at());
    JsonNode answer = JSON.readTree(station.credential(asks.session()));
    String key = answer.path("AccessKeyId").asText();
    keys.put(asks.reference(), key);
    for (ObjectNode record : sts.trail()) {
      if (record.at("/responseElements/credentials/accessKeyId").asText().equals(key)) {
        // The stand-in is on this machine; the cloud saw where the laptop is.
        records.put(
            asks.eventId(),
            record
                .deepCopy()
                .put("eventID", asks.eventId())
                .put("sourceIPAddress", asks.machine().address()));
      }
    }
  }

  /** {@code text} with the keys for which it has placeholders. */
  String filled(String text) {
    Matcher matcher = KEY.matcher(text);
    return matcher.replaceAll((MatchResult found) -> key(found.group(1)));
  }

  private String key(String reference) {
    String key = keys.get(reference);
    if (key == null) {
      throw new IllegalStateException("told of before it was handed out: key " + reference);
    }
    return key;
  }

  /** The record itself, or what the cloud recorded where {@code record} stands for that. */
  String text(ObjectNode record) {
    ObjectNode recorded = records.get(record.path("eventID").asText());
    return filled((recorded == null ? record : recorded).toString());
  }

  @Override
  public void close() {
    sts.close();
  }
}
