package dev.custody.evidence;

import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Human;
import dev.custody.identity.Certificate;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteSignature;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import dev.custody.tlog.TlogProof;
import dev.custody.trust.Revocation;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The report of a bundle, written part by part in the order of its members. Its words are part of
 * the format: another text needs another version of it.
 */
final class EvidenceReport {
  private static final int MAX_TEXT = 300;
  private static final int MAX_CONTENT = 2000;
  private static final int MAX_RESOURCES = 20;
  private static final int MAX_IDENTIFIERS = 20;

  // Ranges, not the JDK's character types: those change with Unicode, and the report must not.
  private static final int[] HARMFUL = {
    0x00, 0x1f, 0x7f, 0xa0, 0xad, 0xad, 0x0600, 0x0605, 0x061c, 0x061c, 0x06dd, 0x06dd, 0x115f,
    0x1160, 0x17b4, 0x17b5, 0x180b, 0x180f, 0x2000, 0x200f, 0x2028, 0x202f, 0x205f, 0x206f, 0x3164,
    0x3164, 0xd800, 0xf8ff, 0xfe00, 0xfe0f, 0xfeff, 0xfeff, 0xffa0, 0xffa0, 0xfff0, 0xffff, 0x1bca0,
    0x1bca3, 0x1d173, 0x1d17a, 0xe0000, 0x10ffff
  };

  private final StringBuilder text = new StringBuilder();
  private boolean proofs;
  private boolean checkpoints;

  EvidenceReport() {
    line("# Evidence of the log");
    line("");
    line("Computed from the proofs in this bundle, and from nothing else. Verify it with");
    line("`custody verify BUNDLE --root FILE`, and a root key that you trust.");
  }

  void roots(TrustedRoots roots) {
    heading("Root keys");
    roots.fingerprints().forEach(key -> line("- SHA-256 " + code(key)));
  }

  void logs(LogList logs) {
    heading("List of logs");
    line(
        "- %s, number %d of %s"
            .formatted(code(logs.name()), logs.serial(), code(logs.issued().toString())));
  }

  void revocations(List<Revocation> revocations) {
    heading("Revoked keys");
    for (Revocation revocation : revocations) {
      line(
          "- key %s after %s: %s"
              .formatted(
                  code(revocation.key().hex()),
                  code(revocation.chain().hex() + "#" + revocation.lastTrusted()),
                  code(revocation.reason())));
    }
  }

  void chain(ChainId chain, long count) {
    heading("Chain " + chain.hex());
    line("Positions #0 to #" + (count - 1) + ".");
  }

  void event(Envelope envelope, Event event, Digest link) {
    line("");
    line("### #%d %s".formatted(envelope.sequence(), event.type()));
    line("");
    field("occurred", event.occurredAt().toString());
    field("observed", event.observedAt().toString());
    who(event.actor());
    field("session", event.session());
    field("prompt", event.prompt());
    field("tool call", event.toolCall());
    field("delegation", event.delegation());
    field("action", event.action());
    event.resources().stream().limit(MAX_RESOURCES).forEach(r -> field("resource", r));
    if (event.resources().size() > MAX_RESOURCES) {
      line("- resources: %d more".formatted(event.resources().size() - MAX_RESOURCES));
    }
    field("outcome", event.outcome().name());
    field("reason", event.outcomeReason());
    event.identifiers().stream()
        .limit(MAX_IDENTIFIERS)
        .forEach(i -> field("identifier " + i.kind(), i.value()));
    if (event.identifiers().size() > MAX_IDENTIFIERS) {
      line("- identifiers: %d more".formatted(event.identifiers().size() - MAX_IDENTIFIERS));
    }
    body(event.body());
    field("host", event.host().name());
    field("source", event.source().kind());
    field("event id", event.id().toString());
    field("link", link.hex());
    field("sealed by key", envelope.key().hex());
    content(event);
  }

