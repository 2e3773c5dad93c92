package dev.custody.evidence;

import dev.custody.digest.Digest;
import dev.custody.evidence.BundleFailure.Where;
import dev.custody.evidence.Manifest.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The archive against its manifest: every byte is accounted for before any of them is believed. */
final class BundleContainer {
  private static final int BUFFER = 1 << 13;

  private final BundleReader reader;
  private final List<BundleFailure> failures;
  private final byte[] buffer = new byte[BUFFER];

  private BundleContainer(InputStream in, List<BundleFailure> failures) {
    this.reader = new BundleReader(in);
    this.failures = failures;
  }

  /** The manifest of a bundle; adds to {@code failures} what is not as it says. */
  static Manifest check(InputStream in, List<BundleFailure> failures) throws IOException, Refusal {
    return new BundleContainer(in, failures).check();
  }

  private Manifest check() throws IOException, Refusal {
    BundleReader.Entry first = reader.next();
    if (first == null || !first.member().equals(Member.MANIFEST)) {
      throw new Refusal(
          missing(Member.MANIFEST.name(), first == null ? "none" : first.member().name()));
    }
    byte[] bytes = reader.content();
    Manifest manifest = Manifest.parse(bytes);
    requireOrder(manifest);
    boolean sealed = compare(manifest, bytes);
    if (!sealed && failures.stream().noneMatch(BundleContainer::isOfDigest)) {
      // The manifest is what changed, so what it says of others is not believed.
      failures.clear();
      failures.add(Manifest.refusal("the digest that manifest.sha256 holds", "another").failure());
    }
    return manifest;
  }

  private static boolean isOfDigest(BundleFailure failure) {
    return failure.where().member().equals(Member.DIGEST.name());
  }

  private static void requireOrder(Manifest manifest) throws Refusal {
    Member last = Member.MANIFEST;
    Set<Member.Kind> kinds = EnumSet.noneOf(Member.Kind.class);
    for (Entry entry : manifest.members()) {
      Optional<Member> member = Member.named(entry.name());
      if (member.isEmpty() || member.get().compareTo(last) <= 0) {
        throw Manifest.refusal(
            "members of a bundle in their order, each once",
            "%s after %s".formatted(dev.custody.digest.StrictText.shown(entry.name()), last));
      }
      last = member.get();
      kinds.add(last.kind());
    }
    EnumSet<Member.Kind> needed =
        EnumSet.complementOf(
            EnumSet.of(Member.Kind.MANIFEST, Member.Kind.DIGEST, Member.Kind.REVOCATIONS));
    needed.removeAll(kinds);
    if (!needed.isEmpty() || kinds.contains(Member.Kind.DIGEST)) {
      throw Manifest.refusal("at least one member of each kind", "none of " + needed);
    }
  }

  /** Whether the archive ends with the digest of {@code manifest}. */
  private boolean compare(Manifest manifest, byte[] bytes) throws IOException, Refusal {
    Iterator<Entry> listed = manifest.members().iterator();
    @Nullable Entry next = listed.next();
    boolean sealed = false;
    boolean digest = false;
    for (BundleReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
      Member member = entry.member();
      while (next != null && named(next).compareTo(member) < 0) {
        failures.add(missing(next.name(), "none"));
        next = listed.hasNext() ? listed.next() : null;
      }
      if (member.equals(Member.DIGEST)) {
        digest = true;
        sealed = Arrays.equals(Manifest.digestLine(bytes), reader.content());
      } else if (next == null || !named(next).equals(member)) {
        failures.add(
            new BundleFailure.ExtraMember(
                Where.of(member), "no member that the manifest does not list", member.name()));
      } else {
        compare(next, entry);
        next = listed.hasNext() ? listed.next() : null;
      }
    }
    if (!digest) {
      failures.add(missing(Member.DIGEST.name(), "none"));
    }
    return sealed;
  }

  private static Member named(Entry entry) {
    return Member.named(entry.name()).orElseThrow();
  }

  private void compare(Entry listed, BundleReader.Entry entry) throws IOException {
    MessageDigest sha256 = Digest.newSha256();
    InputStream content = reader.stream();
    for (int count = content.read(buffer); count > 0; count = content.read(buffer)) {
      sha256.update(buffer, 0, count);
    }
    Digest found = new Digest(sha256.digest());
    if (listed.size() != entry.size() || !listed.sha256().equals(found)) {
      failures.add(
          new BundleFailure.AlteredMember(
              Where.of(entry.member()),
              "%d bytes with SHA-256 %s".formatted(listed.size(), listed.sha256().hex()),
              "%d bytes with SHA-256 %s".formatted(entry.size(), found.hex())));
    }
  }

  private static BundleFailure missing(String name, String found) {
    Where where = Member.named(name).map(Where::of).orElse(Where.of(name));
    return new BundleFailure.MissingMember(where, name, found);
  }
}
