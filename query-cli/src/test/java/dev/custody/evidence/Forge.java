package dev.custody.evidence;

import dev.custody.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What an attacker does who knows the format: changes members, and sets digests right. */
final class Forge {
  private final TreeMap<Member, byte[]> members = new TreeMap<>();
  private Manifest manifest;

  private Forge(Manifest manifest) {
    this.manifest = manifest;
  }

  static Forge empty() {
    return new Forge(EvidenceWorld.CLAIMS);
  }

  static Forge of(byte[] bundle) throws Exception {
    BundleReader reader = new BundleReader(new ByteArrayInputStream(bundle));
    Forge forge = new Forge(EvidenceWorld.CLAIMS);
    for (var entry = reader.next(); entry != null; entry = reader.next()) {
      byte[] content = reader.content();
      if (entry.member().equals(Member.MANIFEST)) {
        forge.manifest = Manifest.parse(content);
      } else if (!entry.member().equals(Member.DIGEST)) {
        forge.members.put(entry.member(), content);
      }
    }
    return forge;
  }

  byte[] get(Member member) {
    return members.getOrDefault(member, new byte[0]);
  }

  List<Member> members() {
    return List.copyOf(members.keySet());
  }

  List<Member> members(Member.Kind kind) {
    return members.keySet().stream().filter(m -> m.kind() == kind).toList();
  }

  Member first(Member.Kind kind) {
    return members(kind).getFirst();
  }

  Forge put(Member member, byte[] content) {
    members.put(member, content);
    return this;
  }

  Forge change(Member member, UnaryOperator<byte[]> change) {
    return put(member, change.apply(get(member).clone()));
  }

  Forge drop(Member member) {
    members.remove(member);
    return this;
  }

  /** The bundle, with the manifest of these members. */
  byte[] bundle() {
    List<Manifest.Entry> entries = new ArrayList<>();
    members.forEach((member, bytes) ->
        entries.add(new Manifest.Entry(member.name(), bytes.length, Digest.sha256(bytes))));
    return archive(manifest.with(entries));
  }

  /** The bundle, with any manifest. */
  byte[] archive(Manifest listed) {
    byte[] encoded = listed.encode();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    append(out, Member.MANIFEST, encoded);
    for (Map.Entry<Member, byte[]> member : members.entrySet()) {
      append(out, member.getKey(), member.getValue());
    }
    append(out, Member.DIGEST, Manifest.digestLine(encoded));
    out.writeBytes(new byte[Ustar.END]);
    return out.toByteArray();
  }

  Manifest manifest() {
    return manifest;
  }

  private static void append(ByteArrayOutputStream out, Member member, byte[] bytes) {
    out.writeBytes(Ustar.header(member.name(), bytes.length));
    out.writeBytes(bytes);
    out.writeBytes(new byte[Ustar.padding(bytes.length)]);
  }
}
