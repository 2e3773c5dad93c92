package dev.custody.wire;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;
import static java.lang.constant.ConstantDescs.BSM_CLASS_DATA_AT;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.DEFAULT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Makes the class that maps one record type, as one would write it by hand: it calls accessors and
 * constructor directly, and the mappings of its fields are constants to the compiler. By method
 * handles the same cost twice as much.
 *
 * <pre>{@code
 * public void write(Object value, Encoder out) {
 *   try {
 *     Actor record = (Actor) value;
 *     FIELD_0.write(record.human(), out);
 *     FIELD_1.write(record.agent(), out);
 *   } catch (Throwable e) {
 *     throw RecordCode.unwritable(e, "actor");
 *   }
 * }
 *
 * public Object read(Decoder in) {
 *   Human human = (Human) FIELD_0.read(in);
 *   Agent agent = (Agent) FIELD_1.read(in);
 *   try {
 *     return new Actor(human, agent);
 *   } catch (Throwable e) {
 *     throw RecordCode.unreadable(e, "actor");
 *   }
 * }
 * }</pre>
 */
final class RecordCode {
  private static final ClassDesc MAPPING = desc(RecordMapping.class);
  private static final ClassDesc THIS = desc(RecordCode.class);
  private static final MethodTypeDesc WRITE =
      MethodTypeDesc.of(CD_void, CD_Object, desc(Encoder.class));
  private static final MethodTypeDesc READ = MethodTypeDesc.of(CD_Object, desc(Decoder.class));
  private static final MethodTypeDesc FAILURE =
      MethodTypeDesc.of(desc(IllegalArgumentException.class), CD_Throwable, CD_String);

  private final ClassDesc type;
  private final String name;
  private final RecordComponent[] components;

  private RecordCode(Class<?> type, String name) {
    this.type = desc(type);
    this.name = name;
    this.components = type.getRecordComponents();
  }

  /**
   * The mapping of the public record {@code type}.
   *
   * @param name of its schema, for messages
   * @param fields mappings of its components, in their order
   */
  static RecordMapping of(Class<?> type, String name, List<RecordMapping> fields) {
    try {
      return (RecordMapping)
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(new RecordCode(type, name).build(), fields, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException(type + " has no public record constructor", e);
    }
  }

  private byte[] build() {
    return ClassFile.of()
        .build(
            ClassDesc.of(RecordCode.class.getName() + '$' + name),
            built ->
                built
                    .withFlags(ACC_FINAL | ACC_SYNTHETIC)
                    .withInterfaceSymbols(MAPPING)
                    .withMethodBody(INIT_NAME, MTD_void, 0, RecordCode::init)
                    .withMethodBody("write", WRITE, ACC_PUBLIC, this::write)
                    .withMethodBody("read", READ, ACC_PUBLIC, this::read));
  }

  private static void init(CodeBuilder code) {
    code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_();
  }

  private void write(CodeBuilder code) {
    int value = code.parameterSlot(0);
    int out = code.parameterSlot(1);
    int record = code.allocateLocal(TypeKind.REFERENCE);
    code.trying(
        body -> {
          body.aload(value).checkcast(type).astore(record);
          for (int i = 0; i < components.length; i++) {
            ClassDesc field = desc(components[i].getType());
            loadMapping(body, i);
            body.aload(record)
                .invokevirtual(type, components[i].getName(), MethodTypeDesc.of(field));
            box(body, field);
            body.aload(out).invokeinterface(MAPPING, "write", WRITE);
          }
          body.return_();
        },
        failed -> failed.catching(CD_Throwable, handler -> fail(handler, "unwritable")));
  }

  private void read(CodeBuilder code) {
    int[] values = new int[components.length];
    for (int i = 0; i < components.length; i++) {
      ClassDesc field = desc(components[i].getType());
      values[i] = code.allocateLocal(TypeKind.from(field));
      loadMapping(code, i);
      code.aload(code.parameterSlot(0)).invokeinterface(MAPPING, "read", READ);
      unbox(code, field);
      code.storeLocal(TypeKind.from(field), values[i]);
    }
    code.trying(
        body -> {
          body.new_(type).dup();
          for (int i = 0; i < components.length; i++) {
            body.loadLocal(TypeKind.from(desc(components[i].getType())), values[i]);
          }
          body.invokespecial(type, INIT_NAME, constructor()).areturn();
        },
        failed -> failed.catching(CD_Throwable, handler -> fail(handler, "unreadable")));
  }

  private MethodTypeDesc constructor() {
    return MethodTypeDesc.of(
        CD_void, Arrays.stream(components).map(c -> desc(c.getType())).toList());
  }

  private void fail(CodeBuilder code, String method) {
    code.ldc(name).invokestatic(THIS, method, FAILURE).athrow();
  }

  private static void loadMapping(CodeBuilder code, int index) {
    code.ldc(DynamicConstantDesc.ofNamed(BSM_CLASS_DATA_AT, DEFAULT_NAME, MAPPING, index));
  }

  private static void box(CodeBuilder code, ClassDesc field) {
    if (field.isPrimitive()) {
      ClassDesc boxed = boxed(field);
      code.invokestatic(boxed, "valueOf", MethodTypeDesc.of(boxed, field));
    }
  }

  private static void unbox(CodeBuilder code, ClassDesc field) {
    if (field.isPrimitive()) {
      code.checkcast(boxed(field))
          .invokevirtual(boxed(field), field.displayName() + "Value", MethodTypeDesc.of(field));
    } else {
      code.checkcast(field);
    }
  }

  private static ClassDesc boxed(ClassDesc primitive) {
    return switch (primitive.descriptorString()) {
      case "J" -> desc(Long.class);
      case "I" -> desc(Integer.class);
      case "Z" -> desc(Boolean.class);
      default -> throw new IllegalStateException("the contract has no " + primitive.displayName());
    };
  }

  private static ClassDesc desc(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }

  /** Called by what is made. */
  static IllegalArgumentException unwritable(Throwable e, String name) {
    return new IllegalArgumentException("cannot write " + name + ": " + e.getMessage(), e);
  }

  /** Called by what is made. */
  static IllegalArgumentException unreadable(Throwable e, String name) {
    return new IllegalArgumentException("cannot read " + name + ": " + e.getMessage(), e);
  }
}
