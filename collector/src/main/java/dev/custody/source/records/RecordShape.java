package dev.custody.source.records;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * How files of one audit log look.
 *
 * @param log name of the log: of its command, its route and its events' source
 * @param title what people call it, for messages
 * @param wrappers keys under which an object carries an array of records, for example {@code
 *     Records}
 * @param largest most bytes of one record
 */
public record RecordShape(String log, String title, Set<String> wrappers, int largest) {
  /** How deep a record may be nested. */
  public static final int DEEPEST = 100;

  /** Copies. */
  public RecordShape {
    wrappers = Set.copyOf(wrappers);
  }

  /** The route by which a collector takes records of this log, one a line. */
  public String route() {
    return "/import/" + log;
  }

  /** The records that {@code value} is or carries. */
  List<JsonNode> records(JsonNode value) {
    for (String wrapper : wrappers) {
      JsonNode wrapped = value.get(wrapper);
      if (wrapped != null && wrapped.isArray()) {
        return wrapped.valueStream().toList();
      }
    }
    return List.of(value);
  }
}
