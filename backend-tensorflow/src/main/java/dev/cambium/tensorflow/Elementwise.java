package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_INT32;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_INT64;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_UINT32;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_UINT64;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;

/**
 * Functions of elements as {@link Op} defines them, in TensorFlow's operations. Where those differ (out of range, in types without
 * a kernel, NaN) it takes some of them to make one of ours.
 */
final class Elementwise {
    private final Emitter emit;

    Elementwise(Emitter emit) {
        this.emit = emit;
    }

    Output unary(Op.UnaryKind kind, DType dtype, Output x) {
        return switch (kind) {
            case NEG -> dtype == DType.UINT8 ? emit.call("AddV2", emit.call("Invert", x), emit.scalar(dtype, 1))
                    : emit.call("Neg", x);
            case ABS -> dtype == DType.UINT8 ? x : emit.call("Abs", x);
            case SIGN -> dtype == DType.UINT8 ? emit.cast(nonZero(dtype, x), dtype) : emit.call("Sign", x);
            case EXP -> emit.call("Exp", x);
            case EXPM1 -> emit.call("Expm1", x);
            case LOG -> emit.call("Log", x);
            case LOG1P -> emit.call("Log1p", x);
            case SQRT -> emit.call("Sqrt", x);
            case RSQRT -> emit.call("Rsqrt", x);
            case RECIPROCAL -> emit.call("RealDiv", emit.scalar(dtype, 1), x); // `Reciprocal` is not exact even for 0.5
            case SIN -> emit.call("Sin", x);
            case COS -> emit.call("Cos", x);
            case TANH -> emit.call("Tanh", x);
            case SIGMOID -> emit.call("Sigmoid", x);
            case ERF -> emit.call("Erf", x);
            case FLOOR -> emit.call("Floor", x);
            case CEIL -> emit.call("Ceil", x);
            case ROUND -> emit.call("Round", x);
            case NOT -> dtype == DType.BOOL ? emit.call("LogicalNot", x) : emit.call("Invert", x);
        };
    }

    Output binary(Op.BinaryKind kind, DType dtype, Output a, Output b) {
        boolean bool = dtype == DType.BOOL;
        return switch (kind) {
            case ADD -> emit.call("AddV2", a, b);
            case SUB -> emit.call("Sub", a, b);
            case MUL -> emit.call("Mul", a, b);
            case DIV -> emit.call(dtype.isFloating() ? "RealDiv" : "Div", a, b);
            case POW -> emit.call("Pow", a, b);
            case MAX -> emit.call("Maximum", a, b);
            case MIN -> emit.call("Minimum", a, b);
            case AND -> emit.call(bool ? "LogicalAnd" : "BitwiseAnd", a, b);
            case OR -> emit.call(bool ? "LogicalOr" : "BitwiseOr", a, b);
            case XOR -> emit.call(bool ? "NotEqual" : "BitwiseXor", a, b);
            case SHIFT_LEFT -> emit.call("LeftShift", a, shift(dtype, b));
            case SHIFT_RIGHT -> {
                // TensorFlow shifts the sign in, unless there is none.
                int unsigned = dtype == DType.INT32 ? TF_UINT32 : TF_UINT64;
                Output bits = emit.call("RightShift", emit.bitcast(a, unsigned),
                        emit.bitcast(shift(dtype, b), unsigned));
                yield emit.bitcast(bits, dtype == DType.INT32 ? TF_INT32 : TF_INT64);
            }
        };
    }

    /** The bits of a shift that count; TensorFlow stops at the width instead. */
    private Output shift(DType dtype, Output bits) {
        return emit.call("BitwiseAnd", bits, emit.scalar(dtype, dtype == DType.INT32 ? 31 : 63));
    }

    Output compare(Op.CompareKind kind, DType dtype, Output a, Output b) {
        boolean ordered = kind != Op.CompareKind.EQ && kind != Op.CompareKind.NE;
        if (dtype == DType.BOOL && ordered) {
            return compare(kind, DType.UINT8, emit.cast(a, DType.UINT8), emit.cast(b, DType.UINT8));
        }
        return emit.call(switch (kind) {
            case EQ -> "Equal";
            case NE -> "NotEqual";
            case LT -> "Less";
            case LE -> "LessEqual";
            case GT -> "Greater";
            case GE -> "GreaterEqual";
        }, a, b);
    }

    Output select(Output condition, Output ifTrue, Output ifFalse) {
        return emit.call("SelectV2", condition, ifTrue, ifFalse);
    }

    /** Whether each element differs from zero; NaN does. */
    private Output nonZero(DType dtype, Output x) {
        return emit.call("NotEqual", x, emit.scalar(dtype, 0));
    }

    /** Whether each element is NaN. */
    Output isNan(Output x) {
        return emit.call("NotEqual", x, x);
    }

    Output cast(DType from, DType to, Output x) {
        if (from == to) {
            return x;
        }
        if (from == DType.FLOAT16 || from == DType.BFLOAT16) {
            return cast(DType.FLOAT32, to, emit.cast(x, DType.FLOAT32));
        }
        return switch (to) {
            case BOOL -> nonZero(from, x);
            case UINT8 -> from.isFloating() ? emit.cast(truncated(from, DType.INT32, 0x1p31, x), to) : emit.cast(x, to);
            case INT32 -> from.isFloating() ? truncated(from, to, 0x1p31, x) : emit.cast(x, to);
            case INT64 -> from.isFloating() ? truncated(from, to, 0x1p63, x) : emit.cast(x, to);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> emit.cast(x, to);
        };
    }

    /**
     * Fractions cut off, NaN 0, and what is out of range the nearest there is.
     *
     * @param above
     *            the smallest number that is too large
     */
    private Output truncated(DType from, DType to, double above, Output x) {
        Output tooLarge = emit.call("GreaterEqual", x, emit.scalar(from, above));
        Output tooSmall = emit.call("Less", x, emit.scalar(from, -above));
        Output inRange = emit.call("Less", emit.call("Abs", x), emit.scalar(from, above)); // false for NaN
        Output safe = emit.cast(select(inRange, x, emit.scalar(from, 0)), to);
        Output least = emit.scalar(to, Double.NEGATIVE_INFINITY);
        Output most = emit.scalar(to, Double.POSITIVE_INFINITY);
        return select(tooLarge, most, select(tooSmall, least, safe));
    }
}
