package dev.custody.redact;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An invented secret of a real format, and the text that gives it away.
 *
 * @param before what must stand before it to be known; empty if its form is enough
 */
record Planted(SecretKind kind, String before, String secret, String after) {
  private static final String ALNUM =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String HEX = "0123456789abcdef";
  private static final String BASE64 = ALNUM + "+/";
  private static final String BASE64URL = ALNUM + "-_";

  String text() {
    return before + secret + after;
  }

  /**
   * One of each kind and way of writing. Built here from parts, so that no scanner takes this file
   * for a leak.
   */
  static List<Planted> all(RandomGenerator random) {
    String awsKey = "aA1" + of(random, BASE64, 37);
    String sessionToken = "IQoJ" + "b3JpZ2luX2VjE" + of(random, BASE64, 300) + "==";
    String password = "pw" + of(random, ALNUM, 12);
    return List.of(
        named(kind("aws-secret-key"), "AWS_SECRET_ACCESS_KEY: ", awsKey),
        named(kind("aws-secret-key"), "aws_secret_access_key = ", awsKey),
        named(kind("aws-secret-key"), "export AWS_SECRET_ACCESS_KEY=", awsKey),
        named(kind("aws-secret-key"), "aws configure set aws_secret_access_key ", awsKey),
        named(kind("aws-secret-key"), "ASIAHARNESSFAKE00002\t2026-01-01T00:00:00Z\t", awsKey),
        named(kind("aws-secret-key"), "AKIAHARNESSFAKE00001,", awsKey),
        new Planted(kind("aws-secret-key"), "{\"SecretAccessKey\": \"", awsKey, "\", \"a\": 1}"),
        new Planted(kind("aws-secret-key"), "{\\\"SecretAccessKey\\\": \\\"", awsKey, "\\\"}"),
        new Planted(kind("aws-secret-key"), "<SecretAccessKey>", awsKey, "</SecretAccessKey>"),
        bare(kind("aws-session-token"), sessionToken),
        named(kind("aws-session-token"), "AWS_SESSION_TOKEN=", "Zz" + of(random, BASE64, 200)),
        bare(kind("github-token"), "gh" + pick(random, "pousr") + "_" + of(random, ALNUM, 36)),
        bare(
            kind("github-token"),
            "github" + "_pat_" + of(random, ALNUM, 22) + "_" + of(random, ALNUM, 59)),
        bare(kind("gitlab-token"), "gl" + "pat-" + of(random, ALNUM, 20)),
        bare(
            kind("slack-token"),
            "xox" + pick(random, "abprs") + "-123456789012-" + of(random, ALNUM, 24)),
        named(
            kind("webhook-url"),
            "https://hooks.slack.com/services/",
            "T0"
                + of(random, ALNUM, 8)
                + "/B0"
                + of(random, ALNUM, 8)
                + "/"
                + of(random, ALNUM, 24)),
        bare(kind("stripe-key"), pick(random, "sr") + "k_live_" + of(random, ALNUM, 24)),
        bare(kind("openai-key"), "sk" + "-" + of(random, ALNUM, 48)),
        bare(kind("openai-key"), "sk" + "-proj-" + of(random, BASE64URL, 80)),
        bare(kind("anthropic-key"), "sk" + "-ant-api03-" + of(random, BASE64URL, 93) + "AA"),
        bare(kind("google-api-key"), "AI" + "za" + of(random, BASE64URL, 35)),
        bare(kind("google-client-secret"), "GOC" + "SPX-" + of(random, BASE64URL, 28)),
        bare(kind("npm-token"), "np" + "m_" + of(random, ALNUM, 36)),
        bare(kind("pypi-token"), "py" + "pi-AgEIcHlwaS5vcmc" + of(random, BASE64URL, 100)),
        bare(
            kind("jwt"),
            "ey"
                + "J"
                + of(random, ALNUM, 17)
                + ".eyJ"
                + of(random, ALNUM, 40)
                + "."
                + of(random, BASE64URL, 43)),
        bare(kind("private-key"), pem(random, "\n")),
        bare(kind("private-key"), pem(random, "\\n")),
        named(
            kind("azure-storage-key"),
            "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=",
            of(random, BASE64, 86) + "=="),
        bare(
            kind("sendgrid-key"),
            "S" + "G." + of(random, BASE64URL, 22) + "." + of(random, BASE64URL, 43)),
        bare(kind("twilio-key"), "S" + "K" + of(random, HEX, 32)),
        bare(kind("vault-token"), "hv" + pick(random, "sb") + "." + of(random, BASE64URL, 90)),
        bare(kind("digitalocean-token"), "do" + "p_v1_" + of(random, HEX, 64)),
        bare(kind("hugging-face-token"), "h" + "f_" + of(random, ALNUM, 34)),
        bare(kind("docker-token"), "dck" + "r_pat_" + of(random, BASE64URL, 27)),
        new Planted(kind("url-password"), "postgres://app:", password, "@db:5432/app"),
        new Planted(kind("url-password"), "redis://:", password, "@cache"),
        named(kind("authorization"), "Authorization: Bearer ", of(random, ALNUM, 24)),
        new Planted(
            kind("authorization"), "-H 'authorization: Basic ", of(random, ALNUM, 20) + "==", "'"),
        named(kind("generic-password"), "DB_PASSWORD=", password),
        new Planted(kind("generic-password"), "password: \"", password + " with, spaces!", "\""),
        named(kind("generic-password"), "--client-secret ", password),
        new Planted(kind("generic-password"), "https://a.test/x?api_key=", password, "&y=2"),
        new Planted(kind("generic-password"), "define( 'DB_PASSWORD', '", password, "' );"),
        new Planted(kind("generic-password"), "\\\"clientSecret\\\":\\\"", password, "\\\""));
  }

  private static SecretKind kind(String id) {
    return SecretPatterns.builtIn().kinds().stream()
        .filter(kind -> kind.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  static String of(RandomGenerator random, String alphabet, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static String pick(RandomGenerator random, String alphabet) {
    return of(random, alphabet, 1);
  }

  private static String pem(RandomGenerator random, String newline) {
    StringBuilder pem = new StringBuilder("-----BEGIN RSA " + "PRIVATE KEY-----");
    for (int i = 0; i < 5; i++) {
      pem.append(newline).append(of(random, BASE64, 64));
    }
    return pem
        + newline
        + of(random, BASE64, 22)
        + "=="
        + newline
        + "-----END RSA "
        + "PRIVATE KEY-----";
  }

  private static Planted bare(SecretKind kind, String secret) {
    return new Planted(kind, "", secret, "");
  }

  private static Planted named(SecretKind kind, String before, String secret) {
    return new Planted(kind, before, secret, "");
  }
}
