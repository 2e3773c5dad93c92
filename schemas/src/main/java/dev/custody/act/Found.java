package dev.custody.act;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is found; bounded. */
final class Found {
  private static final int MOST = 256;

  private final Set<Act> acts = new LinkedHashSet<>();
  private final Set<String> programs = new LinkedHashSet<>();
  private final Set<String> files = new LinkedHashSet<>();
  private final Set<String> written = new LinkedHashSet<>();
  private final Set<String> hosts = new LinkedHashSet<>();
  private long bytesOut;
  private boolean partlyRead;

  void act(ActName name, String target) {
    if (within(acts)) {
      acts.add(new Act(name, target));
    }
  }

  void program(String name) {
    if (within(programs)) {
      programs.add(name);
    }
  }

  void file(String path) {
    if (within(files)) {
      files.add(path);
    }
  }

  void written(String path) {
    file(path);
    if (within(written)) {
      written.add(path);
    }
  }

  void host(String host) {
    if (within(hosts)) {
      hosts.add(host);
    }
  }

  void sent(long bytes) {
    bytesOut += bytes;
  }

  void partlyRead() {
    partlyRead = true;
  }

  private boolean within(Set<?> set) {
    boolean within = set.size() < MOST;
    partlyRead |= !within;
    return within;
  }

  Acts acts() {
    return new Acts(
        new ArrayList<>(acts),
        List.copyOf(programs),
        List.copyOf(files),
        List.copyOf(written),
        List.copyOf(hosts),
        bytesOut,
        partlyRead);
  }
}
