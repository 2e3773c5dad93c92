package dev.custody.tlog;

import dev.custody.digest.StrictText;

/**
 * Names a tile of hashes, or a bundle of entries, of a log.
 *
 * @param level 0 for leaf hashes, then the roots of the full tiles below; {@link #ENTRIES} for a
 *     bundle
 * @param index position in its level
 * @param width number of hashes or entries, 1 to {@link #FULL}
 */
public record Tile(int level, long index, int width) {
  /** The level of entry bundles. */
  public static final int ENTRIES = -1;

  /** Width of a tile that nothing can be added to. */
  public static final int FULL = 256;

  /** Levels of the tree within one tile. */
  public static final int HEIGHT = 8;

  private static final int MAX_LEVEL = 63;
  private static final int GROUP = 1000;
  private static final int GROUP_DIGITS = 3;
  private static final int MAX_CHARS = 64;
  private static final String PREFIX = "tile/";
  private static final String PARTIAL = ".p/";

  /**
   * @throws IllegalArgumentException for a level, an index or a width that no tile has
   */
  public Tile {
    if (level < ENTRIES || level > MAX_LEVEL) {
      throw new IllegalArgumentException("expected a level from -1 to 63, found " + level);
    }
    if (index < 0) {
      throw new IllegalArgumentException("expected an index of at least 0, found " + index);
    }
    if (width < 1 || width > FULL) {
      throw new IllegalArgumentException("expected a width from 1 to 256, found " + width);
    }
  }

  /** Number of hashes in the last, partial tile of {@code level} in a log of {@code size}; or 0. */
  public static int partialWidth(int level, long size) {
    return (int) (hashes(level, size) % FULL);
  }

  /** Number of hashes in all the tiles of {@code level} in a log of {@code size}. */
  public static long hashes(int level, long size) {
    int shift = HEIGHT * Math.max(level, 0);
    return shift >= Long.SIZE ? 0 : size >> shift;
  }

  /**
   * The tile {@code index} of {@code level} as a log of {@code size} has it.
   *
   * @throws IllegalArgumentException when it has none
   */
  public static Tile of(int level, long index, long size) {
    long hashes = hashes(level, size);
    if (index < 0 || index > (hashes - 1) / FULL || hashes == 0) {
      throw new IllegalArgumentException(
          "expected a tile of level %d in a log of %d, found index %d"
              .formatted(level, size, index));
    }
    return new Tile(level, index, (int) Math.min(FULL, hashes - index * FULL));
  }

  /** Whether nothing can be added to it. */
  public boolean isFull() {
    return width == FULL;
  }

  /** The path below the log's prefix, such as {@code tile/0/x001/067.p/112}. */
  public String path() {
    StringBuilder path = new StringBuilder(PREFIX);
    path.append(level == ENTRIES ? "entries" : Integer.toString(level)).append('/');
    appendGroups(path, index / GROUP);
    path.append(group(index));
    if (!isFull()) {
      path.append(PARTIAL).append(width);
    }
    return path.toString();
  }

  private static void appendGroups(StringBuilder path, long index) {
    if (index > 0) {
      appendGroups(path, index / GROUP);
      path.append('x').append(group(index)).append('/');
    }
  }

  private static String group(long index) {
    return String.format("%03d", index % GROUP);
  }

  /**
   * Parses a path as {@link #path} spells it; there is no other spelling.
   *
   * @throws TlogException saying what is wrong
   */
  public static Tile parse(String path) throws TlogException {
    if (path.length() > MAX_CHARS) {
      throw new TlogException(
          "not a tile: expected at most %d characters, found %d"
              .formatted(MAX_CHARS, path.length()));
    }
    try {
      return read(path);
    } catch (IllegalArgumentException e) {
      throw new TlogException(
          "not a tile: %s: %s".formatted(StrictText.shown(path), e.getMessage()), e);
    }
  }

  private static Tile read(String path) {
    if (!path.startsWith(PREFIX)) {
      throw new IllegalArgumentException("expected tile/ first");
    }
    int levelEnd = path.indexOf('/', PREFIX.length());
    if (levelEnd < 0) {
      throw new IllegalArgumentException("expected a level and an index");
    }
    int partial = path.indexOf(PARTIAL);
    String level = path.substring(PREFIX.length(), levelEnd);
    String index =
        path.substring(levelEnd + 1, partial < 0 ? path.length() : Math.max(levelEnd + 1, partial));
    return new Tile(
        level.equals("entries") ? ENTRIES : number(level, MAX_LEVEL, "level"),
        index(index),
        partial < 0
            ? FULL
            : number(path.substring(partial + PARTIAL.length()), FULL - 1, "partial width"));
  }

  private static int number(String digits, int most, String what) {
    long number = StrictText.decimal(digits);
    if (number > most) {
      throw new IllegalArgumentException(
          "expected a %s of at most %d, found %d".formatted(what, most, number));
    }
    return (int) number;
  }

  private static long index(String groups) {
    StringBuilder digits = new StringBuilder();
    String[] parts = groups.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      String mark = i < parts.length - 1 ? "x" : "";
      if (parts[i].length() != mark.length() + GROUP_DIGITS || !parts[i].startsWith(mark)) {
        throw new IllegalArgumentException("expected an index such as x001/067");
      }
      digits.append(parts[i], mark.length(), parts[i].length());
    }
    if (parts.length > 1 && digits.indexOf("000") == 0) {
      throw new IllegalArgumentException("expected an index without a leading x000");
    }
    // The zeros in front belong to the groups of three.
    int zeros = 0;
    while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
      zeros++;
    }
    return StrictText.decimal(digits.substring(zeros));
  }
}
