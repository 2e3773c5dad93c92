package dev.custody.source.git;

import dev.custody.redact.SecretKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** The secrets in a version of a file that stand on lines which earlier versions do not have. */
final class AddedSecrets {
  /**
   * A secret.
   *
   * @param line the first new line that it stands on, from 1
   */
  record Added(SecretKind kind, String secret, int line) {}

  private AddedSecrets() {}

  /**
   * What {@code after} adds, in the order of its lines.
   *
   * @param places the secrets of {@code after}
   * @param before earlier versions; a line counts that is new to each of them
   */
  static List<Added> of(List<SecretPlaces.Place> places, byte[] after, List<byte[]> before) {
    if (places.isEmpty()) {
      return List.of();
    }
    BitSet lines = lines(after, before);
    List<Added> added = new ArrayList<>();
    for (SecretPlaces.Place place : places) {
      int line = lines.nextSetBit(place.first());
      if (line >= 0 && line <= place.last()) {
        added.add(new Added(place.kind(), place.secret(), line));
      }
    }
    return added;
  }

  /** The numbers of the lines that are new, from 1; line ends don't count. */
  private static BitSet lines(byte[] after, List<byte[]> before) {
    RawText now = new RawText(after);
    BitSet all = new BitSet();
    all.set(1, now.size() + 1);
    for (byte[] earlier : before) {
      BitSet added = new BitSet();
      for (Edit edit :
          new HistogramDiff()
              .diff(RawTextComparator.WS_IGNORE_TRAILING, new RawText(earlier), now)) {
        added.set(edit.getBeginB() + 1, edit.getEndB() + 1);
      }
      all.and(added);
    }
    return all;
  }
}
