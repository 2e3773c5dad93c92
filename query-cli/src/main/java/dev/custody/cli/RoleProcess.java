package dev.custody.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Keeps a role running until the process is told to stop, or the role fails. */
final class RoleProcess {
  static final int LOOK_EVERY_SECONDS = 2;

  private RoleProcess() {}

  /**
   * Says {@code ready}, waits, and closes {@code role} in order.
   *
   * @param healthy looked at now and then; false ends the process with exit code 2
   * @param health tells others what {@code healthy} told
   */
  static int serve(String ready, AutoCloseable role, BooleanSupplier healthy, HealthFile health) {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(stop, stopped)));
    boolean well = true;
    try (role) {
      health.begin();
      System.out.println(ready);
      System.out.flush();
      while (well && !stop.await(LOOK_EVERY_SECONDS, TimeUnit.SECONDS)) {
        well = healthy.getAsBoolean();
        if (well) {
          health.renew();
        }
      }
      // What is being stopped is not well, however long the stopping takes.
      health.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CouldNotRunException e) {
      throw e;
    } catch (Exception e) {
      throw new CouldNotRunException(
          "stopping failed: " + e.getMessage(), "the next start recovers", e);
    } finally {
      stopped.countDown();
    }
    if (!well) {
      throw new CouldNotRunException(
          "the role failed; the log above says why",
          "it goes on where it was when started again",
          null);
    }
    return ExitCode.FOUND;
  }

  private static void end(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
