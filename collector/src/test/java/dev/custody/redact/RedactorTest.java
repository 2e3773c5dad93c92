package dev.custody.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Redactor redactor = new Redactor(RedactorTest::print);

  @Test
  void theSecretKeyThatComposePrintsGoesAndItsIdStays() throws IOException {
    Redacted<JsonNode> call = redactor.json(incident("\"PostToolUse\"", "docker compose config"));

    String stdout = call.value().at("/body/tool_response/stdout").textValue();
    assertThat(stdout)
        .contains("AWS_ACCESS_KEY_ID: AKIAHARNESSFAKE00001\n")
        .containsPattern("AWS_SECRET_ACCESS_KEY: \\[redacted:aws-secret-key:[0-9a-f]{12}]\n")
        .containsPattern(
            "DATABASE_URL: postgres://app:\\[redacted:url-password:[0-9a-f]{12}]@db:5432/app$");
    assertThat(call.findings())
        .extracting(Finding::kind, Finding::location)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                SecretKind.AWS_SECRET_KEY, "/body/tool_response/stdout"),
            org.assertj.core.groups.Tuple.tuple(
                SecretKind.URL_PASSWORD, "/body/tool_response/stdout"));
  }

  @Test
  void ofARealSessionOnlyTheSecretsChange() throws IOException {
    for (String line : lines()) {
      JsonNode before = JSON.readTree(line);
      JsonNode after = redactor.json(before).value();

      String restored =
          JSON.writeValueAsString(after)
              .replaceAll(
                  "\\[redacted:aws-secret-key:[0-9a-f]{12}]",
                  "harnessFakeSecretKey00000000000000000001")
              .replaceAll("\\[redacted:url-password:[0-9a-f]{12}]", "harness-fake-password");
      assertThat(restored).isEqualTo(JSON.writeValueAsString(before));
      assertThat(JSON.writeValueAsString(after))
          .doesNotContain("harnessFakeSecret", "harness-fake-password");
    }
  }

  @Test
  void everyPlantedSecretIsFoundAsItsKind() {
    for (Planted planted : Planted.all(new Random(1))) {
      Redacted<String> redacted = redactor.text(planted.text(), "x");
      String expected = Marker.of(planted.kind(), print(planted.kind(), planted.secret()));
      assertThat(redacted.value()).isEqualTo(planted.before() + expected + planted.after());
      assertThat(redacted.findings())
          .containsExactly(
              new Finding(planted.kind(), print(planted.kind(), planted.secret()), "x"));
    }
  }

  @Test
  void noPlantedSecretSurvivesInRandomSurroundings() throws IOException {
    surroundings(Long.getLong("custody.seed", new Random().nextLong()));
  }

  // Chance had spelled the word OTP in a key before a sign: it was taken for the next name.
  @Test
  void aSecretThatReadsAsANameBeforeASignIsASecret() {
    String before = "eyJ[-%3DU2VjcmV0OiBwYXNzd29yZD1odW50ZXIyMg==.atlasv1.\"\n";
    String secret = "aA1qP06lWhUesDK0qRdnO1dj1cOTpRX4A3g/e/+B";
    String text = before + "aws_secret_access_key = " + secret + " =,sk-<Bearer a:b@://\";";
    Redacted<String> redacted = redactor.text(text, "x");
    assertThat(redacted.value()).doesNotContain(secret);
    assertThat(redacted.findings())
        .extracting(Finding::kind)
        .containsExactly(SecretKind.AWS_SECRET_KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: \"hunter22key=\"",
        "password: \"hunter22-token:\"",
        "secret: \"abc password=\"hunter22\"",
        "secret = hunter22-token = x",
        "secret: hunter22-token: x",
        "{\"secret\": \"hunter22-token\": 1}",
        "secret: token: hunter22",
        "secret = token = \"hunter22\"",
        "secret: \"password\": \"hunter22\"",
        "secret: hunter22ThatEndsAsANameOfAToken",
      })
  void neitherASecretThatReadsAsANameNorWhatFollowsItStays(String text) {
    Redacted<String> redacted = redactor.text(text, "x");
    assertThat(redacted.value()).doesNotContain("hunter22");
    assertThat(redactor.text(redacted.value(), "x").value()).isEqualTo(redacted.value());
  }

  @Test
  void aSecretBetweenAWordAndWhatStandsBesideItGoes() {
    String far = "U2VjcmV0OiBwYXNzd29yZD1odW50ZXIyMg";
    String text = "define('DB_PASSWORD', 'hunter22'); @" + far;
    assertThat(redactor.text(text, "x").value()).doesNotContain("hunter22", far);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AKIAHARNESSFAKE00001,%s",
        "aws_secret_access_key: %s = x",
        "aws_secret_access_key = %s;",
      })
  void aSecretAccessKeyOfLettersAloneGoes(String text) {
    String key = "aAbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlM";
    assertThat(redactor.text(text.formatted(key), "x").value()).doesNotContain(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret=%s", "secret: \"%s\"", "\\\"secret\\\": \\\"%s\\\""})
  void aSecretThatIsLongerThanAnyLookGoesWhole(String text) {
    String left = redactor.text(text.formatted("aB3/".repeat(4_000)), "x").value();
    assertThat(left).doesNotContain("aB3/");
  }

  // A password between angle brackets, with another name in it, was once taken for a placeholder.
  @Test
  void noPlantedSecretSurvivesWhereOneOnceDid() throws IOException {
    surroundings(4913093645538890842L);
  }

  private void surroundings(long seed) throws IOException {
    Random random = new Random(seed);
    Noise noise = new Noise(random);
    for (int i = 0; i < 2_000; i++) {
      List<Planted> all = Planted.all(random);
      Planted planted = all.get(random.nextInt(all.size()));
      String text =
          noise.text() + noise.separator() + planted.text() + noise.separator() + noise.text();
      String claim = "seed %d, iteration %d, %s, text: %s".formatted(seed, i, planted, text);

      Redacted<String> once = redactor.text(text, "x");
      assertThat(once.value()).as(claim).doesNotContain(planted.secret());
      assertThat(once.findings()).as(claim).isNotEmpty();
      assertThat(redactor.text(once.value(), "x").value()).as(claim).isEqualTo(once.value());

      JsonNode tree = noise.tree(text);
      JsonNode redacted = redactor.json(tree).value();
      assertThat(leaves(redacted)).as(claim).noneMatch(leaf -> leaf.contains(planted.secret()));
      assertThat(redactor.json(redacted).value()).as(claim).isEqualTo(redacted);
      String embedded = redactor.text(quoted(quoted(tree.toString())), "x").value();
      String secret = quoted(quoted(planted.secret()));
      assertThat(embedded).as(claim).doesNotContain(secret.substring(3, secret.length() - 3));
    }
  }

  @Test
  void aTreeLosesWhatItsKeysNameSecret() throws IOException {
    JsonNode tree =
        JSON.readTree(
            """
            {"credentials": {"accessKeyId": "ASIAHARNESSFAKE00002", "sessionToken": "aGVsbG8gd29ybGQ",
              "secretAccessKey": "abc/def/ghi", "expiration": "Jul 30, 2026, 9:46:15 PM"},
             "password": "hunter22", "SecretString": "{\\"user\\":\\"a\\"}", "x-amz-security-token": "0123456789",
             "passwords": ["correct horse", "battery staple"], "pin": 1, "adminPassword": 12345678,
             "attributes": [{"key": "db.password", "value": {"stringValue": "hunter23"}}],
             "env": [{"name": "API_TOKEN", "value": "hunter24"}],
             "Authorization": "Bearer hunter25"}
            """);
    String redacted = redactor.json(tree).value().toString();
    assertThat(redacted)
        .contains("ASIAHARNESSFAKE00002", "Jul 30, 2026", "\"Bearer [redacted:authorization:")
        .doesNotContain(
            "aGVsbG8",
            "abc/def",
            "hunter2",
            "\\\"user\\\"",
            "0123456789",
            "horse",
            "staple",
            "12345678");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"--password\", \"hunter22\"]",
        "[\"server\", \"--db-token\", \"a hunter22 of words\", \"--port\", 80]",
        "[\"curl\", \"-u\", \"dana:hunter22\", \"https://a.test\"]",
        "[\"mysql\", \"-phunter22\", \"db\"]",
        "[\"sshpass\", \"-p\", \"hunter22\", \"ssh\", \"a\"]",
      })
  void aCommandsWordThatTheWordBeforeTellsOfIsASecret(String words) throws IOException {
    Redacted<JsonNode> redacted =
        redactor.json(JSON.readTree("{\"command\": \"x\", \"args\": %s}".formatted(words)));
    assertThat(redacted.value().toString()).doesNotContain("hunter22", "of words");
    assertThat(redacted.findings()).hasSize(1);
    String location = redacted.findings().getFirst().location();
    assertThat(redacted.value().at(location).textValue()).contains("[redacted:generic-password:");
    assertThat(redactor.json(redacted.value()).value()).isEqualTo(redacted.value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"--password-file\", \"/run/secrets/x1\", \"-v\", \"1000:1000\"]",
        "[\"docker\", \"run\", \"-u\", \"1000:1000\", \"--token\", \"$TOKEN\", \"--secret\", \"--verbose\"]",
        "[\"a token\", \"b\", 3, null, \"-\"]",
      })
  void ordinaryWordsOfACommandStay(String words) throws IOException {
    JsonNode tree = JSON.readTree(words);
    assertThat(redactor.json(tree).value()).isEqualTo(tree);
  }

  @Test
  void aSecretInAKeyIsReplacedAndNotRepeatedInThePointer() throws IOException {
    String token = "ghp_" + "a1B2".repeat(9);
    Redacted<JsonNode> redacted =
        redactor.json(JSON.readTree("{\"%s\": {\"password\": \"hunter22\"}}".formatted(token)));
    assertThat(redacted.value().toString()).doesNotContain(token);
    assertThat(redacted.findings())
        .hasSize(2)
        .noneMatch(finding -> finding.location().contains(token));
    assertThat(redacted.value().at(redacted.findings().getLast().location()).textValue())
        .startsWith("[redacted:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tool_use_id\": \"toolu_01JuoPGB5ceDoSCj0FYSKzFR\"",
        "\"session_id\":\"de69fa27-56e9-4a24-a42a-3fbc674d999f\",\"prompt_id\":\"69689aad-5b97-4537-b976-2744f2b85ffa\"",
        "commit d6256e0b1f0f0cb8a7e3a3f0e0d3a7d5c1b2a3f4 of arn:aws:sts::123456789012:assumed-role/Role/Session",
        "AWS_ACCESS_KEY_ID=AKIAHARNESSFAKE00001 for d6256e0b1f0f0cb8a7e3a3f0e0d3a7d5c1b2a3f4",
        "tokenCount: 500000, max_tokens=100000, \"input_tokens\": 123456, tokenizer=\"cl100k_base\"",
        "password: $DB_PASSWORD, token=${TOKEN}, secret=$(vault read), \"apiKey\": \"<your key>\", pwd=*******",
        "token = process.env.API_TOKEN; password = os.environ['PASSWORD']; secret: string; api_key = get_key()",
        "PWD=/home/dana/acme OLDPWD=/home/dana",
        "--- PASS: TestX1 (0.00s)\nPASS: TestAll22\nfirst pass: everything, pass = compute(), pass: 1200000",
        "curl -sSfL https://a.test:8080/x -o /tmp/u; docker run -u 1000:1000 alpine",
        "options: [\"--token\", next], \"--secret\", \"--verbose\"",
        "PASSWORD_FILE=/run/secrets/password token_url: https://a.test/token",
        "\"secretId\": \"arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db\"",
        "\"tokenValue\": \"Value hidden due to security reasons.\" \"key\": \"HIDDEN_DUE_TO_SECURITY_REASONS\"",
        "https://registry.test:8080/@scope/pkg git@github.com:acme/api.git https://a.test/x:y postgres://app:$PW@db/a",
        "<div class=\"sk-container-id-1 sk-toggleable__label-arrow\">",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "--- PASS: TestToken (0.00s)",
        "--password-stdin --token-file /x",
        "Authorization: AWS4-HMAC-SHA256 Credential=AKIAHARNESSFAKE00001/20260101/us-east-1/s3/aws4_request",
      })
  void anIdentifierAPlaceholderOrProseStays(String text) {
    Redacted<String> redacted = redactor.text(text, "x");
    assertThat(redacted.value()).isSameAs(text);
    assertThat(redacted.findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl -u dana:hunter22 https://a.test",
        "curl -udana:hunter22 https://a.test",
        "curl -sSLu dana:hunter22 https://a.test",
        "curl -sS -X POST \\\n  -u dana:hunter22 \\\n  https://a.test",
        "curl -sS \\\r\n  -u 'dana:hunter22' https://a.test",
        "curl --user dana:hunter22 https://a.test",
        "curl --user=dana:hunter22 https://a.test",
        "curl -x proxy:80 --proxy-user dana:hunter22 https://a.test",
        "auth: { user: \"dana\", pass: \"hunter22\" }",
        "export PASS=hunter22",
        "mail --pass hunter22 --to x",
        "args: [\"--password\", \"hunter22\"]",
        "\"args\": [\n      \"--db-password\",\n      \"hunter22\"\n    ]",
        "args:\n  - --password\n  - hunter22\n  - --port",
        "args:\n  - \"--password\"\n  - \"hunter22\"\n",
        "password: str = \"hunter22\"",
        "password?: string = 'hunter22'",
        "config[\"password\"] = \"hunter22\"",
        "if password == \"hunter22\":",
        "{\"a\":1,\"password\":\"hunter22\",\"b\":2}",
        "Server=x;Password=hunter22;User=y",
        "a\\nDB_PASSWORD=hunter22\\nB=2",
        "mysql://root:p/ss@hunter22@db/x",
        "<password>hunter22</password>",
        "\"password\": \"a quote \\\" and hunter22\"",
        "password=[redacted:jwt:0000]hunter22",
        "password=[redacted:hunter22:0000]",
        "secrets = [\"hunter22\"]",
        "password := \"hunter22\"",
        "MYSQL_PWD=hunter22",
        "SMTP_PASS=hunter22",
      })
  void aPasswordGoesHoweverItIsWritten(String text) {
    Redacted<String> redacted = redactor.text(text, "x");
    assertThat(redacted.value()).doesNotContain("hunter22");
    assertThat(redactor.text(redacted.value(), "x").value()).isEqualTo(redacted.value());
  }

  @Test
  void aPrivateKeyThatIsCutOffGoesAndWhatFollowsStays() {
    String line = "Ab1+".repeat(16);
    String cut =
        "1\t-----BEGIN OPENSSH PRIVATE KEY-----\n2\t"
            + line
            + "\n3\t"
            + line
            + "\n4\tAb1+Ab1… [cut 900]";
    assertThat(redactor.text(cut, "x").value())
        .doesNotContain("Ab1+")
        .startsWith("1\t[redacted:private-key:")
        .endsWith(" [cut 900]");
  }

  @Test
  void aTokenAfterAnEscapeIsAtAWordsStart() {
    String jwt = "ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiJkYW5hIn0." + "sig0".repeat(10);
    for (String before : List.of("\\n", "\\u003d", "%3D", "\u001b[31m", "\\u001b[0;1m", "")) {
      assertThat(redactor.text(before + jwt, "x").value()).startsWith(before + "[redacted:jwt:");
    }
  }

  @Test
  void aFingerprintThatIsNoHexadecimalIsRefusedWithoutShowingIt() {
    Redactor careless = new Redactor((kind, secret) -> secret);
    assertThatThrownBy(() -> careless.text("password=hunter22", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "fingerprint of a generic-password: expected 4 to 32 lower-case hexadecimal digits, found 8 characters");
  }

  @Test
  void theIdsOfKindsAreDistinct() {
    Set<String> ids = new HashSet<>();
    assertThat(SecretPatterns.builtIn().kinds())
        .allMatch(kind -> ids.add(kind.id()) && kind.id().matches("[a-z-]{3,32}"));
  }

  private static String quoted(String text) throws IOException {
    return JSON.writeValueAsString(text);
  }

  private static List<String> leaves(JsonNode tree) {
    if (tree.isObject()) {
      List<String> all = new java.util.ArrayList<>();
      tree.properties()
          .forEach(field -> {
            all.add(field.getKey());
            all.addAll(leaves(field.getValue()));
          });
      return all;
    }
    if (tree.isArray()) {
      List<String> all = new java.util.ArrayList<>();
      tree.forEach(child -> all.addAll(leaves(child)));
      return all;
    }
    return List.of(tree.asText());
  }

  private static JsonNode incident(String... marks) throws IOException {
    return JSON.readTree(
        lines().stream()
            .filter(line -> Arrays.stream(marks).allMatch(line::contains))
            .findFirst()
            .orElseThrow());
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RedactorTest.class.getResourceAsStream("/agents/claude-code-2.1.330-incident.jsonl"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  static String print(SecretKind kind, String secret) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((kind.id() + secret).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
