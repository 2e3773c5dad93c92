package dev.custody.delegation;

import static dev.custody.delegation.DelegationVectors.commitment;
import static dev.custody.delegation.DelegationVectors.grant;
import static dev.custody.delegation.DelegationVectors.own;
import static dev.custody.delegation.DelegationVectors.revoked;
import static dev.custody.delegation.DelegationVectors.scope;
import static dev.custody.delegation.DelegationVectors.times;
import static dev.custody.delegation.KnownEs256.AGENTS;
import static dev.custody.delegation.KnownEs256.HUMAN;
import static dev.custody.delegation.KnownEs256.base64;
import static dev.custody.delegation.Organisation.AGENT;
import static dev.custody.delegation.Organisation.DANA;
import static dev.custody.delegation.Organisation.END;
import static dev.custody.delegation.Organisation.START;
import static dev.custody.delegation.Organisation.sub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.delegation.DelegationVectors.Folder;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Humans' own grants, one defect each, and a few that look as if they had one. */
final class TokenDefects {
  private static final String TYPE = TokenVerifier.TYPE;

  private final DelegationVectors vectors;

  TokenDefects(DelegationVectors vectors) {
    this.vectors = vectors;
  }

  void add() {
    sound();
    algorithms();
    types();
    notTokens();
    claims();
    scopes();
    actors();
    signatures();
    signers();
    lengths();
  }

