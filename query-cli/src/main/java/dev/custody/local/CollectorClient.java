package dev.custody.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenFile;
import dev.custody.digest.Bytes;
import dev.custody.http.Routes;
import dev.custody.sigma.RuleSet;
import dev.custody.source.SignedToken;
import dev.custody.source.records.RecordShape;
import dev.custody.source.rules.RuleSetLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Speaks to a running collector as agents and commands do: over HTTP. */
public final class CollectorClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LINES = "application/x-ndjson";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient http;
  private final String address;
  private final Duration timeout;
  private final @Nullable String token;

  /** Speaks to the collector at {@code address}, {@code http://127.0.0.1:PORT}. */
  public CollectorClient(String address) {
    this(address, TIMEOUT, null);
  }

  /** The same, with less patience, and the token that the collector asks for; null for none. */
  public CollectorClient(String address, Duration timeout, @Nullable String token) {
    this(
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build(),
        address,
        timeout,
        token);
  }

  private CollectorClient(
      HttpClient http, String address, Duration timeout, @Nullable String token) {
    this.http = http;
    this.address = address;
    this.timeout = timeout;
    this.token = token;
  }

  /**
   * Speaks to the collector at {@code address} with the token of the user who works on {@code
   * data}, where there is one.
   *
   * @throws IOException when the file of the token cannot be used
   */
  public static CollectorClient of(String address, Path data) throws IOException {
    return new CollectorClient(
        address, TIMEOUT, TokenFile.clientToken(System.getenv(), data).orElse(null));
  }

  /**
   * The same, as one that may import: with the token of {@code file} and no other. What it is made
   * of stays this client's to close.
   *
   * @throws IOException when the file cannot be used
   */
  public CollectorClient importing(Path file) throws IOException {
    return new CollectorClient(http, address, timeout, TokenFile.importToken(file));
  }

  /** Delivers the body of a Claude Code hook. */
  public void hook(byte[] body) throws IOException, InterruptedException {
    var _ = post(Routes.CLAUDE_CODE, "application/json", body);
  }

  /** Delivers records of an audit log, one a line; answers what became of them. */
  public JsonNode records(RecordShape log, byte[] lines) throws IOException, InterruptedException {
    return JSON.readTree(post(log.route(), LINES, lines));
  }

  /**
   * The same, as the request of an import that is at {@code place}, {@code IMPORT/NUMBER/ANSWERED}.
   */
  public Answer records(RecordShape log, byte[] lines, String place)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            request(log.route(), LINES, lines).header(Routes.IMPORT_HEADER, place).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), new Bytes(response.body()));
  }

  /**
   * Has it recorded that these rules are in force, as one that {@linkplain #importing may import};
   * answers whether that was news.
   */
  public boolean rules(RuleSet set) throws IOException, InterruptedException {
    ObjectNode told = JSON.createObjectNode().put("digest", set.digest());
    set.documents().forEach(rule -> told.withArray("rules").add(rule.id()));
    if (set.documents().isEmpty()) {
      told.putArray("rules");
    }
    JsonNode answer = records(RuleSetLog.SHAPE, JSON.writeValueAsBytes(told));
    if (!answer.path("refused").isEmpty()) {
      throw new IOException("the collector refused the set of rules: " + answer.path("refused"));
    }
    return answer.path("recorded").asInt() > 0;
  }

  /** Tells what became of a commit that was about to add secrets. */
  public void secretCheck(ObjectNode check) throws IOException, InterruptedException {
    var _ = post(Routes.GIT_SECRET_CHECKS, "application/json", JSON.writeValueAsBytes(check));
  }

  /** Has a signed delegation recorded. */
  public void delegation(String token, Bytes certificate) throws IOException, InterruptedException {
    byte[] body = JSON.writeValueAsBytes(new SignedToken(token, certificate).toJson());
    var _ = post(Routes.DELEGATIONS, "application/json", body);
  }

  /**
   * Asks for a credential for AWS; the answer is secret.
   *
   * @param request {@code {session, cwd?, delegation?, role?}}
   */
  public Answer credential(ObjectNode request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        send(Routes.CREDENTIALS_AWS, "application/json", JSON.writeValueAsBytes(request));
    return new Answer(response.statusCode(), new Bytes(response.body()));
  }

  /**
   * What a collector answered.
   *
   * @param status HTTP status
   * @param body its body
   */
  public record Answer(int status, Bytes body) {
    /** The reason of a refusal. */
    public String reason() {
      try {
        return JSON.readTree(body.toByteArray()).path("error").asText("no reason was given");
      } catch (IOException e) {
        return "no reason was given";
      }
    }
  }

  /** Has a signed statement on an agent recorded. */
  public void agent(String token, Bytes certificate) throws IOException, InterruptedException {
    byte[] body = JSON.writeValueAsBytes(new SignedToken(token, certificate).toJson());
    var _ = post(Routes.AGENTS, "application/json", body);
  }

  /** Has a line of a revocation file recorded; answers what became of it. */
  public JsonNode revocation(String line) throws IOException, InterruptedException {
    return JSON.readTree(
        post(Routes.REVOCATIONS, "text/plain", line.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Tells it to look for a new key; answers whether there was one. */
  public boolean reloadKeys() throws IOException, InterruptedException {
    return JSON.readTree(post(Routes.KEYS_RELOAD, "text/plain", new byte[0]))
        .path("rotated")
        .asBoolean();
  }

  private byte[] post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(path, type, body);
    if (response.statusCode() != 200) {
      throw new IOException(
          "the collector at %s%s answered %d: %s"
              .formatted(
                  address, path, response.statusCode(), new Bytes(response.body()).utf8().strip()));
    }
    return response.body();
  }

  private HttpResponse<byte[]> send(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return http.send(request(path, type, body).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request(String path, String type, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(timeout)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  @Override
  public void close() {
    http.close();
  }
}
