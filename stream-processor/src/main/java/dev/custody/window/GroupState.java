package dev.custody.window;

import dev.custody.event.EventId;
import dev.custody.sigma.Correlation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one group of one correlation, and which matches were told. Its bytes are a header
 * of 29 bytes and the caller's note, and of each member 20 bytes, 24 where values are counted, 29
 * where numbers are; 5 more where the event is over two hours older than its id, 8 more where it
 * was observed at another time than its id says. Not safe for several threads.
 *
 * <p>A member that comes again changes nothing. Members leave when the newest observation of the
 * group is past theirs by three to four times timespan and grace, and all of them when nothing came
 * for so long a stream time; what was told of them stays told. So a collector that hands in days at
 * once, long after others, is judged as if it had been in time.
 */
public final class GroupState {
  /** The most members; of more the newest by time and id are kept, in whatever order they come. */
  public static final int MAX_MEMBERS = 4096;

  /** The longest note, in bytes. */
  public static final int MAX_NOTE = 128;

  private static final byte VERSION = 3;
  private static final int HEADER = 1 + 8 + 8 + 8 + 2 + 2;

  private final Spec spec;
  private final List<Entry> members = new ArrayList<>();
  private byte[] note = {};

  /** The time of the newest member that had to leave for want of space. */
  private long floor = Long.MIN_VALUE;

  /** The latest stream time that it was told. */
  private long now = Long.MIN_VALUE;

  /** The stream time at which a member came or went last. */
  private long touched = Long.MIN_VALUE;

  private GroupState(Spec spec) {
    this.spec = spec;
  }

  /**
   * The group of these bytes, or an empty one.
   *
   * @throws IllegalArgumentException when the bytes are of another version
   */
  public static GroupState of(Spec spec, byte @Nullable [] bytes) {
    GroupState state = new GroupState(spec);
    if (bytes != null) {
      state.read(ByteBuffer.wrap(bytes));
    }
    return state;
  }

