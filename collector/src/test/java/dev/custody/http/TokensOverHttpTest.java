package dev.custody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.custody.access.TokenFile;
import dev.custody.access.Tokens;
import dev.custody.capture.HookReply;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.event.Body;
import dev.custody.spool.SpoolLimits;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A collector that listens on every address, spoken to over real sockets. */
class TokensOverHttpTest {
  private static final String HOOK = "{\"session\":\"s-1\"}";

  @TempDir Path directory;

  private final MemoryOutlet outlet = new MemoryOutlet();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private Organisation organisation;
  private Path tokens;
  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    lines.start();
    root().addAppender(lines);
    organisation = Organisation.in(directory);
    tokens = directory.resolve("http.token");
    collector =
        start(
            new HttpConfig(
                "0.0.0.0", 0, Set.of("collector"), Duration.ofSeconds(5), Tokens.open(tokens)));
  }

  @AfterEach
  void stop() {
    collector.close();
    root().detachAppender(lines);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private Collector start(HttpConfig http) throws Exception {
    return Collector.start(
        new CollectorConfig(
            directory.resolve("data"),
            outlet,
            http,
            organisation.routes(
                Map.of(
                    Routes.CLAUDE_CODE,
                    (body, _) -> HookReply.proceed(List.of(Organisation.prompt("s-1", null)))),
                List.of(),
                events -> {}),
            organisation.observer(),
            organisation::key,
            organisation.roots(),
            SpoolLimits.DEFAULT,
            Duration.ofHours(1),
            "custody-test 1"));
  }

  private String token() throws Exception {
    return TokenFile.read(tokens).getFirst();
  }

  private String ask(InetAddress to, String method, String path, String headers, String body)
      throws Exception {
    try (Socket socket = new Socket(to, collector.httpPort())) {
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(method, path, headers, body.length(), body)
              .getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String post(String path, String headers) throws Exception {
    return ask(InetAddress.getLoopbackAddress(), "POST", path, headers, HOOK);
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  private long recorded() throws Exception {
    assertThat(collector.awaitPublished(Duration.ofSeconds(20))).isTrue();
    return organisation.verify(outlet.log()).stream()
        .filter(v -> v.event().body() instanceof Body.PromptSubmitted)
        .count();
  }

  @Test
  void whoHasTheTokenIsServedAndWhoHasNotIsToldWhatIsMissing() throws Exception {
    assertThat(post(Routes.CLAUDE_CODE, bearer(token()))).startsWith("HTTP/1.1 200");
    assertThat(post(Routes.CLAUDE_CODE, ""))
        .startsWith("HTTP/1.1 401")
        .containsIgnoringCase("\r\nWWW-Authenticate: Bearer realm=\"custody\"\r\n")
        .endsWith("{\"error\":\"expected Authorization: Bearer TOKEN, found no Authorization\"}\n");
    assertThat(recorded()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong-wrong-wrong-wrong-wrong-wrong",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Bearer $CUSTODY_TOKEN"
      })
  void anythingElseIsRefusedAndNothingOfItIsRecorded(String authorization) throws Exception {
    assertThat(post(Routes.CLAUDE_CODE, "Authorization: " + authorization + "\r\n"))
        .startsWith("HTTP/1.1 401")
        .contains("with a token of this collector");
    assertThat(post(Routes.CLAUDE_CODE, bearer(token()) + bearer(token())))
        .as("two headers")
        .startsWith("HTTP/1.1 401");
    assertThat(recorded()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nothing",
        "/metrics",
        "/health/",
        "/health/../metrics",
        "/hooks/claude-code",
        "/sessions/environment",
        "/credentials/aws",
        "/delegations",
        "/agents",
        "/revocations",
        "/keys/reload"
      })
  void noPathIsServedWithoutATokenNorSaysWhetherItIsThere(String path) throws Exception {
    for (String method : List.of("GET", "POST", "PUT", "HEAD")) {
      String answer = ask(InetAddress.getLoopbackAddress(), method, path, "", "");
      assertThat(answer).as(method).startsWith("HTTP/1.1 401 ");
    }
  }

  @Test
  void healthIsForEverybody() throws Exception {
    assertThat(ask(InetAddress.getLoopbackAddress(), "GET", "/health", "", ""))
        .startsWith("HTTP/1.1 200");
    assertThat(ask(InetAddress.getLoopbackAddress(), "GET", "/health", bearer("x".repeat(40)), ""))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void anAddressBeyondLoopbackIsNoOtherCase() throws Exception {
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : each.inetAddresses().toList()) {
        if (address instanceof java.net.Inet4Address && each.isUp()) {
          assertThat(ask(address, "POST", Routes.CLAUDE_CODE, "", HOOK))
              .as("%s", address)
              .startsWith("HTTP/1.1 401");
          assertThat(ask(address, "POST", Routes.CLAUDE_CODE, bearer(token()), HOOK))
              .as("%s", address)
              .startsWith("HTTP/1.1 200");
        }
      }
    }
  }

  @Test
  void aTokenDoesNotHelpABrowserNorAReboundName() throws Exception {
    assertThat(post(Routes.CLAUDE_CODE, bearer(token()) + "Origin: http://localhost\r\n"))
        .startsWith("HTTP/1.1 403");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.httpPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST /hooks/claude-code HTTP/1.1\r\nHost: evil.example\r\n"
                      + bearer(token())
                      + "Content-Length: 2\r\nConnection: close\r\n\r\n{}")
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 403");
    }
    assertThat(recorded()).isZero();
  }

  @Test
  void tokensAreChangedOneAfterTheOtherWithoutARestart() throws Exception {
    String old = token();
    String next = "next-".repeat(8);
    Files.writeString(tokens, next + "\n" + old + "\n");
    until(() -> isServed(next));
    assertThat(isServed(old)).as("both are taken meanwhile").isTrue();
    Files.writeString(tokens, next + "\n");
    until(() -> !isServed(old));
    assertThat(isServed(next)).isTrue();
    // What cannot be read changes nothing.
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r--r--"));
    until(() -> {
      assertThat(isServed(next)).isTrue();
      return lines.list.stream()
          .anyMatch(l -> l.getFormattedMessage().contains("stay in force: " + tokens));
    });
    assertThat(isServed(old)).isFalse();
    assertThat(isServed(next)).isTrue();
  }

  private boolean isServed(String token) {
    try {
      return post(Routes.CLAUDE_CODE, bearer(token)).startsWith("HTTP/1.1 200");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void until(BooleanSupplier holds) {
    Instant end = Instant.now().plusSeconds(20);
    while (!holds.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
    }
  }

  @Test
  void refusalsAreCountedAndNoTokenIsEverLogged() throws Exception {
    String guess = "guess-guess-guess-guess-guess-guess";
    post(Routes.CLAUDE_CODE, bearer(guess));
    post(Routes.CLAUDE_CODE, bearer(token()));
    post(Routes.CLAUDE_CODE, "");
    assertThat(ask(InetAddress.getLoopbackAddress(), "GET", "/metrics", bearer(token()), ""))
        .contains("custody_refused_total{status=\"401\"} 2.0");
    String token = token();
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(l -> l.contains("401"))
        .noneMatch(l -> l.contains(token) || l.contains(guess));
  }

  @Test
  void beyondLoopbackNothingStartsWithoutTokens() {
    for (String address : List.of("0.0.0.0", "::", "192.0.2.1", "")) {
      assertThatThrownBy(() -> new HttpConfig(address, 0, Set.of(), Duration.ofSeconds(5)))
          .as(address)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String address : List.of("127.0.0.1", "::1", "localhost", "127.8.9.10")) {
      assertThat(new HttpConfig(address, 0, Set.of(), Duration.ofSeconds(5)).tokens())
          .as(address)
          .isNull();
    }
  }

  @Test
  void onLoopbackATokenIsAskedForOnlyWhereThereIsAFile() throws Exception {
    collector.close();
    collector = start(HttpConfig.loopback(0));
    assertThat(post(Routes.CLAUDE_CODE, "")).startsWith("HTTP/1.1 200");
    // What Claude Code sends where its variable is not set.
    assertThat(post(Routes.CLAUDE_CODE, "Authorization: Bearer \r\n")).startsWith("HTTP/1.1 200");
    collector.close();
    collector =
        start(new HttpConfig("127.0.0.1", 0, Set.of(), Duration.ofSeconds(5), Tokens.open(tokens)));
    assertThat(post(Routes.CLAUDE_CODE, "")).startsWith("HTTP/1.1 401");
    assertThat(post(Routes.CLAUDE_CODE, bearer(token()))).startsWith("HTTP/1.1 200");
  }
}
