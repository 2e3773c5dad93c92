package dev.custody.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.digest.Bytes;
import dev.custody.http.Routes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Speaks to a running collector as agents and commands do: over HTTP, on loopback. */
public final class CollectorClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final String address;

  /** Speaks to the collector at {@code address}, {@code http://127.0.0.1:PORT}. */
  public CollectorClient(String address) {
    this.address = address;
  }

  /** Delivers the body of a Claude Code hook. */
  public void hook(byte[] body) throws IOException, InterruptedException {
    var _ = post(Routes.CLAUDE_CODE, "application/json", body);
  }

  /** Delivers CloudTrail records, one a line; answers what became of them. */
  public JsonNode cloudTrail(byte[] lines) throws IOException, InterruptedException {
    return JSON.readTree(post(Routes.CLOUDTRAIL, "application/x-ndjson", lines));
  }

  /** Has a signed delegation recorded. */
  public void delegation(String token, Bytes certificate) throws IOException, InterruptedException {
    byte[] body =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("token", token)
                .put("certificate", Base64.getEncoder().encodeToString(certificate.toByteArray())));
    var _ = post(Routes.DELEGATIONS, "application/json", body);
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
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(TIMEOUT)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(
          "the collector at %s%s answered %d: %s"
              .formatted(
                  address, path, response.statusCode(), new Bytes(response.body()).utf8().strip()));
    }
    return response.body();
  }

  @Override
  public void close() {
    http.close();
  }
}
