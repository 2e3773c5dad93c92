package dev.custody.tlog;

import dev.custody.digest.StrictText;
import dev.custody.note.NoteException;
import dev.custody.note.VerifierKey;
import dev.custody.tlog.WitnessPolicy.Group;
import dev.custody.tlog.WitnessPolicy.Log;
import dev.custody.tlog.WitnessPolicy.Witness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** Reads policy files, octet by octet: nothing depends on a version of Unicode. */
final class PolicyParser {
  private static final int DELETE = 0x7f;

  private final PolicyBuilder policy = new PolicyBuilder();

  private PolicyParser() {}

  static WitnessPolicy parse(byte[] file) throws TlogException {
    if (file.length > WitnessPolicy.MAX_BYTES) {
      throw refused(
          "expected at most %d bytes, found %d".formatted(WitnessPolicy.MAX_BYTES, file.length));
    }
    String text = new String(file, StandardCharsets.ISO_8859_1);
    if (!text.isEmpty() && !text.endsWith("\n")) {
      throw refused("expected a newline at the end, found none");
    }
    PolicyParser parser = new PolicyParser();
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      try {
        parser.read(line);
      } catch (IllegalArgumentException | NoteException e) {
        throw new TlogException("policy, line %d: %s".formatted(number, e.getMessage()), e);
      }
    }
    try {
      return parser.policy.build();
    } catch (IllegalArgumentException e) {
      throw new TlogException("policy: " + e.getMessage(), e);
    }
  }

  private static TlogException refused(String message) {
    return new TlogException("policy: " + message);
  }

  private void read(String line) throws NoteException {
    refuseControls(line);
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(line, " \t");
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    if (words.isEmpty() || words.getFirst().startsWith("#")) {
      return;
    }
    switch (words.getFirst()) {
      case "log" -> log(words);
      case "witness" -> witness(words);
      case "group" -> group(words);
      case "quorum" -> {
        expect(words, 2, 2, "quorum <name>");
        policy.quorum(words.get(1));
      }
      default ->
          throw new IllegalArgumentException(
              "expected log, witness, group or quorum, found "
                  + StrictText.shown(words.getFirst()));
    }
  }

  private static void refuseControls(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if ((c < ' ' && c != '\t') || c == DELETE) {
        throw new IllegalArgumentException(
            "expected no control characters but tab and newline, found 0x%02x".formatted((int) c));
      }
    }
  }

  private void log(List<String> words) throws NoteException {
    expect(words, 2, 3, "log <vkey> [<url>]");
    policy.add(new Log(key(words.get(1)), at(words, 2)));
  }

  private void witness(List<String> words) throws NoteException {
    expect(words, 3, 4, "witness <name> <vkey> [<url>]");
    policy.add(new Witness(words.get(1), key(words.get(2)), at(words, 3)));
  }

  private void group(List<String> words) {
    expect(words, 4, Integer.MAX_VALUE, "group <name> all|any|<k> <name>...");
    List<String> members = words.subList(3, words.size());
    long threshold =
        switch (words.get(2)) {
          case "all" -> members.size();
          case "any" -> 1;
          default -> StrictText.decimal(words.get(2));
        };
    if (threshold > members.size()) {
      throw new IllegalArgumentException(
          "expected a threshold from 1 to the number of members, %d, found %d"
              .formatted(members.size(), threshold));
    }
    policy.add(new Group(words.get(1), (int) threshold, members));
  }

  private static void expect(List<String> words, int least, int most, String form) {
    if (words.size() < least || words.size() > most) {
      throw new IllegalArgumentException(
          "expected %s, found %d words".formatted(form, words.size()));
    }
  }

  private static @Nullable String at(List<String> words, int index) {
    return index < words.size() ? words.get(index) : null;
  }

  private static VerifierKey key(String octets) throws NoteException {
    return VerifierKey.parse(StrictText.utf8(octets.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
