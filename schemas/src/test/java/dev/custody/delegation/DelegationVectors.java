package dev.custody.delegation;

import static dev.custody.delegation.KnownEs256.AGENTS;
import static dev.custody.delegation.KnownEs256.HUMAN;
import static dev.custody.delegation.KnownEs256.base64;
import static dev.custody.delegation.Organisation.AGENT;
import static dev.custody.delegation.Organisation.DANA;
import static dev.custody.delegation.Organisation.END;
import static dev.custody.delegation.Organisation.LAPTOP;
import static dev.custody.delegation.Organisation.START;
import static dev.custody.delegation.Organisation.sub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.admission.VectorChain;
import dev.custody.digest.Bytes;
import dev.custody.event.Body.Hop;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.signing.Signer;
import dev.custody.signing.TokenVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes the files of delegations and revocations, in a folder for each verdict and named for what
 * is the matter with them, and the same each time. A {@code .jwt} is a human's own grant and
 * nothing but the token; a {@code .json} is what {@code POST /delegations} takes.
 */
final class DelegationVectors {
  /** The folder of those that verify. */
  static final String VERIFIES = "VERIFIES";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The certificate of whoever signed the {@code .jwt} files. */
  static final Bytes HUMAN_CERTIFICATE =
      certificate(CertificateRole.HUMAN, DANA, HUMAN, VectorChain.ROOT);

  /** The certificate of whoever signed the hops. */
  static final Bytes AGENTS_CERTIFICATE =
      certificate(CertificateRole.AGENT, LAPTOP, AGENTS, VectorChain.ROOT);

  private final Map<String, String> files = new TreeMap<>();

  private DelegationVectors() {}

  /** All of them, by file name. */
  static Map<String, String> all() {
    DelegationVectors made = new DelegationVectors();
    new TokenDefects(made).add();
    new HopDefects(made).add();
    return made.files;
  }

  /** The folder of those with {@code defect}. */
  Folder of(DelegationDefect defect) {
    return new Folder(defect.name());
  }

  /** The folder of those in which nothing is wrong. */
  Folder verifying() {
    return new Folder(VERIFIES);
  }

  /** The files of one verdict. */
  final class Folder {
    private final String verdict;

    private Folder(String verdict) {
      this.verdict = verdict;
    }

    private void add(String file, String content) {
      if (files.put(verdict + "/" + file, content) != null) {
        throw new IllegalStateException("two files are called " + file);
      }
    }

    /** A token alone. */
    void jwt(String name, String token) {
      add(name + ".jwt", token);
    }

    /** A human's own grant, signed after {@code change}. */
    void grant(String name, Consumer<ObjectNode> change) {
      jwt(name, signed(change).token());
    }

    /** A chain, the human's own grant first. */
    void chain(String name, Hop... hops) {
      chain(name, Arrays.asList(hops));
    }

    void chain(String name, List<Hop> hops) {
      ObjectNode file = node(JSON.createObjectNode(), hops.getLast());
      if (hops.size() > 1) {
        ArrayNode parents = file.putArray("parents");
        hops.subList(0, hops.size() - 1).forEach(hop -> node(parents.addObject(), hop));
      }
      add(name + ".json", file.toPrettyString() + "\n");
    }

    /** A hop below {@link #grant()}, signed after {@code change}. */
    void hop(String name, Consumer<ObjectNode> change) {
      Hop grant = DelegationVectors.grant();
      chain(name, grant, handedOn(change(below(own(), grant), change)));
    }
  }

  private static ObjectNode node(ObjectNode node, Hop hop) {
    return node.put("token", hop.token()).put("certificate", hop.certificate().base64());
  }

  /** A human's own grant, two hops deep, as it should be. */
  static Hop grant() {
    return signed(claims -> {});
  }

  static Hop signed(Consumer<ObjectNode> change) {
    return signed(change(own(), change));
  }

  static Hop signed(ObjectNode claims) {
    return new Hop(HUMAN.token(TokenVerifier.TYPE, claims), HUMAN_CERTIFICATE);
  }

  static Hop handedOn(ObjectNode claims) {
    return new Hop(AGENTS.token(TokenVerifier.TYPE, claims), AGENTS_CERTIFICATE);
  }

  static Hop revoked(KnownEs256 key, Bytes certificate, String by) {
    ObjectNode claims = JSON.createObjectNode();
    claims.put("jti", "rev-00000001").put("iss", by).put("iat", START.getEpochSecond());
    claims.put("delegation", "dlg-00000001").put("reason", "the builds are moved");
    return new Hop(key.token(TokenVerifier.REVOCATION_TYPE, claims), certificate);
  }

  static ObjectNode change(ObjectNode claims, Consumer<ObjectNode> change) {
    change.accept(claims);
    return claims;
  }

  /** The claims of a human's own grant, as they should be. */
  static ObjectNode own() {
    ObjectNode claims = JSON.createObjectNode();
    claims.put("jti", "dlg-00000001").put("iss", DANA).put("sub", DANA);
    claims.putObject("act").put("sub", AGENT.toString());
    times(claims, START, END).put("max_depth", 2);
    return scope(claims, "s3:*", "arn:aws:s3:::acme-*").put("purpose", "look at the builds");
  }

  /** The claims of a hop below {@code parent}, as they should be. */
  static ObjectNode below(ObjectNode parent, Hop signed) {
    ObjectNode claims = JSON.createObjectNode();
    int hops = actors(parent);
    claims.put("jti", "dlg-%08d".formatted(hops + 1)).put("iss", LAPTOP).put("sub", DANA);
    claims.putObject("act").put("sub", sub(hops).toString()).set("act", parent.get("act"));
    times(claims, START, END).put("max_depth", parent.path("max_depth").asInt() - 1);
    scope(claims, "s3:Get*", "arn:aws:s3:::acme-*");
    return claims.put("parent", commitment(signed));
  }

  /** A chain of so many hops, as it should be. */
  static List<Hop> narrowing(int hops) {
    ObjectNode claims = own().put("max_depth", 8);
    List<Hop> chain = new ArrayList<>(List.of(signed(claims)));
    while (chain.size() < hops) {
      claims = below(claims, chain.getLast());
      chain.add(handedOn(claims));
    }
    return chain;
  }

  static String commitment(Hop parent) {
    return base64(Delegation.commitment(parent.token()).toByteArray());
  }

  private static int actors(ObjectNode claims) {
    int count = 0;
    for (var act = claims.path("act"); act.isObject(); act = act.path("act")) {
      count++;
    }
    return count;
  }

  static ObjectNode times(ObjectNode claims, Instant from, Instant until) {
    claims.put("iat", START.getEpochSecond());
    return claims.put("nbf", from.getEpochSecond()).put("exp", until.getEpochSecond());
  }

  static ObjectNode scope(ObjectNode claims, String action, String... resources) {
    ObjectNode one = claims.putArray("authorization_details").addObject();
    one.put("type", "custody_action").putArray("actions").add(action);
    ArrayNode all = one.putArray("resources");
    for (String resource : resources) {
      all.add(resource);
    }
    return claims;
  }

  static Bytes certificate(CertificateRole role, String subject, KnownEs256 key, Signer root) {
    return certificate(role, subject, key, START.minus(Duration.ofMinutes(5)), root);
  }

  /** For a day. */
  static Bytes certificate(
      CertificateRole role, String subject, KnownEs256 key, Instant from, Signer root) {
    return VectorChain.certificate(
        role, subject, "ES256", Bytes.utf8(key.jwks()), from, from.plus(Duration.ofDays(1)), root);
  }
}
