package dev.custody.wire;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.Salt;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.EventId;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns Java values into Avro's generic ones and back, by name: a record component and a schema
 * field of one name belong together, and one without the other is an error when the format is made.
 * Avro itself does all of the encoding.
 */
interface RecordMapping {
  @Nullable Object toAvro(@Nullable Object value);

  @Nullable Object fromAvro(@Nullable Object avro);

  /** The mapping between {@code schema} and the Java {@code type}. */
  static RecordMapping of(Schema schema, Type type) {
    return switch (schema.getType()) {
      case RECORD -> new RecordOf(schema, (Class<?>) type);
      case UNION -> union(schema, type);
      case ARRAY -> new ListOf(schema, of(schema.getElementType(), argument(type)));
      case ENUM -> new EnumOf(schema, (Class<?>) type);
      case FIXED -> new FixedOf(schema, Fixed.of((Class<?>) type));
      case BYTES -> values(v -> ((Bytes) v).asByteBuffer(), a -> new Bytes(bytes((ByteBuffer) a)));
      case STRING -> values(v -> v, Object::toString);
      case LONG ->
          type == Instant.class
              ? values(v -> ((Instant) v).toEpochMilli(), a -> Instant.ofEpochMilli((Long) a))
              : values(v -> v, a -> a);
      case INT, BOOLEAN -> values(v -> v, a -> a);
      default -> throw new IllegalStateException("the contract uses no Avro " + schema.getType());
    };
  }

  private static Type argument(Type list) {
    return ((ParameterizedType) list).getActualTypeArguments()[0];
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static RecordMapping union(Schema schema, Type type) {
    if (schema.isNullable()) {
      return new NullableOf(of(schema.getTypes().get(1), type));
    }
    return new OneOf(schema, (Class<?>) type);
  }

  private static RecordMapping values(
      Function<Object, Object> toAvro, Function<Object, Object> fromAvro) {
    return new RecordMapping() {
      @Override
      public Object toAvro(@Nullable Object value) {
        return toAvro.apply(present(value));
      }

      @Override
      public Object fromAvro(@Nullable Object avro) {
        return fromAvro.apply(present(avro));
      }
    };
  }

  private static Object present(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("expected a value, found none");
    }
    return value;
  }

  /** The byte strings of fixed size, each with its way in and out. */
  record Fixed(Function<Object, byte[]> toBytes, Function<byte[], Object> fromBytes) {
    static Fixed of(Class<?> type) {
      return switch (type.getSimpleName()) {
        case "Digest" -> new Fixed(v -> ((Bytes) v).toByteArray(), Digest::new);
        case "ChainId" -> new Fixed(v -> ((Bytes) v).toByteArray(), ChainId::new);
        case "KeyId" -> new Fixed(v -> ((Bytes) v).toByteArray(), KeyId::new);
        case "Salt" -> new Fixed(v -> ((Bytes) v).toByteArray(), Salt::new);
        case "SignatureBytes" -> new Fixed(v -> ((Bytes) v).toByteArray(), SignatureBytes::new);
        case "EventId" -> new Fixed(v -> uuid(((EventId) v).value()), b -> new EventId(uuid(b)));
        default -> throw new IllegalStateException("no fixed-size mapping for " + type);
      };
    }

    private static byte[] uuid(UUID value) {
      return ByteBuffer.allocate(16)
          .putLong(value.getMostSignificantBits())
          .putLong(value.getLeastSignificantBits())
          .array();
    }

    private static UUID uuid(byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new UUID(buffer.getLong(), buffer.getLong());
    }
  }

  /** Maps an Avro record. */
  final class RecordOf implements RecordMapping {
    private final Schema schema;
    private final MethodHandle constructor;
    private final MethodHandle[] accessors;
    private final RecordMapping[] fields;

    RecordOf(Schema schema, Class<?> type) {
      this.schema = schema;
      RecordComponent[] components = type.getRecordComponents();
      if (components == null || components.length != schema.getFields().size()) {
        throw new IllegalStateException(type + " and schema " + schema.getName() + " differ");
      }
      this.accessors = new MethodHandle[components.length];
      this.fields = new RecordMapping[components.length];
      this.constructor = bind(type, components);
    }

