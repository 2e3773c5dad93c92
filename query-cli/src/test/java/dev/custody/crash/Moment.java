package dev.custody.crash;

import java.util.SplittableRandom;

/** When a collector is killed. */
enum Moment {
  /** Before it said that it is ready. */
  STARTING,
  /** Under load, at any time. */
  RUNNING,
  /** By whoever just got an answer. */
  ANSWERED,
  /** After it was told to stop, and maybe before it did. */
  STOPPING;

  static Moment any(SplittableRandom random) {
    int of = random.nextInt(10);
    return of < 2 ? STARTING : of < 5 ? RUNNING : of < 8 ? ANSWERED : STOPPING;
  }
}
