package dev.cambium.tensor;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.List;
import java.util.Optional;

import dev.cambium.Stability;

/**
 * The primitives: all that a backend has to know. A {@link Tensor} is an operation applied to input tensors; the element
 * type and shape of the result stand on the tensor, the operation's other attributes here. The hierarchy is sealed, so that a
 * {@code switch} over it without a default does not compile until every primitive is handled.
 *
 * <p>
 * Operands of one elementwise operation have equal types; broadcasting is an operation of its own. Layouts are logical: images
 * are NCHW, convolution weights OIHW. A backend may take numbers below the smallest normal one of their type for zero, be they
 * operands or results; NaN and infinities are as IEEE 754 has them unless said otherwise. So are the signs of zeros where elements
 * are moved or chosen, and from negation, absolute value, square root, multiplication and division; all else may give either zero,
 * also the larger or smaller of two zeros.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
public sealed interface Op {
    /** The version of this set; it grows by one whenever a primitive is added. */
    int VERSION = 1;

    /** A value given anew at each run. No inputs. */
    record Input(String name) implements Op {}

    /** The value of a variable before this run's updates. No inputs. */
    record ReadVariable(Variable variable) implements Op {}

    /** A fixed value. No inputs. */
    record Constant(NdArray value) implements Op {}

    /** Each element is its index along one axis. No inputs. */
    record Iota(int axis) implements Op {}

    /**
     * Counter-based random bits, int32: element i of run (seed, step) is {@link Philox#bits}(seed, stream, step, i). Inputs: the
     * seed and the step, int64 scalars.
     */
    record RandomBits(int stream) implements Op {}

    /** A function of each element. One input. */
    record Unary(UnaryKind kind) implements Op {}

    /** A function of two elements at the same place. Two inputs of equal types. */
    record Binary(BinaryKind kind) implements Op {}

    /** A comparison of two elements at the same place; the result is bool. Two inputs of equal types. */
    record Compare(CompareKind kind) implements Op {}

    /** Where the first input (bool) is true the second, elsewhere the third. Three inputs of one shape. */
    record Select() implements Op {}

    /**
     * Conversion to the result's element type, as Java's casts do it; to bool, whether it differs from zero; to uint8, the low
     * byte of the int; to floating types, the nearest number, of two the even one. One input.
     */
    record Cast() implements Op {}

    /** The input, through which no gradient flows. One input. */
    record StopGradient() implements Op {}

    /** Combines all elements along the axes (ascending), which disappear. One input. */
    record Reduce(ReduceKind kind, List<Integer> axes) implements Op {}

    /** The index (int64) of the largest element along an axis, which disappears; of equals the first; NaN is largest. */
    record ArgMax(int axis) implements Op {}

    /** The same elements in row-major order under another shape. One input. */
    record Reshape() implements Op {}

    /** Axis i of the result is axis {@code permutation[i]} of the input. One input. */
    record Transpose(List<Integer> permutation) implements Op {}

    /** Repeats along new outer axes and along axes of extent 1, aligned at the innermost axis as in NumPy. One input. */
    record Broadcast() implements Op {}

    /** Every {@code steps[i]}-th element from {@code starts[i]} along axis i, as many as the result's shape says. One input. */
    record Slice(List<Integer> starts, List<Integer> steps) implements Op {}

    /** Zeros around the input: {@code low} before, {@code high} after, {@code interior} between neighbours. One input. */
    record Pad(List<Integer> low, List<Integer> high, List<Integer> interior) implements Op {}

    /** The inputs one after the other along an axis. One or more inputs. */
    record Concat(int axis) implements Op {}

    /** The elements in reverse order along the axes. One input. */
    record Reverse(List<Integer> axes) implements Op {}

    /**
     * Rows of a table: result[i…, k…] = table[indices[i…], k…]. Inputs: table [rows, k…]; indices int64 [i…], in 0 … rows − 1.
     */
    record Gather() implements Op {}

    /**
     * The first input with rows added to it: for each i, table[indices[i…], k…] += rows[i…, k…], in the order of i. Inputs: table
     * [rows, k…]; indices int64 [i…]; rows [i…, k…].
     */
    record ScatterAdd() implements Op {}

    /** The matrix product of the last two axes, for each index of the leading ones. Inputs: [b…, m, k] and [b…, k, n]. */
    record MatMul() implements Op {}

    /**
     * Two-dimensional cross-correlation, what PyTorch calls convolution. Inputs: images [n, c, h, w]; weights
     * [o, c / groups, kh, kw]. Where a window lies over padding, the product of the padding's zero and a weight may be computed or
     * left out, which shows only if that weight is infinite or NaN.
     */
    record Conv2d(Window2d window, int groups) implements Op {}

    /** The gradient of {@link Conv2d} by its images. Inputs: output gradient [n, o, oh, ow]; weights. */
    record Conv2dInputGradient(Window2d window, int groups) implements Op {}

    /** The gradient of {@link Conv2d} by its weights. Inputs: images; output gradient [n, o, oh, ow]. */
    record Conv2dWeightGradient(Window2d window, int groups) implements Op {}

    /**
     * The largest element of each window; NaN is largest; of equals the first in row-major order. The padding never wins; a window
     * of padding alone, which dilation makes possible, gives −∞ and has no winner. Input: [n, c, h, w].
     */
    record MaxPool2d(Window2d window) implements Op {}

    /** The gradient of {@link MaxPool2d}: adds each value to the place that won. Inputs: images; output gradient. */
    record MaxPool2dGradient(Window2d window) implements Op {}

    /**
     * What stands in the second input at the places that win in the first, 0 where none does. Inputs: images; values, both
     * [n, c, h, w].
     */
    record MaxPool2dPick(Window2d window) implements Op {}

    /** The sum of each window; padding counts as zero. Input: [n, c, h, w]. */
    record SumPool2d(Window2d window) implements Op {}

    /** The gradient of {@link SumPool2d}: adds each value to all places of its window. Input: output gradient. */
    record SumPool2dGradient(Window2d window) implements Op {}

    /**
     * A named part of the graph: the value is that of {@code result} with the inputs in place of {@code parameters}. A backend
     * that knows the name may use a kernel of its own for the same value; every other one computes the result as it stands.
     *
     * @param name
     *            what it computes, such as {@code log_softmax}
     * @param parameters
     *            tensors of {@link Input}, one for each input, in order
     * @param result
     *            a tensor over the parameters alone
     * @param gradient
     *            the region's own gradient; without one, that of {@code result}
     */
    record Region(String name, List<Tensor> parameters, Tensor result, Optional<GradientRule> gradient) implements Op {}

    /** Functions of one element. Floating-point unless said otherwise; NaN in, NaN out. */
    enum UnaryKind {
        /** −x; integers too. */
        NEG,
        /** |x|; integers too. */
        ABS,
        /** −1, 0 or 1 (NaN for NaN); integers too. */
        SIGN,
        /** e to the x. */
        EXP,
        /** e to the x, less 1, precise near 0. */
        EXPM1,
        /** Natural logarithm. */
        LOG,
        /** Natural logarithm of 1 + x, precise near 0. */
        LOG1P,
        /** Square root. */
        SQRT,
        /** 1 / √x. */
        RSQRT,
        /** 1 / x. */
        RECIPROCAL,
        /** Sine of radians. */
        SIN,
        /** Cosine of radians. */
        COS,
        /** Hyperbolic tangent. */
        TANH,
        /** 1 / (1 + e to the −x). */
        SIGMOID,
        /** Gauss's error function. */
        ERF,
        /** The largest whole number that is not above x. */
        FLOOR,
        /** The smallest whole number that is not below x. */
        CEIL,
        /** The nearest whole number, of two the even one. */
        ROUND,
        /** Logical not of bool, bitwise of integers. */
        NOT
    }

    /** Functions of two elements; of numbers unless said otherwise. */
    enum BinaryKind {
        /** a + b. */
        ADD,
        /** a − b. */
        SUB,
        /** a · b. */
        MUL,
        /** a / b; of integers the quotient cut towards zero, and an error of the run where b is zero. */
        DIV,
        /** a to the b, floating-point, as in IEEE 754: 1 where b is 0 or a is 1, even beside NaN. */
        POW,
        /** The larger; NaN if either is. */
        MAX,
        /** The smaller; NaN if either is. */
        MIN,
        /** Logical and of bool, bitwise of integers. */
        AND,
        /** Logical or of bool, bitwise of integers. */
        OR,
        /** Logical exclusive or of bool, bitwise of integers. */
        XOR,
        /** a shifted left by b bits, integers; as in Java, of b only the low 5 (int32) or 6 (int64) bits count. */
        SHIFT_LEFT,
        /** a shifted right by b bits with zeros coming in, integers; b as in {@link #SHIFT_LEFT}. */
        SHIFT_RIGHT
    }

    /** Comparisons; each but {@link #NE} is false when either side is NaN. */
    enum CompareKind {
        /** a = b. */
        EQ,
        /** a ≠ b. */
        NE,
        /** a &lt; b. */
        LT,
        /** a ≤ b. */
        LE,
        /** a &gt; b. */
        GT,
        /** a ≥ b. */
        GE
    }

    /** Ways to combine elements. */
    enum ReduceKind {
        /** Their sum; 0 of none. */
        SUM,
        /** The largest; NaN if any is; the type's smallest value of none. */
        MAX,
        /** The smallest; NaN if any is; the type's largest value of none. */
        MIN
    }
}
