package dev.custody;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Only what is released: no test classes, and not the jar of this module's. */
public final class WithoutTests implements ImportOption {
  /** Made by ArchUnit. */
  public WithoutTests() {}

  @Override
  public boolean includes(Location location) {
    return !location.contains("/test-classes/") && !location.contains("-tests.jar");
  }
}
