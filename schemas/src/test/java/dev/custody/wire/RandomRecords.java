package dev.custody.wire;

import dev.custody.digest.Bytes;
import dev.custody.event.EventId;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes any record of the contract from random parts, by its components. */
final class RandomRecords {
  private final Random random;

  RandomRecords(long seed) {
    this.random = new Random(seed);
  }

  <T> T of(Class<T> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(components[i].getAnnotatedType());
    }
    return type.getDeclaredConstructor(types).newInstance(values);
  }

  private @Nullable Object value(AnnotatedType annotated) throws ReflectiveOperationException {
    if (annotated.isAnnotationPresent(Nullable.class) && random.nextInt(3) == 0) {
      return null;
    }
    Type type = annotated.getType();
    if (type instanceof ParameterizedType && annotated instanceof AnnotatedParameterizedType list) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        values.add(value(list.getAnnotatedActualTypeArguments()[0]));
      }
      return values;
    }
    return plain((Class<?>) type);
  }

  private Object plain(Class<?> type) throws ReflectiveOperationException {
    if (type == String.class) {
      return text();
    } else if (type == Instant.class) {
      return Instant.ofEpochMilli(random.nextLong(-1L << 50, 1L << 50));
    } else if (type == long.class || type == Long.class) {
      return random.nextLong();
    } else if (type == int.class) {
      return random.nextInt();
    } else if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    } else if (type == EventId.class) {
      return new EventId(new UUID(random.nextLong(), random.nextLong()));
    } else if (type == Bytes.class) {
      return new Bytes(bytes(random.nextInt(50)));
    } else if (Bytes.class.isAssignableFrom(type)) {
      int size = type.getField("SIZE").getInt(null);
      return type.getConstructor(byte[].class).newInstance((Object) bytes(size));
    } else if (type.isEnum()) {
      return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    } else if (type.isSealed()) {
      Class<?>[] permitted = type.getPermittedSubclasses();
      return of(permitted[random.nextInt(permitted.length)]);
    }
    return of(type);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private String text() {
    return random
        .ints(random.nextInt(30), 0, 0x11000)
        .filter(c -> c < 0xd800 || c > 0xdfff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
