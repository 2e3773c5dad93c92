package dev.custody.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Loads Custody's classes once more, and makes each check of the verifier one that can be switched
 * off: at every condition that leads straight to a refusal, {@link CheckSwitch} is asked whether to
 * go on as if all were well. Nothing of it is in the released classes, so no flag, no property and
 * no mistake can switch a check off there.
 */
final class Instrumented extends ClassLoader {
  private static final String OURS = "dev.custody.";
  private static final ClassDesc SWITCH = CheckSwitch.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc QUESTION =
      MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_int);

  private final ClassFile files =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(Instrumented.class.getClassLoader())
                  .orElse(ClassHierarchyResolver.defaultResolver())));
  private final Set<String> verifiers;
  private final Predicate<String> refusals;
  private final List<String> checks = new ArrayList<>();

  /**
   * @param verifiers names of the classes whose checks are looked for
   * @param refusals which classes' instances are refusals, by their simple names
   */
  Instrumented(Set<String> verifiers, Predicate<String> refusals) {
    super(Instrumented.class.getClassLoader());
    this.verifiers = Set.copyOf(verifiers);
    this.refusals = refusals;
  }

  /** Loads all verifiers, and names their checks: class, method, what it refuses and where. */
  List<String> checks() throws ClassNotFoundException {
    for (String verifier : verifiers.stream().sorted().toList()) {
      var _ = loadClass(verifier);
    }
    return List.copyOf(checks);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      byte[] changed = verifiers.contains(name) ? instrumented(name, bytes) : bytes;
      return defineClass(name, changed, 0, changed.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  // --- finding checks

  /** A condition that leads to a refusal when it jumps, or when it does not. */
  private record Check(int id, boolean whenItJumps) {}

  private byte[] instrumented(String name, byte[] bytes) {
    ClassModel model = files.parse(bytes);
    Map<MethodModel, Map<Integer, Check>> found = new HashMap<>();
    for (MethodModel method : model.methods()) {
      method.code().ifPresent(code -> found.put(method, checksOf(name, method, code)));
    }
    return files.transformClass(
        model,
        ClassTransform.ofStateful(() ->
            (builder, element) -> {
              if (element instanceof MethodModel method
                  && !found.getOrDefault(method, Map.of()).isEmpty()) {
                builder.transformMethod(
                    method,
                    java.lang.classfile.MethodTransform.transformingCode(
                        weaving(java.util.Objects.requireNonNull(found.get(method)))));
              } else {
                builder.with(element);
              }
            }));
  }

  private Map<Integer, Check> checksOf(String name, MethodModel method, CodeModel code) {
    List<CodeElement> elements = code.elementList();
    Map<Label, Integer> labels = new HashMap<>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof LabelTarget target) {
        labels.put(target.label(), i);
      }
    }
    Map<Integer, Check> checks = new HashMap<>();
    int line = 0;
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof LineNumber number) {
        line = number.line();
      } else if (elements.get(i) instanceof BranchInstruction branch && isConditional(branch)) {
        String next = refusalFrom(elements, i + 1);
        String jump = refusalFrom(elements, labels.getOrDefault(branch.target(), elements.size()));
        // Where both ways refuse, it only decides how.
        if (next.isEmpty() != jump.isEmpty()) {
          checks.put(i, new Check(this.checks.size(), next.isEmpty()));
          this.checks.add(
              "%s.%s#%d: %s (line %d)"
                  .formatted(
                      name.substring(name.lastIndexOf('.') + 1),
                      method.methodName().stringValue(),
                      checks.size(),
                      next + jump,
                      line));
        }
      }
    }
    return checks;
  }

  private static boolean isConditional(BranchInstruction branch) {
    return branch.opcode() != Opcode.GOTO && branch.opcode() != Opcode.GOTO_W;
  }

  /** What the straight way from there refuses with; empty when it does not. */
  private String refusalFrom(List<CodeElement> elements, int from) {
    Opcode before = Opcode.NOP;
    for (int i = from; i < elements.size(); i++) {
      CodeElement element = elements.get(i);
      if (element instanceof NewObjectInstruction made) {
        String type = made.className().asInternalName();
        String simple = type.substring(Math.max(type.lastIndexOf('/'), type.lastIndexOf('$')) + 1);
        if (refusals.test(simple)) {
          return simple;
        }
      }
      if (element instanceof java.lang.classfile.Instruction instruction) {
        Opcode opcode = instruction.opcode();
        if (opcode == Opcode.ARETURN && before == Opcode.ACONST_NULL) {
          return "null";
        }
        if (opcode == Opcode.IRETURN && before == Opcode.ICONST_0) {
          return "false";
        }
        if (ends(instruction)) {
          return "";
        }
        before = opcode;
      }
    }
    return "";
  }

  private static boolean ends(java.lang.classfile.Instruction instruction) {
    return switch (instruction) {
      case java.lang.classfile.instruction.ReturnInstruction _,
          java.lang.classfile.instruction.ThrowInstruction _,
          java.lang.classfile.instruction.TableSwitchInstruction _,
          java.lang.classfile.instruction.LookupSwitchInstruction _ ->
          true;
      // A false that is about to be returned: javac's "a && b".
      case BranchInstruction _ -> true;
      default -> false;
    };
  }

  // --- weaving

  private static CodeTransform weaving(Map<Integer, Check> checks) {
    return CodeTransform.ofStateful(() ->
        new CodeTransform() {
          private int at;

          @Override
          public void accept(CodeBuilder builder, CodeElement element) {
            Check check = checks.get(at++);
            if (check != null && element instanceof BranchInstruction branch) {
              weave(builder, branch, check);
            } else {
              builder.with(element);
            }
          }
        });
  }

  private static void weave(CodeBuilder builder, BranchInstruction branch, Check check) {
    if (!check.whenItJumps()) {
      builder.with(branch);
      builder.loadConstant(check.id()).invokestatic(SWITCH, "isOff", QUESTION);
      builder.ifne(branch.target());
      return;
    }
    Label refusing = builder.newLabel();
    Label going = builder.newLabel();
    builder.branch(branch.opcode(), refusing).goto_(going).labelBinding(refusing);
    builder.loadConstant(check.id()).invokestatic(SWITCH, "isOff", QUESTION);
    builder.ifeq(branch.target()).labelBinding(going);
  }
}