  private void sound() {
    Folder folder = vectors.verifying();
    folder.jwt("own-grant", grant().token());
    folder.grant(
        "expired",
        c ->
            times(c, Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2020-01-02T00:00:00Z")));
    folder.grant(
        "not-yet-valid",
        c ->
            times(c, Instant.parse("2100-01-01T00:00:00Z"), Instant.parse("2100-01-02T00:00:00Z")));
    ObjectNode first = own().put("sub", AGENT.toString());
    first.remove("act");
    folder.jwt("of-the-first-release", HUMAN.token(TYPE, first));
    byte[] signature = Base64.getUrlDecoder().decode(part(2));
    folder.jwt(
        "the-other-signature-of-the-same-key",
        part(0) + "." + part(1) + "." + base64(KnownEs256.twin(signature)));
  }

  private static String part(int index) {
    return grant().token().split("\\.", -1)[index];
  }

  private void algorithms() {
    Folder folder = vectors.of(DelegationDefect.UNSUPPORTED_ALGORITHM);
    String none = header("none");
    folder.jwt("alg-none", none + "." + part(1) + ".");
    folder.jwt("alg-none-with-the-signature", none + "." + part(1) + "." + part(2));
    folder.jwt("alg-None", header("None") + "." + part(1) + ".");
    folder.jwt("alg-in-lower-case", HUMAN.signed(header("es256"), part(1)));
    folder.jwt("alg-missing", HUMAN.signed(base64("{\"typ\":\"" + TYPE + "\"}"), part(1)));
    folder.jwt("alg-es384", HUMAN.signed(header("ES384"), part(1)));
    folder.jwt("alg-hs256-with-the-public-key-as-secret", hmac(header("HS256") + "." + part(1)));
  }

  private static String header(String algorithm) {
    return base64(
        "{\"kid\":\"%s\",\"alg\":\"%s\",\"typ\":\"%s\"}".formatted(HUMAN.kid(), algorithm, TYPE));
  }

  private static String hmac(String parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(HUMAN.jwks().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return parts + "." + base64(mac.doFinal(parts.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void types() {
    Folder folder = vectors.of(DelegationDefect.WRONG_TYPE);
    folder.jwt("typ-jwt", HUMAN.token("JWT", own()));
    folder.jwt("typ-missing", HUMAN.signed(base64("{\"alg\":\"ES256\"}"), part(1)));
    folder.jwt(
        "revocation-as-a-grant", revoked(HUMAN, DelegationVectors.HUMAN_CERTIFICATE, DANA).token());
  }

  private void notTokens() {
    Folder folder = vectors.of(DelegationDefect.MALFORMED);
    folder.jwt("empty", "");
    folder.jwt("two-parts", part(0) + "." + part(1));
    folder.jwt("four-parts", grant().token() + "." + part(2));
    folder.jwt("header-no-json", HUMAN.signed(base64("{"), part(1)));
    String kid = "{\"kid\":\"eve\",\"alg\":\"ES256\",\"typ\":\"%s\"}".formatted(TYPE);
    folder.jwt("kid-of-another-key", HUMAN.signed(base64(kid), part(1)));
    folder.jwt("payload-no-json", HUMAN.token(TYPE, "{"));
    folder.jwt("payload-an-array", HUMAN.token(TYPE, "[]"));
    folder.jwt("payload-with-more-behind-it", HUMAN.token(TYPE, own() + " {}"));
    folder.jwt("payload-nested-100-deep", nested());
  }

  private static String nested() {
    return HUMAN.token(TYPE, "{\"purpose\":" + "[".repeat(100) + "]".repeat(100) + "}");
  }

  private void claims() {
    Folder folder = vectors.of(DelegationDefect.MALFORMED);
    for (String claim : List.of("jti", "iss", "sub", "iat", "nbf", "exp", "max_depth")) {
      folder.grant(claim + "-missing", c -> c.remove(claim));
    }
    folder.jwt("exp-twice", HUMAN.token(TYPE, own().toString().replace("\"nbf\":", "\"exp\":")));
    folder.grant("claim-unknown", c -> c.put("only_on_weekdays", true));
    folder.grant("jti-too-short", c -> c.put("jti", "dlg-1"));
    folder.grant("jti-with-a-blank", c -> c.put("jti", "dlg 00000001"));
    folder.grant("exp-not-after-nbf", c -> times(c, START, START));
    folder.grant("exp-as-text", c -> c.put("exp", Long.toString(END.getEpochSecond())));
    folder.grant("exp-a-fraction", c -> c.put("exp", END.getEpochSecond() + 0.5));
    folder.grant("exp-in-the-year-10000", c -> c.put("exp", 253_402_300_800L));
    folder.grant("nbf-negative", c -> c.put("nbf", -1));
    folder.grant("depth-9", c -> c.put("max_depth", 9));
    folder.grant("depth-negative", c -> c.put("max_depth", -1));
    folder.grant("session-of-two-words", c -> c.put("session", "two words"));
    folder.grant("parent-of-one-byte", c -> c.put("parent", "AA"));
    folder.grant("purpose-of-4097-characters", c -> c.put("purpose", "x".repeat(4_097)));
  }

  private void scopes() {
    Folder folder = vectors.of(DelegationDefect.BAD_SCOPE);
    folder.grant("scope-missing", c -> c.remove("authorization_details"));
    folder.grant("scope-of-nothing", c -> c.putArray("authorization_details"));
    folder.grant("scope-of-another-type", c -> scopeOf(c).put("type", "payment"));
    folder.grant("scope-with-an-unknown-member", c -> scopeOf(c).put("max_amount", 5));
    folder.grant("scope-without-resources", c -> scopeOf(c).remove("resources"));
    folder.grant("scope-with-an-empty-pattern", c -> scope(c, "", "*"));
  }

  private static ObjectNode scopeOf(ObjectNode claims) {
    return (ObjectNode) claims.path("authorization_details").get(0);
  }

  private void actors() {
    Folder ids = vectors.of(DelegationDefect.BAD_SPIFFE_ID);
    ids.grant("actor-of-upper-case", c -> act(c, "spiffe://Example.test/agent/a"));
    ids.grant("actor-with-dots", c -> act(c, "spiffe://example.test/agent/../root"));
    ids.grant("actor-of-the-web", c -> act(c, "https://example.test/agent/a"));
    vectors
        .of(DelegationDefect.MALFORMED)
        .grant("actor-with-more-said-of-it", c -> act(c, AGENT.toString()).put("only", "x"));
    vectors
        .of(DelegationDefect.CYCLE)
        .grant("actor-twice", c -> nest(c, List.of(AGENT, sub(1), AGENT)));
    List<SpiffeId> nine = IntStream.rangeClosed(1, 9).mapToObj(Organisation::sub).toList();
    vectors.of(DelegationDefect.TOO_DEEP).grant("nine-actors", c -> nest(c, nine));
    Folder spliced = vectors.of(DelegationDefect.SPLICED);
    spliced.grant("grant-to-two-actors", c -> nest(c, List.of(sub(1), AGENT)));
    spliced.grant("grant-with-a-parent", c -> c.put("parent", commitment(grant())));
  }

  private static ObjectNode act(ObjectNode claims, String sub) {
    return claims.putObject("act").put("sub", sub);
  }

  private static void nest(ObjectNode claims, List<SpiffeId> actors) {
    ObjectNode at = claims;
    for (SpiffeId actor : actors) {
      at = at.putObject("act").put("sub", actor.toString());
    }
  }

  private void signatures() {
    Folder folder = vectors.of(DelegationDefect.BAD_SIGNATURE);
    folder.jwt("signature-missing", part(0) + "." + part(1) + ".");
    folder.jwt("signature-of-another-key", AGENTS.signed(part(0), part(1)));
    folder.jwt("signature-of-another-grant", part(0) + "." + part(1) + "." + other());
    folder.jwt("signature-of-zeros", part(0) + "." + part(1) + "." + base64(new byte[64]));
    String changed = own().put("max_depth", 3).toString();
    folder.jwt("claims-changed", part(0) + "." + base64(changed) + "." + part(2));
  }

  private static String other() {
    return HUMAN.token(TYPE, own().put("jti", "dlg-other001")).split("\\.", -1)[2];
  }

  private void signers() {
    Folder wrong = vectors.of(DelegationDefect.WRONG_SIGNER);
    wrong.grant("iss-somebody-else", c -> c.put("iss", "eve@example.test"));
    wrong.grant("sub-somebody-else", c -> c.put("sub", "eve@example.test"));
    Folder outside = vectors.of(DelegationDefect.SIGNED_OUTSIDE_VALIDITY);
    long begins = START.getEpochSecond() - 300;
    outside.grant("issued-before-the-certificate", c -> c.put("iat", begins - 1));
    outside.grant("issued-when-the-certificate-has-ended", c -> c.put("iat", begins + 86_400));
  }

  private void lengths() {
    vectors.verifying().jwt("64KiB", longest());
    vectors.of(DelegationDefect.TOO_LONG).jwt("one-over-64KiB", longest() + "A");
  }

  /** A grant that is as long as one may be. */
  private static String longest() {
    String[] resources = new String[25];
    Arrays.fill(resources, "arn:aws:s3:::acme-" + "b".repeat(1_950));
    for (int last = 1; last <= 2_048; last++) {
      resources[0] = "a".repeat(last);
      String payload = scope(own(), "s3:*", resources).toString();
      // Two dots, and 86 characters of signature.
      int length = header("ES256").length() + base64(payload).length() + 88;
      if (length == TokenVerifier.MAX_TOKEN_CHARS) {
        return HUMAN.token(TYPE, payload);
      }
    }
    throw new IllegalStateException("none is of " + TokenVerifier.MAX_TOKEN_CHARS + " characters");
  }
}
