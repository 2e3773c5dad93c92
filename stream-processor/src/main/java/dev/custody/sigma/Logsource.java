package dev.custody.sigma;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where events come from (rules specification, "LogSource"): of a rule, what it applies to; of an
 * event, what it is. Lower case by specification, so folded to it here.
 *
 * @param category a kind of source, such as {@code application}; null if it is not said
 * @param product the product, such as {@code aws}; null if it is not said
 * @param service a part of the product's logs, such as {@code cloudtrail}; null if it is not said
 */
public record Logsource(
    @Nullable String category, @Nullable String product, @Nullable String service) {

  public Logsource {
    category = lower(category);
    product = lower(product);
    service = lower(service);
  }

  /** Whether a rule for this source applies to an event of that one: what is said here is equal. */
  public boolean covers(Logsource event) {
    return agrees(category, event.category)
        && agrees(product, event.product)
        && agrees(service, event.service);
  }

  private static boolean agrees(@Nullable String demanded, @Nullable String actual) {
    return demanded == null || demanded.equals(actual);
  }

  private static @Nullable String lower(@Nullable String part) {
    return part == null ? null : part.toLowerCase(Locale.ROOT);
  }
}