  private void read(ByteBuffer in) {
    byte version = in.get();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "expected a group of version " + VERSION + ", found " + version);
    }
    floor = in.getLong();
    now = in.getLong();
    touched = in.getLong();
    note = new byte[in.getShort()];
    in.get(note);
    int count = in.getShort() & 0xffff;
    for (int i = 0; i < count; i++) {
      members.add(Entry.read(in, spec));
    }
  }

  /** Its bytes; the same for the same members, matches told and note. */
  public byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(HEADER + note.length + members.size() * Entry.largest());
    out.put(VERSION).putLong(floor).putLong(now).putLong(touched);
    out.putShort((short) note.length).put(note).putShort((short) members.size());
    members.forEach(member -> member.write(out, spec));
    return Arrays.copyOf(out.array(), out.position());
  }

  /** What the caller noted about the group; empty at first. */
  public byte[] note() {
    return note.clone();
  }

  /**
   * Notes something about the group.
   *
   * @throws IllegalArgumentException when it is longer than {@link #MAX_NOTE}
   */
  public void note(byte[] bytes) {
    if (bytes.length > MAX_NOTE) {
      throw new IllegalArgumentException(
          "a note has " + MAX_NOTE + " bytes at most, found " + bytes.length);
    }
    note = bytes.clone();
  }

  /** Whether it can be forgotten. */
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** Whether members had to leave for want of space, so that matches may be missing. */
  public boolean saturated() {
    return floor != Long.MIN_VALUE;
  }

  /** How many members it keeps. */
  public int size() {
    return members.size();
  }

  /** Adds a member. */
  public Change put(Member member, long streamTime) {
    Entry added = Entry.of(member, spec);
    int place = Collections.binarySearch(members, added);
    if (place >= 0 || added.occurredAt() <= floor) {
      return due(streamTime);
    }
    return change(
        added,
        streamTime,
        () -> {
          members.add(-place - 1, added);
          prune(added);
        });
  }

  /** Takes an event's members out. */
  public Change withdraw(EventId event, long streamTime) {
    List<Entry> leaving = members.stream().filter(member -> member.isOf(event)).toList();
    if (leaving.isEmpty()) {
      return due(streamTime);
    }
    return change(leaving.getFirst(), streamTime, () -> members.removeAll(leaving));
  }

  /** What time alone changes. */
  public Change due(long streamTime) {
    return due(streamTime, streamTime);
  }

  /**
   * What time alone changes.
   *
   * @param clock by which waiting ends; where it is early, what is told too early is taken back
   * @param streamTime by which members leave, in milliseconds since 1970
   */
  public Change due(long clock, long streamTime) {
    Told told = new Told(Map.of());
    told.passedDeadlines(clock);
    return told.change(streamTime);
  }

  /** When something is next to be told if nothing changes; {@link Long#MAX_VALUE} for never. */
  public long nextToTell() {
    long due = Long.MAX_VALUE;
    for (Entry member : members) {
      if (spec.waits() && !member.told() && deadline(member) > now) {
        due = Math.min(due, deadline(member));
      }
    }
    return due;
  }

  /** Whether every member has left at that stream time, so that the group can be forgotten. */
  public boolean isOver(long streamTime) {
    long time = leavingTime(streamTime);
    return members.stream().allMatch(member -> time > leaves(member));
  }

  private Change change(Entry changed, long streamTime, Runnable change) {
    long at = changed.occurredAt();
    // What is left out may have been the evidence of others.
    long reach = spec.prunes() && spec.type() != Correlation.Type.EVENT_COUNT ? spec.span() : 0;
    Told told = new Told(evidence(changed, at - reach, at + spec.span() + reach));
    change.run();
    touched = Math.max(touched, streamTime);
    told.passedDeadlines(streamTime);
    int end = firstFrom(at + spec.span() + 1);
    for (int i = firstFrom(at - (spec.looksAhead() ? spec.span() : 0)); i < end; i++) {
      // Of others the windows may be gone already.
      if (spec.hasSay(changed.observedAt(), members.get(i).observedAt())) {
        told.judge(i);
      }
    }
    told.compare();
    return told.change(streamTime);
  }

  /** Collects what is to be told. */
  private final class Told {
    private final Map<Entry, List<EventId>> before;
    private final Judge judge = new Judge(spec, members);
    private final Set<EventId> touched = new LinkedHashSet<>();

    Told(Map<Entry, List<EventId>> before) {
      this.before = before;
    }

    /** Judges those whose time has come since the group was asked last. */
    void passedDeadlines(long streamTime) {
      long last = now;
      now = Math.max(now, streamTime);
      for (int i = 0; spec.waits() && i < members.size(); i++) {
        long deadline = deadline(members.get(i));
        if (deadline > last && deadline <= now) {
          judge(i);
        }
      }
    }

    void judge(int i) {
      Entry anchor = members.get(i);
      if (!isWhole(anchor)) {
        return;
      }
      long wait = judge.wait(i);
      boolean tells = wait == 0 || (wait != Judge.NO && now >= anchor.observedAt() + wait);
      if (anchor.told() ? wait == Judge.NO : tells) {
        anchor.tell(!anchor.told());
        touched.add(anchor.event());
      }
    }

    /** What was told before and is no member any more, or rests on other events now. */
    void compare() {
      before.forEach((anchor, evidence) -> {
        int place = Collections.binarySearch(members, anchor);
        boolean changed = place < 0 || (isWhole(anchor) && !judge.evidence(place).equals(evidence));
        if (changed) {
          touched.add(anchor.event());
        }
      });
    }

    Change change(long streamTime) {
      List<Match> raised = new ArrayList<>();
      List<EventId> gone = new ArrayList<>();
      for (EventId event : touched) {
        int place = lastTold(event);
        if (place < 0) {
          gone.add(event);
        } else {
          raised.add(new Match(event, members.get(place).occurredAt(), judge.evidence(place)));
        }
      }
      fit();
      long time = leavingTime(streamTime);
      members.removeIf(member -> time > leaves(member));
      return new Change(raised, gone);
    }

    // An event may be several members, one for each rule or value.
    private int lastTold(EventId event) {
      for (int i = members.size() - 1; i >= 0; i--) {
        if (members.get(i).told() && members.get(i).isOf(event)) {
          return i;
        }
      }
      return -1;
    }
  }

  private Map<Entry, List<EventId>> evidence(Entry changed, long from, long to) {
    Judge judge = new Judge(spec, members);
    Map<Entry, List<EventId>> told = new HashMap<>();
    int end = firstFrom(to + 1);
    for (int i = firstFrom(from); i < end; i++) {
      Entry anchor = members.get(i);
      if (anchor.told() && spec.near(anchor.observedAt(), changed.observedAt())) {
        told.put(anchor, judge.evidence(i));
      }
    }
    return told;
  }

  private int firstFrom(long occurredAt) {
    int low = 0;
    int high = members.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (members.get(middle).occurredAt() < occurredAt) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // An anchor whose window reaches to where members are missing is left as it is.
  private boolean isWhole(Entry anchor) {
    return !saturated() || anchor.occurredAt() - spec.span() > floor;
  }

  /**
   * Leaves out what adds nothing: of one value within a cell of a timespan all but the first and
   * the last. A window that has one between them has one of them too, whatever comes; so the result
   * is the same, and what is kept depends on the set alone.
   */
  private void prune(Entry added) {
    if (!spec.prunes()) {
      return;
    }
    long cell = Math.floorDiv(added.occurredAt(), spec.span());
    List<Entry> alike = new ArrayList<>();
    int end = firstFrom((cell + 1) * spec.span());
    for (int i = firstFrom(cell * spec.span()); i < end; i++) {
      Entry member = members.get(i);
      if (member.slot() == added.slot()
          && member.value() == added.value()
          && spec.observationCell(member.observedAt())
              == spec.observationCell(added.observedAt())) {
        alike.add(member);
      }
    }
    int kept = spec.keptAtEachEnd();
    if (alike.size() > 2 * kept) {
      members.remove(Collections.binarySearch(members, alike.get(kept)));
    }
  }

  private void fit() {
    int over = members.size() - MAX_MEMBERS;
    if (over > 0) {
      List<Entry> leaving = members.subList(0, over);
      floor = Math.max(floor, leaving.getLast().occurredAt());
      leaving.clear();
    }
  }

  /** That of the group's own events as long as some come. */
  private long leavingTime(long streamTime) {
    if (touched < streamTime - spec.retention()) {
      return streamTime;
    }
    long newest = Long.MIN_VALUE;
    for (Entry member : members) {
      newest = Math.max(newest, member.observedAt());
    }
    return Math.min(streamTime, newest);
  }

  private long leaves(Entry member) {
    return member.observedAt() + spec.retention();
  }

  private long deadline(Entry member) {
    return member.observedAt() + spec.longestWait();
  }

  /** When {@link #due} changes something; {@link Long#MAX_VALUE} when it is empty. */
  long nextDue() {
    long lastLeaves = Long.MIN_VALUE;
    for (Entry member : members) {
      lastLeaves = Math.max(lastLeaves, leaves(member) + 1);
    }
    long over = Math.max(lastLeaves, touched + spec.retention() + 1);
    return members.isEmpty() ? Long.MAX_VALUE : Math.min(nextToTell(), over);
  }

  @Override
  public String toString() {
    return members.size() + " members";
  }
}
