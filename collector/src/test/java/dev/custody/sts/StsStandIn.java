package dev.custody.sts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.custody.digest.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A running stand-in. Its credentials come from a seed. Safe for use by several threads. */
public final class StsStandIn implements AutoCloseable {
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int SECRET_BYTES = 30;
  private static final int TOKEN_BYTES = 240;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final InstantSource clock;
  private final Random random;
  private final Map<String, IssuedKey> keys = new LinkedHashMap<>();
  private final List<AssumedRole> assumed = new ArrayList<>();
  private final List<ObjectNode> trail = new ArrayList<>();

  private StsStandIn(HttpServer server, InstantSource clock, long seed) {
    this.server = server;
    this.clock = clock;
    this.random = new Random(seed);
  }

  /** Listens on a loopback port. */
  public static StsStandIn start(InstantSource clock, long seed) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    StsStandIn sts = new StsStandIn(server, clock, seed);
    server.setExecutor(sts.threads);
    server.createContext("/", sts::serve);
    server.start();
    return sts;
  }

  /** Where it listens. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A long-term key of a user. */
  public synchronized IssuedKey user(String arn) {
    return keep(new IssuedKey(id("AKIA"), secret(), null, arn, null, null, null));
  }

  /** A key of a role's session, as an instance profile gives it. */
  public synchronized IssuedKey instanceProfile(String arn, Instant expiresAt) {
    return keep(new IssuedKey(id("ASIA"), secret(), token(), arn, null, null, expiresAt));
  }

  /** What was handed out by AssumeRole, in order. */
  public synchronized List<AssumedRole> assumed() {
    return List.copyOf(assumed);
  }

  /** CloudTrail's records of all that was granted, in order. */
  public synchronized List<ObjectNode> trail() {
    return List.copyOf(trail);
  }

  /** Every secret key and session token that it ever made. */
  public synchronized List<String> secrets() {
    List<String> secrets = new ArrayList<>();
    for (IssuedKey key : keys.values()) {
      secrets.add(key.secret());
      if (key.sessionToken() != null) {
        secrets.add(key.sessionToken());
      }
    }
    return secrets;
  }

  /**
   * Hands a role's credential out, as AssumeRole over HTTP does, and writes its record: for who
   * makes a history and has no time to speak HTTP.
   *
   * @param caller the key that asks
   * @param address where it asks from
   * @param at when
   */
  public synchronized AssumedRole assumeRole(
      IssuedKey caller,
      Map<String, String> parameters,
      String address,
      String userAgent,
      Instant at) {
    try {
      return assume(
          AssumeRoleForm.read(parameters, caller),
          new StsTrail.Caller(caller, "eu-north-1", address, userAgent, at));
    } catch (StsError e) {
      throw new IllegalArgumentException(e.code + ": " + e.getMessage(), e);
    }
  }

  private AssumedRole assume(AssumeRoleForm form, StsTrail.Caller caller) {
    String role = form.roleArn().substring(form.roleArn().lastIndexOf('/') + 1);
    String arn =
        "arn:aws:sts::%s:assumed-role/%s/%s"
            .formatted(form.roleArn().split(":", -1)[4], role, form.sessionName());
    // What the caller's session carries goes on to what descends from it.
    String source =
        caller.key().sourceIdentity() == null
            ? form.sourceIdentity()
            : caller.key().sourceIdentity();
    Instant end = caller.at().truncatedTo(ChronoUnit.SECONDS).plusSeconds(form.seconds());
    IssuedKey key =
        keep(
            new IssuedKey(
                id("ASIA"), secret(), token(), arn, source, caller.key().accessKeyId(), end));
    AssumedRole one =
        new AssumedRole(
            key, form.roleArn(), form.sessionName(), form.seconds(), form.policy(), form.tags());
    assumed.add(one);
    trail.add(StsTrail.assumeRole(caller, one));
    return one;
  }

  private IssuedKey keep(IssuedKey key) {
    keys.put(key.accessKeyId(), key);
    return key;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      SignedRequest request =
          new SignedRequest(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              new Bytes(exchange.getRequestBody().readAllBytes()));
      int status = 200;
      String answer;
      try {
        answer = answer(request, exchange.getRemoteAddress().getAddress().getHostAddress());
      } catch (StsError e) {
        status = e.status;
        answer = error(e);
      } catch (RuntimeException e) {
        status = 400;
        answer = error(new StsError(400, "MissingAuthenticationToken", String.valueOf(e)));
      }
      byte[] xml = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      exchange.sendResponseHeaders(status, xml.length);
      exchange.getResponseBody().write(xml);
    }
  }

  private synchronized String answer(SignedRequest request, String address) throws StsError {
    IssuedKey key = authenticate(request);
    StsTrail.Caller caller =
        new StsTrail.Caller(key, request.region(), address, request.userAgent(), clock.instant());
    Map<String, String> form = request.form();
    return switch (form.getOrDefault("Action", "")) {
      case "AssumeRole" -> xml(assume(AssumeRoleForm.read(form, key), caller));
      case "GetCallerIdentity" -> {
        trail.add(StsTrail.callerIdentity(caller));
        yield identity(key);
      }
      default -> throw new StsError(400, "InvalidAction", "Could not find operation");
    };
  }

  private IssuedKey authenticate(SignedRequest request) throws StsError {
    IssuedKey key = keys.get(request.accessKeyId());
    @Nullable String token = request.headers().getFirst("X-Amz-Security-Token");
    if (key == null || !java.util.Objects.equals(key.sessionToken(), token)) {
      throw new StsError(
          403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    }
    if (!request.isSignedWith(key.secret())) {
      // AWS shows what it signed, the caller's session token in it.
      throw new StsError(
          403,
          "SignatureDoesNotMatch",
          "The request signature we calculated does not match; x-amz-security-token:" + token);
    }
    if (key.expiresAt() != null && !clock.instant().isBefore(key.expiresAt())) {
      throw new StsError(403, "ExpiredToken", "The security token included is expired");
    }
    return key;
  }

  private static String xml(AssumedRole role) {
    IssuedKey key = role.key();
    String source =
        key.sourceIdentity() == null
            ? ""
            : "<SourceIdentity>" + key.sourceIdentity() + "</SourceIdentity>";
    return """
    <AssumeRoleResponse xmlns="%s"><AssumeRoleResult>%s<AssumedRoleUser>\
    <Arn>%s</Arn><AssumedRoleId>AROASTANDIN0000000001:%s</AssumedRoleId></AssumedRoleUser>\
    <Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>\
    <SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>\
    <PackedPolicySize>6</PackedPolicySize></AssumeRoleResult>\
    <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>\
    </ResponseMetadata></AssumeRoleResponse>
    """
        .formatted(
            NAMESPACE,
            source,
            key.principalArn(),
            role.sessionName(),
            key.accessKeyId(),
            key.secret(),
            key.sessionToken(),
            key.expiresAt());
  }

  private static String identity(IssuedKey key) {
    return """
    <GetCallerIdentityResponse xmlns="%s"><GetCallerIdentityResult><Arn>%s</Arn>\
    <UserId>AROASTANDIN0000000001</UserId><Account>%s</Account></GetCallerIdentityResult>\
    <ResponseMetadata><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>\
    </ResponseMetadata></GetCallerIdentityResponse>
    """
        .formatted(NAMESPACE, key.principalArn(), key.account());
  }

  private static String error(StsError e) {
    return """
    <ErrorResponse xmlns="%s"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message>\
    </Error><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ErrorResponse>
    """
        .formatted(NAMESPACE, e.code, e.getMessage());
  }

  private String id(String prefix) {
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < 16; i++) {
      id.append(BASE32.charAt(random.nextInt(BASE32.length())));
    }
    return id.toString();
  }

  private String secret() {
    return Base64.getEncoder().encodeToString(bytes(SECRET_BYTES));
  }

  private String token() {
    return "IQoJb3JpZ2luX2Vj" + Base64.getEncoder().encodeToString(bytes(TOKEN_BYTES));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
