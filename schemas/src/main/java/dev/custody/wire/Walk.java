package dev.custody.wire;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Schemas as the steps that go over one value of each, in their order. Made once; immutable.
 *
 * <p>A step is an operation and its operands, in one array.
 */
final class Walk {
  private static final int RETURN = 0;
  private static final int FIXED = 1;
  private static final int LONG = 2;
  private static final int INT = 3;
  private static final int BLOB = 4;
  private static final int ENUM = 5;
  private static final int NULLABLE = 6;
  private static final int UNION = 7;
  private static final int JUMP = 8;
  private static final int ARRAY = 9;

  private static final int REFUSED = -1;

  private final int[] steps;

  private Walk(int[] steps) {
    this.steps = steps;
  }

  /** The walk over values of {@code schemas}, one after the other. */
  static Walk over(List<Schema> schemas) {
    List<Integer> steps = new ArrayList<>();
    schemas.forEach(schema -> add(steps, schema));
    steps.add(RETURN);
    return new Walk(steps.stream().mapToInt(Integer::intValue).toArray());
  }

  private static void add(List<Integer> steps, Schema schema) {
    switch (schema.getType()) {
      case RECORD -> schema.getFields().forEach(field -> add(steps, field.schema()));
      case FIXED -> steps.addAll(List.of(FIXED, schema.getFixedSize()));
      // Avro takes any byte for a boolean: 1 is true, all others false.
      case BOOLEAN -> steps.addAll(List.of(FIXED, 1));
      case LONG -> steps.add(LONG);
      case INT -> steps.add(INT);
      case STRING, BYTES -> steps.add(BLOB);
      case ENUM -> steps.addAll(List.of(ENUM, schema.getEnumSymbols().size()));
      case ARRAY -> addArray(steps, schema.getElementType());
      case UNION -> addUnion(steps, schema.getTypes());
      default -> throw new IllegalStateException("the contract uses no Avro " + schema.getType());
    }
  }

  private static void addArray(List<Integer> steps, Schema element) {
    steps.addAll(List.of(ARRAY, 0));
    int end = steps.size() - 1;
    add(steps, element);
    steps.add(RETURN);
    steps.set(end, steps.size());
  }

  private static void addUnion(List<Integer> steps, List<Schema> branches) {
    if (branches.size() == 2 && branches.getFirst().getType() == Schema.Type.NULL) {
      steps.addAll(List.of(NULLABLE, 0));
      int end = steps.size() - 1;
      add(steps, branches.getLast());
      steps.set(end, steps.size());
      return;
    }
    steps.addAll(List.of(UNION, branches.size()));
    int table = steps.size();
    branches.forEach(_ -> steps.add(0));
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      steps.set(table + i, steps.size());
      add(steps, branches.get(i));
      steps.addAll(List.of(JUMP, 0));
      ends.add(steps.size() - 1);
    }
    ends.forEach(end -> steps.set(end, steps.size()));
  }

  /** Goes over the values from where {@code cursor} is; false when they are none. */
  boolean go(AvroCursor cursor) {
    return go(cursor, 0) != REFUSED;
  }

  /** The step behind the RETURN that ends what begins at {@code from}. */
  private int go(AvroCursor cursor, int from) {
    int[] s = steps;
    int at = from;
    while (true) {
      boolean fine = true;
      switch (s[at++]) {
        case RETURN -> {
          return at;
        }
        case FIXED -> fine = cursor.skip(s[at++]);
        case LONG -> fine = cursor.readLong();
        case INT -> fine = cursor.readInt();
        case BLOB -> fine = cursor.skipBlob();
        case ENUM -> fine = cursor.readIndex(s[at++]);
        case NULLABLE -> {
          fine = cursor.readIndex(2);
          at = cursor.number() == 0 ? s[at] : at + 1;
        }
        case UNION -> {
          fine = cursor.readIndex(s[at]);
          at = fine ? s[at + 1 + (int) cursor.number()] : at;
        }
        case JUMP -> at = s[at];
        case ARRAY -> {
          fine = items(cursor, at + 1);
          at = s[at];
        }
        default -> throw new IllegalStateException("no such step");
      }
      if (!fine) {
        return REFUSED;
      }
    }
  }

  private boolean items(AvroCursor cursor, int element) {
    long items = 0;
    while (true) {
      if (!cursor.readItems(items)) {
        return false;
      }
      long block = cursor.number();
      if (block == 0) {
        return true;
      }
      for (long i = 0; i < block; i++) {
        if (go(cursor, element) == REFUSED) {
          return false;
        }
      }
      items += block;
    }
  }
}
