package dev.custody.http;

import java.nio.file.Path;

/** A process of its own, whose heap its tests bound: prints its port, and ends with its input. */
final class SmallHeapCollector {
  private SmallHeapCollector() {}

  public static void main(String[] args) throws Exception {
    try (EveryIntake intake = new EveryIntake(Path.of(args[0]))) {
      System.out.println("port " + intake.port());
      while (System.in.read() >= 0) {
        // Its parent says nothing but that it is still there.
      }
    }
  }
}
