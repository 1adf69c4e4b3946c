package dev.cambium.cpu.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.MethodTypeDesc;

/**
 * The bytecode of a class's static methods that have no branches, written into other methods in place of a call, with what they call
 * of the same class. The JIT compiler would inline a call, too, but not always: not if it has already compiled the method by itself,
 * and then vectors are objects.
 */
final class StraightLineCode {
    static final StraightLineCode VECTOR_FUNCTIONS = new StraightLineCode(VectorFunctions.class);

    private final ClassModel model;

    private StraightLineCode(Class<?> type) {
        try (InputStream bytes = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            if (bytes == null) {
                throw new IllegalStateException(type + " is not there as a file of a class");
            }
            model = ClassFile.of().parse(bytes.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes a method's code, which takes its arguments from the stack and leaves its result there.
     *
     * @param name the method's name
     * @param type its type
     * @param code where its code goes
     * @param local the first local variable that nothing else uses
     * @return the first one behind those that the code uses
     * @throws IllegalArgumentException for code that has branches, or is otherwise more than functions of vectors are
     */
    // What is read of a class file is read when it is asked for, by one thread at a time.
    synchronized int write(String name, MethodTypeDesc type, CodeBuilder code, int local) {
        CodeAttribute body = model.methods().stream()
                .filter(method -> method.methodName().equalsString(name) && method.methodTypeSymbol().equals(type))
                .findFirst().flatMap(method -> method.findAttribute(Attributes.code())).orElseThrow();
        for (int i = type.parameterCount() - 1; i >= 0; i--) {
            code.storeLocal(TypeKind.from(type.parameterType(i)), local + i);
        }
        int free = local + body.maxLocals();
        for (CodeElement element : body) {
            switch (element) {
                case LoadInstruction load -> code.loadLocal(load.typeKind(), local + load.slot());
                case StoreInstruction store -> code.storeLocal(store.typeKind(), local + store.slot());
                case InvokeInstruction call when call.owner().equals(model.thisClass()) -> free = Math.max(free,
                        write(call.name().stringValue(), call.typeSymbol(), code, local + body.maxLocals()));
                case ReturnInstruction _ -> {
                    // Its result is on the stack, where the caller's is to be.
                }
                case InvokeInstruction _,FieldInstruction _,ConstantInstruction _,OperatorInstruction _,TypeCheckInstruction _ ->
                        code.with(element);
                case Instruction other -> throw new IllegalArgumentException(name + " has " + other);
                default -> {
                    // Numbers of lines and names of variables.
                }
            }
        }
        return free;
    }
}
