package dev.custody.tlog;

import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.NoteVerification;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which logs are believed, and which witnesses must have cosigned (c2sp.org/tlog-policy). Names
 * have meaning within the policy only; they and URLs hold one character for each octet.
 *
 * @param logs signers of whom one must have signed; empty where the log is known otherwise
 * @param witnesses who may cosign
 * @param groups each after the groups that it names
 * @param quorum a witness, a group, or {@link #NONE}
 */
public record WitnessPolicy(
    List<Log> logs, List<Witness> witnesses, List<Group> groups, String quorum) {
  /** The quorum of a policy that asks for no cosignature. */
  public static final String NONE = "none";

  /** Longest policy, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** Most logs, witnesses and groups, each; the format asks for 32 at least. */
  public static final int MAX_ENTRIES = 256;

  /**
   * A log.
   *
   * @param key its name is the log's origin
   * @param url where it is, or null
   */
  public record Log(VerifierKey key, @Nullable String url) {}

  /**
   * A witness.
   *
   * @param name within the policy
   * @param key of its cosignatures
   * @param url its submission prefix, or null
   */
  public record Witness(String name, VerifierKey key, @Nullable String url) {}

  /**
   * A group of witnesses and groups.
   *
   * @param name within the policy
   * @param threshold how many members must have cosigned
   * @param members names, none in two groups
   */
  public record Group(String name, int threshold, List<String> members) {
    /** Copies the members. */
    public Group {
      members = List.copyOf(members);
    }
  }

  /**
   * @throws IllegalArgumentException when the parts do not make a policy
   */
  public WitnessPolicy {
    logs = List.copyOf(logs);
    witnesses = List.copyOf(witnesses);
    groups = List.copyOf(groups);
    PolicyBuilder.check(logs, witnesses, groups, quorum);
  }

  /**
   * Parses a policy file.
   *
   * @throws TlogException saying in which line what is wrong
   */
  public static WitnessPolicy parse(byte[] file) throws TlogException {
    return PolicyParser.parse(file);
  }

  /** A policy file that says the same; without comments. */
  public byte[] encode() {
    StringBuilder file = new StringBuilder();
    for (Log log : logs) {
      file.append("log ").append(octets(log.key())).append(url(log.url())).append('\n');
    }
    for (Witness witness : witnesses) {
      file.append("witness ").append(witness.name()).append(' ').append(octets(witness.key()));
      file.append(url(witness.url())).append('\n');
    }
    for (Group group : groups) {
      file.append("group ").append(group.name()).append(' ').append(group.threshold());
      group.members().forEach(member -> file.append(' ').append(member));
      file.append('\n');
    }
    return file.append("quorum ")
        .append(quorum)
        .append('\n')
        .toString()
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String octets(VerifierKey key) {
    return new String(key.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String url(@Nullable String url) {
    return url == null ? "" : " " + url;
  }

  /** Keys of the witnesses, in their order. */
  public List<VerifierKey> witnessKeys() {
    return witnesses.stream().map(Witness::key).toList();
  }

  /**
   * Whether {@code note} is a checkpoint that this policy believes: signed by a listed log of its
   * origin, where logs are listed, and cosigned by the quorum.
   *
   * @throws NoteException when it is no checkpoint, or a listed key's signature fails
   */
  public boolean satisfiedBy(SignedNote note) throws NoteException {
    return signedByLog(note) && quorumOf(cosignedBy(note));
  }

  private boolean signedByLog(SignedNote note) throws NoteException {
    String origin = Checkpoint.of(note).origin();
    List<NoteVerification> signed = note.verify(logs.stream().map(Log::key).toList());
    return logs.isEmpty() || signed.stream().anyMatch(log -> log.key().name().equals(origin));
  }

  /**
   * Names of the witnesses that cosigned {@code note}.
   *
   * @throws NoteException when a witness's signature fails
   */
  public Set<String> cosignedBy(SignedNote note) throws NoteException {
    Set<VerifierKey> keys =
        note.verify(witnessKeys()).stream()
            .map(NoteVerification::key)
            .collect(Collectors.toUnmodifiableSet());
    return witnesses.stream()
        .filter(witness -> keys.contains(witness.key()))
        .map(Witness::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether these witnesses are enough. */
  public boolean quorumOf(Set<String> witnessed) {
    if (quorum.equals(NONE)) {
      return true;
    }
    Set<String> reached = new HashSet<>();
    witnesses.stream().map(Witness::name).filter(witnessed::contains).forEach(reached::add);
    // A group stands after those that it names: one pass is enough.
    for (Group group : groups) {
      if (group.members().stream().filter(reached::contains).count() >= group.threshold()) {
        reached.add(group.name());
      }
    }
    return reached.contains(quorum);
  }
}
