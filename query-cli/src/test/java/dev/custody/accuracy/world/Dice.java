package dev.custody.accuracy.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** All chance of an organisation: the same seed throws the same. Not for several threads. */
public final class Dice {
  private static final String KEY_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String ID_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Random random;

  /** Begins with {@code seed}. */
  public Dice(long seed) {
    this.random = new Random(seed);
  }

  /** Other dice, whose throws do not change these. */
  public Dice fork() {
    return new Dice(random.nextLong());
  }

  /** True once in {@code 1 / p} throws. */
  public boolean chance(double p) {
    return random.nextDouble() < p;
  }

  /** From {@code least} to {@code most}, both inclusive. */
  public int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** From {@code least} to {@code most}, in whole milliseconds. */
  public Duration between(Duration least, Duration most) {
    long span = most.toMillis() - least.toMillis();
    return least.plusMillis((long) (random.nextDouble() * (span + 1)));
  }

  /** So many seconds, with fractions. */
  public Duration seconds(double least, double most) {
    return between(
        Duration.ofMillis((long) (least * 1000)), Duration.ofMillis((long) (most * 1000)));
  }

  /** One of {@code all}. */
  public <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** {@code all} in another order. */
  public <T> List<T> shuffled(List<T> all) {
    List<T> copy = new ArrayList<>(all);
    Collections.shuffle(copy, random);
    return copy;
  }

  /** A random UUID, version 4. */
  public String uuid() {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /** So many lower-case hex digits. */
  public String hex(int digits) {
    return text(digits, "0123456789abcdef");
  }

  /** An access key id that begins with {@code prefix}, {@code AKIA} or {@code ASIA}. */
  public String accessKey(String prefix) {
    return prefix + text(16, KEY_CHARS);
  }

  /** A secret access key. */
  public String secretKey() {
    return text(40, ID_CHARS);
  }

  /** A tool call's id as Claude Code writes it. */
  public String toolUseId() {
    return "toolu_01" + text(22, ID_CHARS);
  }

  private String text(int length, String chars) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(chars.charAt(random.nextInt(chars.length())));
    }
    return text.toString();
  }
}
