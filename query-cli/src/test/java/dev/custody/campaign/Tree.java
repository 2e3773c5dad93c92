package dev.custody.campaign;

import dev.custody.digest.Digest;
import dev.custody.merkle.MerkleTree;
import dev.custody.merkle.NodeReader;
import dev.custody.merkle.Proofs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The nodes of a log's tree, every perfect subtree of it, in memory. */
final class Tree implements NodeReader {
  private final List<byte[]> entries;
  private final List<List<Digest>> levels = new ArrayList<>();

  Tree(List<byte[]> entries) {
    this.entries = List.copyOf(entries);
    List<Digest> level = entries.stream().map(MerkleTree::leaf).toList();
    while (!level.isEmpty()) {
      levels.add(level);
      List<Digest> above = new ArrayList<>(level.size() / 2);
      for (int i = 0; i + 1 < level.size(); i += 2) {
        above.add(MerkleTree.node(level.get(i), level.get(i + 1)));
      }
      level = above;
    }
  }

  long size() {
    return entries.size();
  }

  byte[] entry(long index) {
    return entries.get((int) index);
  }

  List<byte[]> entries() {
    return entries;
  }

  @Override
  public Digest node(int level, long index) throws IOException {
    if (level >= levels.size() || index >= levels.get(level).size()) {
      throw new IOException("no node %d of level %d".formatted(index, level));
    }
    return levels.get(level).get((int) index);
  }

  Digest root(long size) {
    try {
      return Proofs.root(size, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Digest> inclusion(long index, long size) {
    try {
      return Proofs.inclusion(index, size, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Digest> consistency(long from, long to) {
    try {
      return Proofs.consistency(from, to, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
