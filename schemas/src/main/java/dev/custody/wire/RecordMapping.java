package dev.custody.wire;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.Salt;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.EventId;
import java.io.IOException;
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
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * Writes Java values by Avro's encoder and reads them by its decoder, guided by a schema: a record
 * component and a schema field of one name belong together, and one without the other is an error
 * when the format is made. No generic value is made in between, which is what costs most.
 */
interface RecordMapping {
  void write(@Nullable Object value, Encoder out) throws IOException;

  @Nullable Object read(Decoder in) throws IOException;

  /** The mapping between {@code schema} and the Java {@code type}. */
  static RecordMapping of(Schema schema, Type type) {
    return switch (schema.getType()) {
      case RECORD -> record(schema, (Class<?>) type);
      case UNION -> union(schema, type);
      case ARRAY -> new ListOf(of(schema.getElementType(), argument(type)));
      case ENUM -> new EnumOf(schema, (Class<?>) type);
      case FIXED -> new FixedOf(schema.getFixedSize(), Fixed.of((Class<?>) type));
      case BYTES -> Plain.BYTES;
      case STRING -> Plain.TEXT;
      case LONG -> type == Instant.class ? Plain.INSTANT : Plain.LONG;
      case INT -> Plain.INT;
      case BOOLEAN -> Plain.BOOLEAN;
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
    List<Schema> branches = schema.getTypes();
    if (branches.getFirst().getType() == Schema.Type.NULL && branches.size() == 2) {
      return new NullableOf(of(branches.getLast(), type));
    }
    return new OneOf(schema, (Class<?>) type);
  }

  private static Object present(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("expected a value, found none");
    }
    return value;
  }

  /** Maps Avro's primitives; a class each, so that what calls one is compiled for it. */
  enum Plain implements RecordMapping {
    BYTES {
      @Override
      void put(Object value, Encoder out) throws IOException {
        out.writeBytes(((Bytes) value).toByteArray());
      }

      @Override
      public Object read(Decoder in) throws IOException {
        return new Bytes(bytes(in.readBytes(null)));
      }
    },
    TEXT {
      @Override
      void put(Object value, Encoder out) throws IOException {
        out.writeString((String) value);
      }

      @Override
      public Object read(Decoder in) throws IOException {
        return in.readString();
      }
    },
    INSTANT {
      @Override
      void put(Object value, Encoder out) throws IOException {
        out.writeLong(((Instant) value).toEpochMilli());
      }

      @Override
      public Object read(Decoder in) throws IOException {
        return Instant.ofEpochMilli(in.readLong());
      }
    },
    LONG {
      @Override
      void put(Object value, Encoder out) throws IOException {
        out.writeLong((Long) value);
      }

      @Override
      public Object read(Decoder in) throws IOException {
        return in.readLong();
      }
    },
    INT {
      @Override
      void put(Object value, Encoder out) throws IOException {
        out.writeInt((Integer) value);
      }

      @Override
      public Object read(Decoder in) throws IOException {
        return in.readInt();
      }
    },
    BOOLEAN {
      @Override
      void put(Object value, Encoder out) throws IOException {
        out.writeBoolean((Boolean) value);
      }

      @Override
      public Object read(Decoder in) throws IOException {
        return in.readBoolean();
      }
    };

    abstract void put(Object value, Encoder out) throws IOException;

    @Override
    public void write(@Nullable Object value, Encoder out) throws IOException {
      put(present(value), out);
    }
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

