package dev.custody.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Makes secrets of the forms that the patterns declare: nothing that looks real is written down.
 */
final class Sampler {
  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final String ALNUM = BASE64.substring(0, 62);
  private static final String URL = ALNUM + "-_";

  /** What an open run has over its least length. */
  private static final int MORE = 7;

  private final RandomGenerator random;

  Sampler(RandomGenerator random) {
    this.random = random;
  }

  /** One of each form, and of each kind that is found by its name or place. */
  List<Sample> all(SecretPatterns patterns) {
    List<Sample> samples = new ArrayList<>(byPlace());
    for (Form form : patterns.forms()) {
      if (form instanceof Form.Shape shape) {
        samples.add(ofForm(shape));
      }
    }
    patterns.namedForms().forEach(rule -> samples.add(ofName(rule)));
    return samples;
  }

  private Sample ofForm(Form.Shape shape) {
    while (true) {
      String lead = shape.lead() == null ? "" : run(shape.lead());
      String body = body(shape);
      boolean after = shape.place() == Form.Place.AFTER;
      String secret = after ? body : lead + shape.anchor() + body;
      Sample sample = new Sample(shape.kind(), "", after ? shape.anchor() : "", secret, "");
      if (!shape.mixed() || shape.match(sample.value(), lead.length()) != null) {
        return sample;
      }
    }
  }

  private Sample ofName(Form.Named rule) {
    String name = rule.word().toUpperCase(Locale.ROOT) + "_API_TOKEN";
    String value = rule.shape().anchor() + body(rule.shape());
    return new Sample(rule.shape().kind(), name, "", value, "");
  }

  private String body(Form.Shape shape) {
    StringBuilder body = new StringBuilder();
    for (Part part : shape.parts()) {
      body.append(
          switch (part) {
            case Part.Literal literal -> literal.text();
            case Part.Run run -> run(run);
            case Part.Code code ->
                switch (code) {
                  case JWT -> of(URL, 17) + ".eyJ" + of(URL, 40) + "." + of(URL, 43);
                  case UNSIGNED_JWT -> of(URL, 17) + ".eyJ" + of(URL, 40);
                  case PRIVATE_KEY -> pem();
                };
          });
    }
    return body.toString();
  }

  private String run(Part.Run run) {
    int length = run.most() == Part.Run.ANY ? run.least() + MORE : run.least();
    String members = members(run.set());
    // A run does not end with what a sentence may end with, nor begin with padding.
    String text = of(members, length);
    String inner = members.replaceAll("[^A-Za-z0-9]", "");
    return text.substring(0, length - 1).replace('=', inner.charAt(0)) + of(inner, 1);
  }

  static String members(CharSet set) {
    StringBuilder members = new StringBuilder();
    for (char c = ' '; c < 127; c++) {
      if (set.has(c) && c != '%') {
        members.append(c);
      }
    }
    return members.toString();
  }

  private String pem() {
    StringBuilder pem = new StringBuilder("EC " + "PRIVATE KEY-----");
    for (int i = 0; i < 3; i++) {
      pem.append('\n').append(of(BASE64, 64));
    }
    return pem + "\n" + of(BASE64, 22) + "==\n-----END EC " + "PRIVATE KEY-----";
  }

  private List<Sample> byPlace() {
    String password = "pw" + of(ALNUM + "!._-", 12) + "9";
    String random = of(ALNUM, 36);
    while (!Randomness.of(random, 0, random.length())) {
      random = of(ALNUM, 36);
    }
    return List.of(
        new Sample(SecretKind.AWS_SECRET_KEY, "AWS_SECRET_ACCESS_KEY", "", of(BASE64, 40), ""),
        new Sample(SecretKind.AWS_SESSION_TOKEN, "AWS_SESSION_TOKEN", "", of(BASE64, 300), ""),
        new Sample(SecretKind.AZURE_STORAGE_KEY, "AccountKey", "", of(BASE64, 86), "=="),
        new Sample(SecretKind.GENERIC_PASSWORD, "DB_PASSWORD", "", password, ""),
        new Sample(SecretKind.GENERIC_PASSWORD, "clientSecret", "", password, ""),
        new Sample(SecretKind.GENERIC_PASSWORD, "auth-token", "", of(ALNUM, 24), ""),
        new Sample(SecretKind.RANDOM_SECRET, "ENCRYPTION_KEY", "", random, ""),
        new Sample(SecretKind.RANDOM_SECRET, "cacheSignature", "", random, ""),
        new Sample(SecretKind.URL_PASSWORD, "", "postgres://app:", password, "@db:5432/app"),
        new Sample(SecretKind.URL_PASSWORD, "", "amqps://:", password, "@mq.acme.test"),
        new Sample(SecretKind.AUTHORIZATION, "", "Authorization: Bearer ", of(ALNUM, 24), ""),
        new Sample(SecretKind.AUTHORIZATION, "", "authorization: Basic ", of(ALNUM, 24), "=="),
        new Sample(SecretKind.COOKIE, "", "Cookie: theme=dark; sid=", of(ALNUM, 26), ""),
        new Sample(SecretKind.COOKIE, "", "Set-Cookie: sid=", of(ALNUM, 26), "; Path=/"));
  }

  String of(String alphabet, int length) {
    return Planted.of(random, alphabet, length);
  }
}
