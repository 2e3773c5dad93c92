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
        named(SecretKind.AWS_SECRET_KEY, "AWS_SECRET_ACCESS_KEY: ", awsKey),
        named(SecretKind.AWS_SECRET_KEY, "aws_secret_access_key = ", awsKey),
        named(SecretKind.AWS_SECRET_KEY, "export AWS_SECRET_ACCESS_KEY=", awsKey),
        named(SecretKind.AWS_SECRET_KEY, "aws configure set aws_secret_access_key ", awsKey),
        named(SecretKind.AWS_SECRET_KEY, "ASIAHARNESSFAKE00002\t2026-01-01T00:00:00Z\t", awsKey),
        named(SecretKind.AWS_SECRET_KEY, "AKIAHARNESSFAKE00001,", awsKey),
        new Planted(SecretKind.AWS_SECRET_KEY, "{\"SecretAccessKey\": \"", awsKey, "\", \"a\": 1}"),
        new Planted(SecretKind.AWS_SECRET_KEY, "{\\\"SecretAccessKey\\\": \\\"", awsKey, "\\\"}"),
        new Planted(SecretKind.AWS_SECRET_KEY, "<SecretAccessKey>", awsKey, "</SecretAccessKey>"),
        bare(SecretKind.AWS_SESSION_TOKEN, sessionToken),
        named(SecretKind.AWS_SESSION_TOKEN, "AWS_SESSION_TOKEN=", "Zz" + of(random, BASE64, 200)),
        bare(SecretKind.GITHUB_TOKEN, "gh" + pick(random, "pousr") + "_" + of(random, ALNUM, 36)),
        bare(
            SecretKind.GITHUB_TOKEN,
            "github" + "_pat_" + of(random, ALNUM, 22) + "_" + of(random, ALNUM, 59)),
        bare(SecretKind.GITLAB_TOKEN, "gl" + "pat-" + of(random, ALNUM, 20)),
        bare(
            SecretKind.SLACK_TOKEN,
            "xox" + pick(random, "abprs") + "-123456789012-" + of(random, ALNUM, 24)),
        named(
            SecretKind.WEBHOOK_URL,
            "https://hooks.slack.com/services/",
            "T0"
                + of(random, ALNUM, 8)
                + "/B0"
                + of(random, ALNUM, 8)
                + "/"
                + of(random, ALNUM, 24)),
        bare(SecretKind.STRIPE_KEY, pick(random, "sr") + "k_live_" + of(random, ALNUM, 24)),
        bare(SecretKind.OPENAI_KEY, "sk" + "-" + of(random, ALNUM, 48)),
        bare(SecretKind.OPENAI_KEY, "sk" + "-proj-" + of(random, BASE64URL, 80)),
        bare(SecretKind.ANTHROPIC_KEY, "sk" + "-ant-api03-" + of(random, BASE64URL, 93) + "AA"),
        bare(SecretKind.GOOGLE_API_KEY, "AI" + "za" + of(random, BASE64URL, 35)),
        bare(SecretKind.GOOGLE_CLIENT_SECRET, "GOC" + "SPX-" + of(random, BASE64URL, 28)),
        bare(SecretKind.NPM_TOKEN, "np" + "m_" + of(random, ALNUM, 36)),
        bare(SecretKind.PYPI_TOKEN, "py" + "pi-AgEIcHlwaS5vcmc" + of(random, BASE64URL, 100)),
        bare(
            SecretKind.JWT,
            "ey"
                + "J"
                + of(random, ALNUM, 17)
                + ".eyJ"
                + of(random, ALNUM, 40)
                + "."
                + of(random, BASE64URL, 43)),
        bare(SecretKind.PRIVATE_KEY, pem(random, "\n")),
        bare(SecretKind.PRIVATE_KEY, pem(random, "\\n")),
        named(
            SecretKind.AZURE_STORAGE_KEY,
            "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=",
            of(random, BASE64, 86) + "=="),
        bare(
            SecretKind.SENDGRID_KEY,
            "S" + "G." + of(random, BASE64URL, 22) + "." + of(random, BASE64URL, 43)),
        bare(SecretKind.TWILIO_KEY, "S" + "K" + of(random, HEX, 32)),
        bare(SecretKind.VAULT_TOKEN, "hv" + pick(random, "sb") + "." + of(random, BASE64URL, 90)),
        bare(SecretKind.DIGITALOCEAN_TOKEN, "do" + "p_v1_" + of(random, HEX, 64)),
        bare(SecretKind.HUGGING_FACE_TOKEN, "h" + "f_" + of(random, ALNUM, 34)),
        bare(SecretKind.DOCKER_TOKEN, "dck" + "r_pat_" + of(random, BASE64URL, 27)),
        new Planted(SecretKind.URL_PASSWORD, "postgres://app:", password, "@db:5432/app"),
        new Planted(SecretKind.URL_PASSWORD, "redis://:", password, "@cache"),
        named(SecretKind.AUTHORIZATION, "Authorization: Bearer ", of(random, ALNUM, 24)),
        new Planted(
            SecretKind.AUTHORIZATION,
            "-H 'authorization: Basic ",
            of(random, ALNUM, 20) + "==",
            "'"),
        named(SecretKind.GENERIC_PASSWORD, "DB_PASSWORD=", password),
        new Planted(SecretKind.GENERIC_PASSWORD, "password: \"", password + " with, spaces!", "\""),
        named(SecretKind.GENERIC_PASSWORD, "--client-secret ", password),
        new Planted(SecretKind.GENERIC_PASSWORD, "https://a.test/x?api_key=", password, "&y=2"),
        new Planted(SecretKind.GENERIC_PASSWORD, "define( 'DB_PASSWORD', '", password, "' );"),
        new Planted(SecretKind.GENERIC_PASSWORD, "\\\"clientSecret\\\":\\\"", password, "\\\""));
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
