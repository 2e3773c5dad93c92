package dev.custody.admission;

import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Seal;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.Salt;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventId;
import dev.custody.event.Host;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.SignedCertificate;
import dev.custody.merkle.MerkleTree;
import dev.custody.signing.Signer;
import dev.custody.wire.Formats;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** The fixed inputs of the vectors: everybody knows these keys, so they protect nothing. */
public final class VectorChain {
  static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

  /** RFC 8032, section 7.1, test 1: the organisation's root. */
  public static final Signer ROOT =
      new KnownKey(
          "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

  /** RFC 8032, section 7.1, test 2: the collector. */
  static final Signer COLLECTOR =
      new KnownKey(
          "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");

  /** RFC 8032, section 7.1, test 3: somebody else. */
  public static final Signer STRANGER =
      new KnownKey(
          "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");

  /** RFC 8032, section 7.1, test SHA(abc): the key that the collector changes to. */
  static final Signer SUCCESSOR =
      new KnownKey(
          "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
          "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf");

  private static final String LAPTOP = "spiffe://example.test/collector/laptop";

  private VectorChain() {}

  /** Signs with a published key, by the JDK. */
  record KnownKey(String seed, String publicHex) implements Signer {
    private static final String PKCS8 = "302e020100300506032b657004220420";

    @Override
    public KeyId keyId() {
      return KeyId.ofPublicKey(publicKey().toByteArray());
    }

    @Override
    public Bytes publicKey() {
      return new Bytes(HexFormat.of().parseHex(publicHex));
    }

    @Override
    public SignatureBytes sign(byte[] statement) {
      try {
        PrivateKey key =
            KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(HexFormat.of().parseHex(PKCS8 + seed)));
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initSign(key);
        ed25519.update(statement);
        return new SignatureBytes(ed25519.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static Bytes certificate(CertificateRole role, Signer root) {
    return certificate(role, LAPTOP, COLLECTOR, NOW.minusSeconds(300), root);
  }

  /** A certificate of the key that the collector changes to. */
  static Bytes successor(CertificateRole role, Signer root) {
    return certificate(role, LAPTOP, SUCCESSOR, NOW.minusSeconds(300), root);
  }

  static Bytes certificate(
      CertificateRole role, String subject, Signer key, Instant from, Signer root) {
    return certificate(
        role, subject, "Ed25519", key.publicKey(), from, NOW.plusSeconds(86_400), root);
  }

  /** What {@code root} certifies of a key, the same each time. */
  public static Bytes certificate(
      CertificateRole role,
      String subject,
      String algorithm,
      Bytes key,
      Instant from,
      Instant until,
      Signer root) {
    Bytes inner =
        new Bytes(
            Formats.CERTIFICATE.encode(
                new Certificate(role, subject, algorithm, key, from, until, id(0xff))));
    return new Bytes(
        Formats.SIGNED_CERTIFICATE.encode(
            new SignedCertificate(inner, root.keyId(), root.sign(TrustedRoots.statement(inner)))));
  }

  private static EventId id(int number) {
    return new EventId(new UUID(0x019a_a9c4_0000_7000L, 0x8000_0000_0000_0000L | number));
  }

  private static Salt salt(int number) {
    byte[] salt = new byte[Salt.SIZE];
    for (int i = 0; i < salt.length; i++) {
      salt[i] = (byte) (number * 16 + i);
    }
    return new Salt(salt);
  }

  static byte[] event(int number, Instant observedAt, Body body) {
    return Formats.EVENT.encode(
        new Event(
            salt(number),
            id(number),
            observedAt,
            observedAt,
            new Source("custody", null, null, null),
            new Host("laptop", null),
            new Actor(null, null),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            Outcome.UNKNOWN,
            null,
            List.of(),
            List.of(),
            new Bytes(new byte[0]),
            "",
            0,
            body));
  }

  static byte[] genesis(Bytes certificate) {
    return event(0, NOW, new Body.Genesis(certificate, null, false, "custody 0.1.0"));
  }

  static byte[] genesis() {
    return genesis(certificate(CertificateRole.COLLECTOR, ROOT));
  }

  /** A tool call, with most fields set. */
  static byte[] toolCall() {
    return Formats.EVENT.encode(
        new Event(
            salt(1),
            id(1),
            NOW.plusMillis(1_234),
            NOW.plusMillis(1_500),
            new Source("claude-code", "PostToolUse", null, "2.0.1"),
            new Host("laptop", "Linux"),
            new Actor(
                new Human("dana@example.test", HumanBasis.GIT_EMAIL, "dana", "dana@example.test"),
                new Agent(
                    "claude-code",
                    "2.0.1",
                    "spiffe://example.test/agent/claude-code/api",
                    "one",
                    null)),
            "one",
            "prompt-1",
            "call-1",
            null,
            null,
            "dlg-reading",
            "/home/dana/api",
            List.of("arn:aws:s3:::acme-prod-builds"),
            "tool:Bash",
            Outcome.SUCCESS,
            null,
            List.of(new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "AKIAEXAMPLE000000001")),
            List.of(),
            Bytes.utf8("{\"tool_input\":{\"command\":\"aws s3 ls\"}}"),
            "",
            0,
            new Body.ToolCallCompleted("Bash", 266L)));
  }

  static byte[] heartbeat(int number) {
    return event(number, NOW.plusSeconds(30), new Body.CollectorHeartbeat(number, 0, 0));
  }

  /** Genesis under a seal of its own, then a tool call and a heartbeat under one seal. */
  public static List<Envelope> chain() {
    Sealer.Opened opened = Sealer.open(COLLECTOR, genesis());
    List<Envelope> chain = new ArrayList<>(List.of(opened.genesis()));
    chain.addAll(opened.sealer().seal(List.of(toolCall(), heartbeat(2))));
    return chain;
  }

  /** A change of the key, as event {@code number}. */
  static byte[] rotation(int number, Bytes certificate) {
    return event(number, NOW.plusSeconds(30), new Body.KeyRotated(certificate));
  }

  /** Link hash of {@code envelope}. */
  public static Digest hash(Envelope envelope) {
    return Link.of(envelope).hash();
  }

  /** An envelope sealed alone at any position of {@code chain}. */
  static Envelope at(ChainId chain, long sequence, Digest previous, byte[] event) {
    return at(chain, sequence, previous, event, sequence, 1, List.of(), COLLECTOR);
  }

  /** An envelope sealed alone by {@code signer} behind {@code before}. */
  static Envelope after(Envelope before, byte[] event, Signer signer) {
    long sequence = before.sequence() + 1;
    return at(before.chain(), sequence, hash(before), event, sequence, 1, List.of(), signer);
  }

  /** An envelope whose seal says what it is told to say, and is signed so. */
  static Envelope at(
      ChainId chain,
      long sequence,
      Digest previous,
      byte[] event,
      long sealFirst,
      int sealSize,
      List<Digest> path,
      Signer signer) {
    Digest link = new Link(chain, sequence, previous, Digest.sha256(event)).hash();
    Digest root = link;
    for (Digest sibling : path) {
      root = MerkleTree.node(root, sibling);
    }
    Seal seal = new Seal(signer.keyId(), chain, sealFirst, sealSize, root);
    return new Envelope(
        chain,
        sequence,
        previous,
        new Bytes(event),
        sealFirst,
        sealSize,
        path,
        signer.keyId(),
        signer.sign(seal.statement()));
  }
}