  private static RecordMapping record(Schema schema, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null || components.length != schema.getFields().size()) {
      throw new IllegalStateException(type + " and schema " + schema.getName() + " differ");
    }
    List<RecordMapping> fields = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      Schema.Field field = schema.getFields().get(i);
      if (!field.name().equals(components[i].getName())) {
        throw new IllegalStateException(
            type + ": expected field " + field.name() + ", found " + components[i].getName());
      }
      fields.add(of(field.schema(), components[i].getGenericType()));
    }
    return RecordCode.of(type, schema.getName(), fields);
  }

  /** Maps a union of records to a sealed interface. */
  final class OneOf implements RecordMapping {
    private final Map<Class<?>, Integer> indexes = new HashMap<>();
    private final List<RecordMapping> branches = new ArrayList<>();

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
        indexes.put(type, branches.size());
        branches.add(of(branch, type));
      }
      if (!permitted.isEmpty()) {
        throw new IllegalStateException("the schema has no " + permitted.keySet());
      }
    }

    @Override
    public void write(@Nullable Object value, Encoder out) throws IOException {
      Integer index = indexes.get(present(value).getClass());
      if (index == null) {
        throw new IllegalArgumentException("no such kind: " + present(value).getClass());
      }
      out.writeIndex(index);
      branches.get(index).write(value, out);
    }

    @Override
    public @Nullable Object read(Decoder in) throws IOException {
      return branches.get(in.readIndex()).read(in);
    }
  }

  /** Maps {@code null} to Avro's null, the first of two branches. */
  record NullableOf(RecordMapping present) implements RecordMapping {
    @Override
    public void write(@Nullable Object value, Encoder out) throws IOException {
      if (value == null) {
        out.writeIndex(0);
        out.writeNull();
      } else {
        out.writeIndex(1);
        present.write(value, out);
      }
    }

    @Override
    public @Nullable Object read(Decoder in) throws IOException {
      return switch (in.readIndex()) {
        case 0 -> {
          in.readNull();
          yield null;
        }
        case 1 -> present.read(in);
        default -> throw new IllegalArgumentException("expected one of two branches");
      };
    }
  }

  /** Maps an array. */
  record ListOf(RecordMapping element) implements RecordMapping {
    @Override
    public void write(@Nullable Object value, Encoder out) throws IOException {
      Collection<?> list = (Collection<?>) present(value);
      out.writeArrayStart();
      out.setItemCount(list.size());
      for (Object item : list) {
        out.startItem();
        element.write(item, out);
      }
      out.writeArrayEnd();
    }

    @Override
    public Object read(Decoder in) throws IOException {
      // Grows with what is really there: the count is the sender's.
      List<@Nullable Object> list = new ArrayList<>();
      for (long block = in.readArrayStart(); block != 0; block = in.arrayNext()) {
        for (long i = 0; i < block; i++) {
          list.add(element.read(in));
        }
      }
      return list;
    }
  }

  /** Maps an enumeration, symbols by name. */
  @SuppressWarnings("EnumOrdinal") // An index into what is made at each start, never kept.
  final class EnumOf implements RecordMapping {
    private final Object[] bySymbol;
    private final int[] byOrdinal;

    EnumOf(Schema schema, Class<?> type) {
      Object[] constants = type.getEnumConstants();
      List<String> symbols = schema.getEnumSymbols();
      bySymbol = new Object[symbols.size()];
      byOrdinal = new int[constants.length];
      for (Object constant : constants) {
        int symbol = symbols.indexOf(((Enum<?>) constant).name());
        if (symbol < 0 || constants.length != symbols.size()) {
          throw new IllegalStateException(type + " and schema " + schema.getName() + " differ");
        }
        bySymbol[symbol] = constant;
        byOrdinal[((Enum<?>) constant).ordinal()] = symbol;
      }
    }

    @Override
    public void write(@Nullable Object value, Encoder out) throws IOException {
      out.writeEnum(byOrdinal[((Enum<?>) present(value)).ordinal()]);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      return bySymbol[in.readEnum()];
    }
  }

  /** Maps a byte string of fixed size. */
  record FixedOf(int size, Fixed fixed) implements RecordMapping {
    @Override
    public void write(@Nullable Object value, Encoder out) throws IOException {
      byte[] bytes = fixed.toBytes().apply(present(value));
      if (bytes.length != size) {
        throw new IllegalArgumentException("expected " + size + " bytes, found " + bytes.length);
      }
      out.writeFixed(bytes);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      byte[] bytes = new byte[size];
      in.readFixed(bytes);
      return fixed.fromBytes().apply(bytes);
    }
  }
}
