package dev.custody.attribution;

import java.util.List;

/**
 * A field of a source's record, as rules name it.
 *
 * @param name name, with dots
 * @param values its values
 */
public record RecordField(String name, List<String> values) {
  public RecordField {
    values = List.copyOf(values);
  }
}