    private MethodHandle bind(Class<?> type, RecordComponent[] components) {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?>[] parameters = new Class<?>[components.length];
      try {
        for (int i = 0; i < components.length; i++) {
          RecordComponent component = components[i];
          Schema.Field field = schema.getFields().get(i);
          if (!field.name().equals(component.getName())) {
            throw new IllegalStateException(
                type + ": expected field " + field.name() + ", found " + component.getName());
          }
          parameters[i] = component.getType();
          accessors[i] =
              lookup.unreflect(component.getAccessor()).asType(MethodType.genericMethodType(1));
          fields[i] = of(field.schema(), component.getGenericType());
        }
        return lookup
            .findConstructor(type, MethodType.methodType(void.class, parameters))
            .asSpreader(Object[].class, components.length)
            .asType(MethodType.methodType(Object.class, Object[].class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(type + " has no public record constructor", e);
      }
    }

    @Override
    public Object toAvro(@Nullable Object value) {
      GenericData.Record avro = new GenericData.Record(schema);
      try {
        for (int i = 0; i < fields.length; i++) {
          avro.put(i, fields[i].toAvro((Object) accessors[i].invokeExact(value)));
        }
      } catch (Throwable e) {
        throw new IllegalArgumentException(
            "cannot write " + schema.getName() + ": " + e.getMessage(), e);
      }
      return avro;
    }

    @Override
    public Object fromAvro(@Nullable Object avro) {
      IndexedRecord record = (IndexedRecord) present(avro);
      @Nullable Object[] values = new @Nullable Object[fields.length];
      for (int i = 0; i < fields.length; i++) {
        values[i] = fields[i].fromAvro(record.get(i));
      }
      try {
        return (Object) constructor.invokeExact(values);
      } catch (Throwable e) {
        throw new IllegalArgumentException(
            "cannot read " + schema.getName() + ": " + e.getMessage(), e);
      }
    }
  }

  /** Maps a union of records to a sealed interface. */
  final class OneOf implements RecordMapping {
    private final Map<String, RecordMapping> byName = new HashMap<>();

    OneOf(Schema schema, Class<?> sealed) {
      Map<String, Class<?>> permitted = new HashMap<>();
      for (Class<?> type : sealed.getPermittedSubclasses()) {
        permitted.put(type.getSimpleName(), type);
      }
      for (Schema branch : schema.getTypes()) {
        Class<?> type = permitted.remove(branch.getName());
        if (type == null) {
          throw new IllegalStateException(sealed + " permits no " + branch.getName());
        }
        byName.put(branch.getName(), of(branch, type));
      }
      if (!permitted.isEmpty()) {
        throw new IllegalStateException("the schema has no " + permitted.keySet());
      }
    }

    @Override
    public @Nullable Object toAvro(@Nullable Object value) {
      return mapping(present(value).getClass().getSimpleName()).toAvro(value);
    }

    @Override
    public @Nullable Object fromAvro(@Nullable Object avro) {
      return mapping(((IndexedRecord) present(avro)).getSchema().getName()).fromAvro(avro);
    }

    private RecordMapping mapping(String name) {
      RecordMapping mapping = byName.get(name);
      if (mapping == null) {
        throw new IllegalArgumentException("no such kind: " + name);
      }
      return mapping;
    }
  }

  /** Maps {@code null} to Avro's null. */
  record NullableOf(RecordMapping present) implements RecordMapping {
    @Override
    public @Nullable Object toAvro(@Nullable Object value) {
      return value == null ? null : present.toAvro(value);
    }

    @Override
    public @Nullable Object fromAvro(@Nullable Object avro) {
      return avro == null ? null : present.fromAvro(avro);
    }
  }

  /** Maps an array. */
  record ListOf(Schema schema, RecordMapping element) implements RecordMapping {
    @Override
    public Object toAvro(@Nullable Object value) {
      Collection<?> list = (Collection<?>) present(value);
      GenericData.Array<@Nullable Object> avro = new GenericData.Array<>(list.size(), schema);
      for (Object item : list) {
        avro.add(element.toAvro(item));
      }
      return avro;
    }

    @Override
    public Object fromAvro(@Nullable Object avro) {
      Collection<?> items = (Collection<?>) present(avro);
      List<@Nullable Object> list = new ArrayList<>(items.size());
      for (Object item : items) {
        list.add(element.fromAvro(item));
      }
      return list;
    }
  }

  /** Maps an enumeration, symbols by name. */
  final class EnumOf implements RecordMapping {
    private final Map<String, Object> constants = new HashMap<>();
    private final Map<String, Object> symbols = new HashMap<>();

    EnumOf(Schema schema, Class<?> type) {
      for (Object constant : type.getEnumConstants()) {
        constants.put(((Enum<?>) constant).name(), constant);
      }
      for (String symbol : schema.getEnumSymbols()) {
        symbols.put(symbol, new GenericData.EnumSymbol(schema, symbol));
      }
      if (!constants.keySet().equals(symbols.keySet())) {
        throw new IllegalStateException(type + " and schema " + schema.getName() + " differ");
      }
    }

    @Override
    public @Nullable Object toAvro(@Nullable Object value) {
      return symbols.get(((Enum<?>) present(value)).name());
    }

    @Override
    public @Nullable Object fromAvro(@Nullable Object avro) {
      return constants.get(((GenericEnumSymbol<?>) present(avro)).toString());
    }
  }

  /** Maps a byte string of fixed size. */
  record FixedOf(Schema schema, Fixed fixed) implements RecordMapping {
    @Override
    public Object toAvro(@Nullable Object value) {
      return new GenericData.Fixed(schema, fixed.toBytes().apply(present(value)));
    }

    @Override
    public Object fromAvro(@Nullable Object avro) {
      return fixed.fromBytes().apply(((GenericFixed) present(avro)).bytes());
    }
  }
}