  private void body(Body body) {
    switch (body) {
      case Body.Genesis genesis -> {
        certificate(genesis.certificate());
        field("software", genesis.software());
        Body.Predecessor before = genesis.predecessor();
        if (before != null) {
          field("follows", before.chain().hex() + "#" + before.sequence());
        }
      }
      case Body.KeyRotated rotated -> certificate(rotated.certificate());
      case Body.KeyRevoked revoked ->
          field(
              "revokes key",
              "%s after %s#%d"
                  .formatted(
                      revoked.key().hex(), revoked.chain().hex(), revoked.lastTrustedSequence()));
      default -> {}
    }
  }

  private void certificate(Bytes signed) {
    try {
      Certificate certificate =
          Formats.CERTIFICATE.decode(
              Formats.SIGNED_CERTIFICATE.decode(signed.toByteArray()).certificate().toByteArray());
      field("collector", certificate.subject());
      field("key", KeyId.ofPublicKey(certificate.publicKey().toByteArray()).hex());
      field("valid from", certificate.notBefore().toString());
      field("valid until", certificate.notAfter().toString());
    } catch (WireException e) {
      throw new IllegalStateException("an admitted certificate decodes", e);
    }
  }

  private void who(Actor actor) {
    Human human = actor.human();
    if (human != null) {
      line("- human: %s (%s)".formatted(code(human.id()), human.basis()));
    }
    var agent = actor.agent();
    if (agent != null) {
      field("agent", agent.product());
      field("agent identity", agent.spiffeId());
    }
  }

  private void content(Event event) {
    if (event.content().isEmpty() || !event.contentKey().isEmpty()) {
      return;
    }
    line("- content, %d bytes:".formatted(event.content().size()));
    line("");
    line("        " + harmless(event.content().utf8(), MAX_CONTENT));
  }

  void withheld(long withheld) {
    line("");
    line(
        "%d of these positions are withheld: their digests are here, not what they say."
            .formatted(withheld));
  }

  void checkpoint(SignedNote note, Checkpoint checkpoint) {
    if (!checkpoints) {
      heading("Checkpoints");
      checkpoints = true;
    }
    line(
        "- %s, size %d, root %s, signed by %s"
            .formatted(
                code(checkpoint.origin()),
                checkpoint.size(),
                code(checkpoint.root().base64()),
                note.signatures().stream()
                    .map(NoteSignature::name)
                    .distinct()
                    .map(EvidenceReport::code)
                    .collect(Collectors.joining(", "))));
  }

  void proof(Member member, TlogProof proof) {
    if (!proofs) {
      heading("Places in the log");
      proofs = true;
    }
    line(
        "- %s is entry %d of %s"
            .formatted(
                code(member.chain() + "#" + member.first()),
                proof.index(),
                code(proof.checkpoint().origin())));
  }

  byte[] text() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void heading(String heading) {
    line("");
    line("## " + heading);
    line("");
  }

  private void field(String name, @Nullable String value) {
    if (value != null) {
      line("- " + name + ": " + code(value));
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** Strings of events as code, which Markdown shows and never runs. */
  private static String code(String value) {
    return "`" + harmless(value, MAX_TEXT).replace('`', '\'') + "`";
  }

  /** On one line, with nothing that could act on a terminal or deceive its reader. */
  private static String harmless(String value, int most) {
    StringBuilder shown = new StringBuilder();
    value
        .codePoints()
        .limit(most)
        .forEach(c -> {
          if (isHarmless(c)) {
            shown.appendCodePoint(c);
          } else {
            shown.append("<U+%04X>".formatted(c));
          }
        });
    int all = value.codePointCount(0, value.length());
    return all > most ? shown + "... (%d characters in all)".formatted(all) : shown.toString();
  }

  private static boolean isHarmless(int c) {
    for (int i = 0; i < HARMFUL.length; i += 2) {
      if (c >= HARMFUL[i] && c <= HARMFUL[i + 1]) {
        return false;
      }
    }
    return true;
  }
}
