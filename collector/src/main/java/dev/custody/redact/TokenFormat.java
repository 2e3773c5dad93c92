package dev.custody.redact;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A secret that shows by its own form: a literal prefix and a body.
 *
 * <p>A body takes the whole run of its characters, so that nothing of a longer token than we know
 * stays behind; what fails costs no more than its shortest length, which keeps the scan linear.
 *
 * @param prefixStays whether the prefix is public (a host name, {@code Bearer}) and only the body
 *     is replaced
 * @param wordStart whether the prefix is so short that it counts only where a word begins
 */
record TokenFormat(
    SecretKind kind, String prefix, boolean prefixStays, boolean wordStart, Body body) {

  /** Reads what follows a prefix. */
  @FunctionalInterface
  interface Body {
    /** The end of the body that begins at {@code from}, or -1. */
    int end(String text, int from);
  }

  private static final CharSet DOTTED = CharSet.of("A-Za-z0-9._-");
  private static final CharSet PATH = CharSet.of("A-Za-z0-9_/@.-");
  private static final CharSet CREDENTIAL = CharSet.of("A-Za-z0-9._~+/=-");
  private static final CharSet ENCODED = CharSet.of("A-Za-z0-9+/=%_-");
  private static final CharSet UPPER = CharSet.of("A-Z");
  private static final CharSet LOWER_HEX = CharSet.of("0-9a-f");

  /** 80 bits of base64: a shorter signature (or none) makes a token that could be guessed. */
  private static final int SHORTEST_SIGNATURE = 14;

  private static final int LONGEST_JWT_HEADER = 8192;
  private static final int LONGEST_LOOK = 256;

  /** In order: of two formats with the same prefix the first that fits is taken. */
  private static final List<TokenFormat> ALL =
      List.of(
          anywhere(SecretKind.GITHUB_TOKEN, "ghp_", run(CharSet.WORD, 30)),
          anywhere(SecretKind.GITHUB_TOKEN, "gho_", run(CharSet.WORD, 30)),
          anywhere(SecretKind.GITHUB_TOKEN, "ghu_", run(CharSet.WORD, 30)),
          // Installation tokens may carry a JWT: dots belong to them.
          anywhere(SecretKind.GITHUB_TOKEN, "ghs_", run(DOTTED, 30)),
          anywhere(SecretKind.GITHUB_TOKEN, "ghr_", run(CharSet.WORD, 30)),
          anywhere(SecretKind.GITHUB_TOKEN, "github_pat_", run(CharSet.WORD, 22)),
          anywhere(SecretKind.GITLAB_TOKEN, "glpat-", run(DOTTED, 20)),
          anywhere(SecretKind.GITLAB_TOKEN, "gldt-", run(DOTTED, 20)),
          anywhere(SecretKind.GITLAB_TOKEN, "glrt-", run(DOTTED, 20)),
          anywhere(SecretKind.SLACK_TOKEN, "xoxa-", run(CharSet.BASE64URL, 10)),
          anywhere(SecretKind.SLACK_TOKEN, "xoxb-", run(CharSet.BASE64URL, 10)),
          anywhere(SecretKind.SLACK_TOKEN, "xoxp-", run(CharSet.BASE64URL, 10)),
          anywhere(SecretKind.SLACK_TOKEN, "xoxr-", run(CharSet.BASE64URL, 10)),
          anywhere(SecretKind.SLACK_TOKEN, "xoxs-", run(CharSet.BASE64URL, 10)),
          anywhere(SecretKind.SLACK_TOKEN, "xoxe-", run(CharSet.BASE64URL, 10)),
          anywhere(SecretKind.SLACK_TOKEN, "xapp-", run(CharSet.BASE64URL, 20)),
          after(SecretKind.WEBHOOK_URL, "hooks.slack.com/services/", run(PATH, 20)),
          after(SecretKind.WEBHOOK_URL, "hooks.slack.com/workflows/", run(PATH, 20)),
          after(SecretKind.WEBHOOK_URL, "hooks.slack.com/triggers/", run(PATH, 20)),
          after(SecretKind.WEBHOOK_URL, "discord.com/api/webhooks/", run(PATH, 20)),
          after(SecretKind.WEBHOOK_URL, "webhook.office.com/webhookb2/", run(PATH, 20)),
          anywhere(SecretKind.STRIPE_KEY, "sk_live_", run(CharSet.WORD, 16)),
          anywhere(SecretKind.STRIPE_KEY, "rk_live_", run(CharSet.WORD, 16)),
          anywhere(SecretKind.STRIPE_KEY, "sk_test_", run(CharSet.WORD, 16)),
          anywhere(SecretKind.STRIPE_KEY, "rk_test_", run(CharSet.WORD, 16)),
          anywhere(SecretKind.STRIPE_KEY, "whsec_", run(CharSet.BASE64, 24)),
          anywhere(SecretKind.ANTHROPIC_KEY, "sk-ant-", run(CharSet.BASE64URL, 20)),
          anywhere(SecretKind.OPENAI_KEY, "sk-proj-", run(CharSet.BASE64URL, 20)),
          wordStart(SecretKind.OPENAI_KEY, "sk-", TokenFormat::randomLooking),
          wordStart(SecretKind.GOOGLE_API_KEY, "AIza", run(CharSet.BASE64URL, 35)),
          anywhere(SecretKind.GOOGLE_CLIENT_SECRET, "GOCSPX-", run(CharSet.BASE64URL, 20)),
          anywhere(SecretKind.NPM_TOKEN, "npm_", run(CharSet.ALNUM, 36)),
          anywhere(SecretKind.PYPI_TOKEN, "pypi-", run(CharSet.BASE64URL, 50)),
          wordStart(SecretKind.JWT, "eyJ", (text, from) -> jwt(text, from, SHORTEST_SIGNATURE)),
          wordStart(SecretKind.GENERIC_PASSWORD, "eyJ", (text, from) -> jwt(text, from, 0)),
          anywhere(SecretKind.PRIVATE_KEY, PrivateKeyBlock.BEGIN, PrivateKeyBlock::end),
          wordStart(SecretKind.SENDGRID_KEY, "SG.", TokenFormat::sendGrid),
          wordStart(SecretKind.TWILIO_KEY, "SK", TokenFormat::twilio),
          wordStart(SecretKind.VAULT_TOKEN, "hvs.", run(CharSet.BASE64URL, 24)),
          wordStart(SecretKind.VAULT_TOKEN, "hvb.", run(CharSet.BASE64URL, 24)),
          anywhere(SecretKind.DIGITALOCEAN_TOKEN, "dop_v1_", run(LOWER_HEX, 40)),
          anywhere(SecretKind.DIGITALOCEAN_TOKEN, "doo_v1_", run(LOWER_HEX, 40)),
          anywhere(SecretKind.DIGITALOCEAN_TOKEN, "dor_v1_", run(LOWER_HEX, 40)),
          wordStart(SecretKind.HUGGING_FACE_TOKEN, "hf_", run(CharSet.ALNUM, 30)),
          anywhere(SecretKind.DOCKER_TOKEN, "dckr_pat_", run(CharSet.BASE64URL, 20)),
          anywhere(SecretKind.DOCKER_TOKEN, "dckr_oat_", run(CharSet.BASE64URL, 20)),
          // How the session tokens of AWS STS begin: "origin_ec" and "er/aws" in base64.
          wordStart(SecretKind.AWS_SESSION_TOKEN, "IQoJb3JpZ2lu", run(ENCODED, 80)),
          wordStart(SecretKind.AWS_SESSION_TOKEN, "FwoGZXIvYXdz", run(ENCODED, 80)),
          after(SecretKind.AUTHORIZATION, "Bearer ", TokenFormat::bearer),
          after(SecretKind.AUTHORIZATION, "bearer ", TokenFormat::bearer));

  private static final List<List<TokenFormat>> BY_BIGRAM = byBigram();

  private static TokenFormat anywhere(SecretKind kind, String prefix, Body body) {
    return new TokenFormat(kind, prefix, false, false, body);
  }

  private static TokenFormat wordStart(SecretKind kind, String prefix, Body body) {
    return new TokenFormat(kind, prefix, false, true, body);
  }

  private static TokenFormat after(SecretKind kind, String prefix, Body body) {
    return new TokenFormat(kind, prefix, true, false, body);
  }

  /** Whether a format's prefix begins with these two characters. */
  static boolean mayBeginWith(char first, char second) {
    return first < 128 && second < 128 && !BY_BIGRAM.get(first * 128 + second).isEmpty();
  }

  /** The secret of the first format that fits at {@code at}, if any does. */
  static @Nullable Span at(String text, int at) {
    char first = text.charAt(at);
    char second = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
    if (!mayBeginWith(first, second)) {
      return null;
    }
    for (TokenFormat format : BY_BIGRAM.get(first * 128 + second)) {
      Span span = format.match(text, at);
      if (span != null) {
        return span;
      }
    }
    return null;
  }

  private @Nullable Span match(String text, int at) {
    if (!text.startsWith(prefix, at) || (wordStart && !Boundary.wordStartsAt(text, at))) {
      return null;
    }
    int from = at + prefix.length();
    int end = body.end(text, from);
    return end < 0 ? null : new Span(kind, prefixStays ? from : at, end);
  }

  private static Body run(CharSet set, int shortest) {
    return (text, from) -> {
      int end = set.runEnd(text, from);
      while (end > from && text.charAt(end - 1) == '.') {
        end--; // The full stop of a sentence, or the mark of a cut.
      }
      return end - from >= shortest ? end : -1;
    };
  }

  /** Style sheets of scikit-learn name classes {@code sk-toggleable-label}: words are no key. */
  private static int randomLooking(String text, int from) {
    // Bounded, for what fails here may be tried again at each "sk-" of the same run.
    int bound = CharSet.BASE64URL.runEnd(text, from, from + LONGEST_LOOK);
    int digits = 0;
    boolean upper = false;
    for (int i = from; i < bound; i++) {
      digits += CharSet.DIGIT.has(text.charAt(i)) ? 1 : 0;
      upper |= UPPER.has(text.charAt(i));
    }
    return bound - from >= 20 && (upper || digits >= 4)
        ? CharSet.BASE64URL.runEnd(text, bound)
        : -1;
  }

  private static int jwt(String text, int from, int shortestSignature) {
    // Within a run each "eyJ" would be tried to the run's end: there the look is short.
    int start = from - 3;
    boolean inRun = start > 0 && CharSet.BASE64URL.has(text.charAt(start - 1));
    int longest = inRun ? LONGEST_LOOK : LONGEST_JWT_HEADER;
    int header = CharSet.BASE64URL.runEnd(text, from, from + longest);
    if (header - from < 7 || header >= text.length() || text.charAt(header) != '.') {
      return -1;
    }
    int payload = CharSet.BASE64URL.runEnd(text, header + 1);
    if (payload - header <= 10) {
      return -1;
    }
    boolean signed = payload < text.length() && text.charAt(payload) == '.';
    int signature = signed ? DOTTED.runEnd(text, payload + 1) : payload;
    while (signature > payload && text.charAt(signature - 1) == '.') {
      signature--;
    }
    return signature - payload - 1 >= shortestSignature || shortestSignature == 0 ? signature : -1;
  }

  private static int sendGrid(String text, int from) {
    int dot = CharSet.BASE64URL.runEnd(text, from, from + 64);
    if (dot - from < 16 || dot >= text.length() || text.charAt(dot) != '.') {
      return -1;
    }
    int end = CharSet.BASE64URL.runEnd(text, dot + 1);
    return end - dot > 32 ? end : -1;
  }

  private static int twilio(String text, int from) {
    int end = LOWER_HEX.runEnd(text, from, from + 33);
    boolean exact =
        end - from == 32 && (end == text.length() || !CharSet.WORD.has(text.charAt(end)));
    return exact ? end : -1;
  }

  private static int bearer(String text, int from) {
    int end = CREDENTIAL.runEnd(text, from);
    while (end > from && text.charAt(end - 1) == '.') {
      end--;
    }
    return end - from >= 20 ? end : -1;
  }

  private static List<List<TokenFormat>> byBigram() {
    List<List<TokenFormat>> table = new ArrayList<>();
    for (int i = 0; i < 128 * 128; i++) {
      table.add(List.of());
    }
    for (TokenFormat format : ALL) {
      int bigram = format.prefix.charAt(0) * 128 + format.prefix.charAt(1);
      List<TokenFormat> formats = new ArrayList<>(table.get(bigram));
      formats.add(format);
      table.set(bigram, List.copyOf(formats));
    }
    return List.copyOf(table);
  }
}
