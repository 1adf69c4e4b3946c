package dev.cambium.cpu.kernels;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.cambium.cpu.kernels.ChainLoop.Chain;
import dev.cambium.cpu.kernels.ChainLoop.Operation;
import dev.cambium.cpu.kernels.ChainLoop.Place;
import dev.cambium.cpu.kernels.ChainLoop.Slot;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** Writes the bytecode of a {@link ChainLoop}: what one would write by hand over the Vector API, as the other loops of this package are. */
final class ChainGenerator {
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    private static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector.FloatVector");
    private static final ClassDesc BYTES = ClassDesc.of("jdk.incubator.vector.ByteVector");
    private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
    private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
    private static final ClassDesc VECTORS = ClassDesc.of("dev.cambium.cpu.kernels.Vectors");
    private static final ClassDesc BODY = ClassDesc.of("dev.cambium.cpu.kernels.ChainLoop$Body");
    private static final ClassDesc LOOP = ClassDesc.of("dev.cambium.cpu.kernels.GeneratedLoop");
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_int, CD_Object.arrayType(), CD_int.arrayType(),
            CD_int);
    /** Operations of some 30 bytes of code: C2 compiles no method of more than 8,000. */
    private static final int LONGEST = 120;
    /** Such operations that have as much code as a function of one vector. */
    private static final int FUNCTION = 16;
    private static final int ARRAYS = 1;
    private static final int OFFSETS = 2;
    private static final int COUNT = 3;
    private static final int INDEX = 4;
    private static final int NONE = -1;

    private final Chain chain;
    private final CodeBuilder code;
    /** Local variables of each slot: its array, its offset, its value. */
    private final int[] arrays;
    private final int[] offsets;
    private final int[] values;
    private int locals = INDEX + 1;

    private ChainGenerator(Chain chain, CodeBuilder code) {
        this.chain = chain;
        this.code = code;
        int slots = chain.slots().size();
        arrays = new int[slots];
        offsets = new int[slots];
        values = new int[slots];
        Arrays.fill(values, NONE);
    }

    /** Whether all operations of a chain can be generated. */
    static boolean supports(Chain chain) {
        return length(chain) <= LONGEST
                && chain.operations().stream().allMatch(operation -> supports(operation, chain.slots()));
    }

    /** The length of a chain's code, in simple operations. */
    static int length(Chain chain) {
        return chain.operations().stream().mapToInt(operation -> isFunction(operation.op()) ? FUNCTION : 1).sum();
    }

    private static boolean isFunction(Op op) {
        return op instanceof Op.Unary(var kind) && switch (kind) {
            case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, ERF -> true;
            case NEG, ABS, SQRT, RSQRT, RECIPROCAL, SIGN, SIN, COS, FLOOR, CEIL, ROUND, NOT -> false;
        };
    }

    private static boolean supports(Operation operation, List<Slot> slots) {
        List<Slot> operands = operation.operands().stream().map(slots::get).toList();
        boolean floats = operands.stream().allMatch(slot -> slot.type() == DType.FLOAT32);
        return switch (operation.op()) {
            case Op.Unary(var kind) -> floats && switch (kind) {
                case NEG, ABS, SQRT, RSQRT, RECIPROCAL -> true;
                default -> isFunction(operation.op());
            };
            case Op.Binary(var kind) -> floats && switch (kind) {
                case ADD, SUB, MUL, DIV, MAX, MIN -> true;
                default -> false;
            };
            case Op.Compare _ -> floats && Vectors.HAS_BYTES;
            case Op.Select _ when operation.condition().isPresent() -> floats;
            case Op.Select _ -> Vectors.HAS_BYTES && operands.get(0).place() != Place.SPREAD
                    && operands.get(1).type() == DType.FLOAT32 && operands.get(2).type() == DType.FLOAT32;
            case Op.Cast _ -> Vectors.HAS_BYTES && slots.get(operation.target()).type() == DType.FLOAT32
                    && operands.get(0).type() == DType.BOOL && operands.get(0).place() != Place.SPREAD;
            default -> false;
        };
    }

    static ChainLoop.Body generate(Chain chain) {
        byte[] bytes = ClassFile.of().build(LOOP, type -> type.withFlags(ACC_FINAL).withInterfaceSymbols(BODY)
                .withMethodBody(INIT_NAME, MTD_void, ACC_PUBLIC,
                        code -> code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_())
                .withMethodBody("run", RUN, ACC_PUBLIC | ACC_FINAL, code -> new ChainGenerator(chain, code).run()));
        try {
            return (ChainLoop.Body) VectorFunctions.lookup().defineHiddenClass(bytes, true, ClassOption.NESTMATE)
                    .lookupClass().getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a generated loop can't be loaded", e);
        }
    }

    private void run() {
        for (int slot = 0; slot < chain.slots().size(); slot++) {
            if (chain.slots().get(slot).place() != Place.WITHIN) {
                begin(slot);
            }
        }
        code.iconst_0().istore(INDEX);
        Label next = code.newBoundLabel();
        Label end = code.newLabel();
        code.iload(INDEX).iload(COUNT).loadConstant(Vectors.L).isub().if_icmpgt(end);
        chain.operations().forEach(this::operation);
        code.iinc(INDEX, Vectors.L).goto_(next).labelBinding(end).iload(INDEX).ireturn();
    }

    /** Puts a slot's array and offset into local variables, or its only element into all lanes of a vector. */
    private void begin(int slot) {
        Slot what = chain.slots().get(slot);
        ClassDesc array = (what.type() == DType.BOOL ? CD_byte : CD_float).arrayType();
        code.aload(ARRAYS).loadConstant(slot).aaload().checkcast(array);
        if (what.place() == Place.SPREAD && what.type() == DType.FLOAT32) {
            int vector = locals++;
            code.astore(vector);
            species();
            code.aload(vector).aload(OFFSETS).loadConstant(slot).iaload().faload();
            broadcast();
            code.astore(vector);
            values[slot] = vector;
            return;
        }
        arrays[slot] = locals++;
        offsets[slot] = locals++;
        code.astore(arrays[slot]).aload(OFFSETS).loadConstant(slot).iaload().istore(offsets[slot]);
    }

    private void operation(Operation operation) {
        List<Integer> in = operation.operands();
        switch (operation.op()) {
            case Op.Unary(UnaryKind kind) -> unary(kind, in.get(0));
            case Op.Binary(BinaryKind kind) -> {
                value(in.get(0));
                value(in.get(1));
                vectors(kind.name().toLowerCase(Locale.ROOT));
            }
            case Op.Compare(CompareKind kind) -> compare(kind, in.get(0), in.get(1));
            case Op.Select _ -> {
                int branches = operation.condition().isPresent() ? 2 : 1;
                value(in.get(branches + 1));
                value(in.get(branches));
                operation.condition().ifPresentOrElse(condition -> compare(condition.kind(), in.get(0), in.get(1)),
                        () -> value(in.get(0)));
                blend();
            }
            case Op.Cast _ -> {
                constant(0);
                constant(1);
                value(in.get(0));
                blend();
            }
            default -> throw new IllegalStateException("not supported: " + operation.op());
        }
        int target = operation.target();
        values[target] = locals++;
        code.astore(values[target]);
        if (chain.slots().get(target).place() == Place.WRITTEN) {
            store(target);
        }
    }

    private void unary(UnaryKind kind, int operand) {
        switch (kind) {
            case RSQRT -> {
                constant(1);
                value(operand);
                code.invokevirtual(FLOATS, "sqrt", MethodTypeDesc.of(FLOATS));
                vectors("div");
            }
            case RECIPROCAL -> {
                constant(1);
                value(operand);
                vectors("div");
            }
            case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, ERF -> {
                value(operand);
                locals = StraightLineCode.VECTOR_FUNCTIONS.write(kind.name().toLowerCase(Locale.ROOT),
                        MethodTypeDesc.of(FLOATS, FLOATS), code, locals);
            }
            default -> {
                value(operand);
                code.invokevirtual(FLOATS, kind.name().toLowerCase(Locale.ROOT), MethodTypeDesc.of(FLOATS));
            }
        }
    }

    private void vectors(String method) {
        code.invokevirtual(FLOATS, method, MethodTypeDesc.of(FLOATS, VECTOR));
    }

    private void blend() {
        code.invokevirtual(FLOATS, "blend", MethodTypeDesc.of(FLOATS, VECTOR, MASK));
    }

    private void compare(CompareKind kind, int a, int b) {
        value(a);
        code.getstatic(OPERATORS, kind.name(), COMPARISON);
        value(b);
        code.invokevirtual(FLOATS, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
    }

    /** Pushes a slot's vector or mask, loaded at its first use. */
    private void value(int slot) {
        if (values[slot] == NONE) {
            boolean bool = chain.slots().get(slot).type() == DType.BOOL;
            code.getstatic(VECTORS, bool ? "BYTES" : "FLOATS", SPECIES);
            element(slot);
            if (bool) {
                code.invokestatic(BYTES, "fromArray",
                        MethodTypeDesc.of(BYTES, SPECIES, CD_byte.arrayType(), CD_int))
                        .getstatic(OPERATORS, "NE", COMPARISON).iconst_0()
                        .invokevirtual(BYTES, "compare", MethodTypeDesc.of(MASK, COMPARISON, CD_byte));
                species();
                code.invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
            } else {
                code.invokestatic(FLOATS, "fromArray",
                        MethodTypeDesc.of(FLOATS, SPECIES, CD_float.arrayType(), CD_int));
                exact();
            }
            values[slot] = locals++;
            code.astore(values[slot]);
        }
        code.aload(values[slot]);
    }

    private void store(int slot) {
        if (chain.slots().get(slot).type() == DType.BOOL) {
            code.getstatic(VECTORS, "BYTES", SPECIES).invokestatic(BYTES, "zero", MethodTypeDesc.of(BYTES, SPECIES))
                    .iconst_1().aload(values[slot]).getstatic(VECTORS, "BYTES", SPECIES)
                    .invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES))
                    .invokevirtual(BYTES, "blend", MethodTypeDesc.of(BYTES, CD_byte, MASK));
            element(slot);
            code.invokevirtual(BYTES, "intoArray", MethodTypeDesc.of(CD_void, CD_byte.arrayType(), CD_int));
        } else {
            code.aload(values[slot]);
            element(slot);
            code.invokevirtual(FLOATS, "intoArray", MethodTypeDesc.of(CD_void, CD_float.arrayType(), CD_int));
        }
    }

    /** Pushes a slot's array, and where in it the next element lies. */
    private void element(int slot) {
        code.aload(arrays[slot]).iload(offsets[slot]).iload(INDEX).iadd();
    }

    private void constant(float value) {
        species();
        code.loadConstant(value);
        broadcast();
    }

    private void species() {
        code.getstatic(VECTORS, "FLOATS", SPECIES);
    }

    private void broadcast() {
        code.invokestatic(FLOATS, "broadcast", MethodTypeDesc.of(FLOATS, SPECIES, CD_float));
        exact();
    }

    private void exact() {
        code.invokestatic(VECTORS, "exact", MethodTypeDesc.of(FLOATS, FLOATS));
    }
}
