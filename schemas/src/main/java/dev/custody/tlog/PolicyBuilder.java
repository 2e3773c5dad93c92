package dev.custody.tlog;

import dev.custody.digest.Bytes;
import dev.custody.digest.StrictText;
import dev.custody.tlog.WitnessPolicy.Group;
import dev.custody.tlog.WitnessPolicy.Log;
import dev.custody.tlog.WitnessPolicy.Witness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes a policy's definitions in their order and refuses what makes none. */
final class PolicyBuilder {
  private final List<Log> logs = new ArrayList<>();
  private final List<Witness> witnesses = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private final Set<Bytes> logKeys = new HashSet<>();
  private final Set<Bytes> witnessKeys = new HashSet<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> members = new HashSet<>();
  private @Nullable String quorum;

  static void check(List<Log> logs, List<Witness> witnesses, List<Group> groups, String quorum) {
    PolicyBuilder all = new PolicyBuilder();
    logs.forEach(all::add);
    witnesses.forEach(all::add);
    groups.forEach(all::add);
    all.quorum(quorum);
  }

  void add(Log log) {
    refuseMoreThanMost(logs, "logs");
    token(log.url(), "URL");
    if (log.key().type().cosigns()) {
      throw new IllegalArgumentException("expected the key of a log, found that of a witness");
    }
    if (!logKeys.add(log.key().publicKey())) {
      throw new IllegalArgumentException(
          "expected each log once, found the key of %s again".formatted(log.key().name()));
    }
    logs.add(log);
  }

  void add(Witness witness) {
    refuseMoreThanMost(witnesses, "witnesses");
    token(witness.url(), "URL");
    if (!witness.key().type().cosigns()) {
      throw new IllegalArgumentException("expected the key of a witness, found that of a log");
    }
    if (!witnessKeys.add(witness.key().publicKey())) {
      throw new IllegalArgumentException(
          "expected each witness once, found the key of %s again".formatted(witness.key().name()));
    }
    define(witness.name());
    witnesses.add(witness);
  }

  void add(Group group) {
    refuseMoreThanMost(groups, "groups");
    int size = group.members().size();
    if (group.threshold() < 1 || group.threshold() > size) {
      throw new IllegalArgumentException(
          "expected a threshold from 1 to the number of members, %d, found %d"
              .formatted(size, group.threshold()));
    }
    for (String member : group.members()) {
      require(member);
      if (!members.add(member)) {
        throw new IllegalArgumentException(
            "expected each name in one group, once, found %s again"
                .formatted(StrictText.shown(member)));
      }
    }
    // Only now: a group is no member of itself.
    define(group.name());
    groups.add(group);
  }

  void quorum(String name) {
    if (quorum != null) {
      throw new IllegalArgumentException("expected one quorum, found a second");
    }
    if (!name.equals(WitnessPolicy.NONE)) {
      require(name);
    }
    quorum = name;
  }

  WitnessPolicy build() {
    if (quorum == null) {
      throw new IllegalArgumentException("expected a quorum, found none");
    }
    return new WitnessPolicy(logs, witnesses, groups, quorum);
  }

  private static void refuseMoreThanMost(List<?> defined, String what) {
    if (defined.size() == WitnessPolicy.MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "expected at most %d %s, found more".formatted(WitnessPolicy.MAX_ENTRIES, what));
    }
  }

  private void require(String name) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          "expected a witness or group defined before, found " + StrictText.shown(name));
    }
  }

  private void define(String name) {
    token(name, "name");
    if (name.equals(WitnessPolicy.NONE)) {
      throw new IllegalArgumentException("expected another name than none, which is reserved");
    }
    if (!names.add(name)) {
      throw new IllegalArgumentException(
          "expected each name once, found %s again".formatted(StrictText.shown(name)));
    }
  }

  // What stands between spaces in the file: one character for each octet, no separator.
  private static void token(@Nullable String token, String what) {
    if (token != null
        && (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c == 0x7f || c > 0xff))) {
      throw new IllegalArgumentException(
          "expected a %s without spaces and control characters, found %s"
              .formatted(what, StrictText.shown(token)));
    }
  }
}
