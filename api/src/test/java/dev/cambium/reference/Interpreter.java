package dev.cambium.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.cambium.CambiumException;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Philox;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/** Computes tensors one after the other, each primitive by the plainest loop that does what {@link Op} says. */
final class Interpreter {
    private final boolean exact;
    private final Function<String, Elements> inputs;
    private final Function<Variable, Elements> variables;

    Interpreter(boolean exact, Function<String, Elements> inputs, Function<Variable, Elements> variables) {
        this.exact = exact;
        this.inputs = inputs;
        this.variables = variables;
    }

    /**
     * The values of tensors.
     *
     * @param order
     *            what to compute, each after its inputs
     * @param known
     *            what has a value already
     */
    Map<Tensor, Elements> evaluate(List<Tensor> order, Map<Tensor, Elements> known) {
        Map<Tensor, Elements> values = new HashMap<>(known);
        for (Tensor tensor : order) {
            if (!values.containsKey(tensor)) {
                List<Elements> operands = tensor.inputs().stream().map(input -> ReferenceBackend.found(values, input))
                        .toList();
                Elements value = compute(tensor, operands);
                if (!value.type().equals(tensor.type())) {
                    throw new IllegalStateException(tensor + " has a value of type " + value.type());
                }
                values.put(tensor, value);
            }
        }
        return values;
    }

    private Elements compute(Tensor tensor, List<Elements> in) {
        TensorType type = tensor.type();
        return switch (tensor.op()) {
            case Op.Input(String name) -> inputs.apply(name);
            case Op.ReadVariable(Variable variable) -> variables.apply(variable);
            case Op.Constant(var value) -> Elements.of(value, exact);
            case Op.Iota(int axis) -> iota(type, axis);
            case Op.RandomBits(int stream) -> randomBits(type, stream, in.get(0), in.get(1));
            case Op.Unary(var kind) -> unary(type, kind, in.get(0));
            case Op.Binary(var kind) -> binary(tensor, kind, in.get(0), in.get(1));
            case Op.Compare(var kind) -> compare(type, kind, in.get(0), in.get(1));
            case Op.Select _ -> select(type, in.get(0), in.get(1), in.get(2));
            case Op.Cast _ -> cast(type, in.get(0));
            case Op.StopGradient _ -> in.get(0);
            case Op.Reduce(var kind, var axes) -> reduce(type, kind, axes, in.get(0));
            case Op.ArgMax(int axis) -> argMax(type, axis, in.get(0));
            case Op.Reshape _ -> reshape(type, in.get(0));
            case Op.Transpose(var permutation) -> transpose(type, permutation, in.get(0));
            case Op.Broadcast _ -> broadcast(type, in.get(0));
            case Op.Slice(var starts, var steps) -> slice(type, starts, steps, in.get(0));
            case Op.Pad(var low, var high, var interior) -> pad(type, low, high, interior, in.get(0));
            case Op.Concat(int axis) -> concat(type, axis, in);
            case Op.Reverse(var axes) -> reverse(type, axes, in.get(0));
            case Op.Gather _ -> gather(tensor, in.get(0), in.get(1));
            case Op.ScatterAdd _ -> scatterAdd(tensor, in.get(0), in.get(1), in.get(2));
            case Op.MatMul _ -> matmul(type, in.get(0), in.get(1));
            case Op.Conv2d(var window, int groups) -> {
                double[] output = new double[size(type)];
                convolution(in.get(0).shape(), in.get(1).shape(), type.shape(), window, groups,
                        (x, w, y) -> output[y] += in.get(0).real(x) * in.get(1).real(w));
                yield reals(type, output);
            }
            case Op.Conv2dInputGradient(var window, int groups) -> {
                double[] images = new double[size(type)];
                convolution(type.shape(), in.get(1).shape(), in.get(0).shape(), window, groups,
                        (x, w, y) -> images[x] += in.get(0).real(y) * in.get(1).real(w));
                yield reals(type, images);
            }
            case Op.Conv2dWeightGradient(var window, int groups) -> {
                double[] weights = new double[size(type)];
                convolution(in.get(0).shape(), type.shape(), in.get(1).shape(), window, groups,
                        (x, w, y) -> weights[w] += in.get(0).real(x) * in.get(1).real(y));
                yield reals(type, weights);
            }
            case Op.MaxPool2d(var window) -> maxPool(type, window, in.get(0));
            case Op.MaxPool2dGradient(var window) -> {
                double[] images = new double[size(type)];
                for (int y = 0; y < in.get(1).size(); y++) {
                    int winner = winner(window, in.get(0), in.get(1), y);
                    if (winner >= 0) {
                        images[winner] += in.get(1).real(y);
                    }
                }
                yield reals(type, images);
            }
            case Op.MaxPool2dPick(var window) -> pick(type, window, in.get(0), in.get(1));
            case Op.SumPool2d(var window) -> {
                double[] sums = new double[size(type)];
                var output = new Elements(type, exact);
                for (int y = 0; y < sums.length; y++) {
                    for (int x : places(window, in.get(0), output, y)) {
                        sums[y] += in.get(0).real(x);
                    }
                }
                yield reals(type, sums);
            }
            case Op.SumPool2dGradient(var window) -> {
                double[] images = new double[size(type)];
                var image = new Elements(type, exact);
                for (int y = 0; y < in.get(0).size(); y++) {
                    for (int x : places(window, image, in.get(0), y)) {
                        images[x] += in.get(0).real(y);
                    }
                }
                yield reals(type, images);
            }
            case Op.Region region -> region(region, in);
        };
    }

    private Elements region(Op.Region region, List<Elements> in) {
        Map<Tensor, Elements> known = new HashMap<>();
        for (int i = 0; i < in.size(); i++) {
            known.put(region.parameters().get(i), in.get(i));
        }
        List<Tensor> order = Graph.of("result", region.result()).tensors();
        return ReferenceBackend.found(evaluate(order, known), region.result());
    }

    // ---- leaves

    private Elements iota(TensorType type, int axis) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            result.set(i, (long) result.index(i)[axis]);
        }
        return result;
    }

    private Elements randomBits(TensorType type, int stream, Elements seed, Elements step) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            result.set(i, (long) Philox.bits(seed.integer(0), stream, step.integer(0), i));
        }
        return result;
    }

    // ---- elementwise

    private Elements unary(TensorType type, Op.UnaryKind kind, Elements x) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            if (x.isFloating()) {
                result.set(i, unary(kind, x.real(i)));
            } else {
                result.set(i, unary(kind, x.integer(i), x.type()));
            }
        }
        return result;
    }

    private static double unary(Op.UnaryKind kind, double x) {
        return switch (kind) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case EXP -> Math.exp(x);
            case EXPM1 -> Math.expm1(x);
            case LOG -> Math.log(x);
            case LOG1P -> Math.log1p(x);
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case ERF -> erf(x);
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case NOT -> throw notFor(kind, "floating-point numbers");
        };
    }

    private static long unary(Op.UnaryKind kind, long x, TensorType type) {
        return switch (kind) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Long.signum(x);
            case NOT -> switch (type.dtype()) {
                case BOOL -> 1 - x;
                case UINT8, INT32, INT64, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> ~x;
            };
            case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR, CEIL, ROUND ->
                    throw notFor(kind, "integers");
        };
    }

    /** The series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·5…(2n+1)), whose terms all have one sign (Abramowitz and Stegun, 7.1.6). */
    private static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    private Elements binary(Tensor tensor, Op.BinaryKind kind, Elements a, Elements b) {
        var result = new Elements(tensor.type(), exact);
        for (int i = 0; i < result.size(); i++) {
            if (a.isFloating()) {
                result.set(i, binary(kind, a.real(i), b.real(i)));
            } else {
                if (kind == Op.BinaryKind.DIV && b.integer(i) == 0) {
                    throw new CambiumException(at(tensor) + "an integer is divided by zero");
                }
                result.set(i, binary(kind, a.integer(i), b.integer(i), a.type()));
            }
        }
        return result;
    }

    private static double binary(Op.BinaryKind kind, double a, double b) {
        return switch (kind) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b); // IEEE 754; Java says NaN
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw notFor(kind, "floating-point numbers");
        };
    }

    private static long binary(Op.BinaryKind kind, long a, long b, TensorType type) {
        return switch (kind) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case SHIFT_LEFT -> switch (type.dtype()) {
                case INT32 -> (int) a << (int) b;
                case INT64 -> a << b;
                case BOOL, UINT8, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw notFor(kind, type);
            };
            case SHIFT_RIGHT -> switch (type.dtype()) {
                case INT32 -> (int) a >>> (int) b;
                case INT64 -> a >>> b;
                case BOOL, UINT8, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw notFor(kind, type);
            };
            case POW -> throw notFor(kind, "integers");
        };
    }

    private static IllegalStateException notFor(Enum<?> kind, Object what) {
        return new IllegalStateException(kind + " is not defined for " + what);
    }

    private Elements compare(TensorType type, Op.CompareKind kind, Elements a, Elements b) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            boolean holds = a.isFloating() ? holds(kind, a.real(i), b.real(i))
                    : holds(kind, a.integer(i), b.integer(i));
            result.set(i, holds ? 1L : 0L);
        }
        return result;
    }

    private static boolean holds(Op.CompareKind kind, double a, double b) {
        return switch (kind) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
        };
    }

    private static boolean holds(Op.CompareKind kind, long a, long b) {
        return switch (kind) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
        };
    }

    private Elements select(TensorType type, Elements condition, Elements ifTrue, Elements ifFalse) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            result.copy(i, condition.integer(i) != 0 ? ifTrue : ifFalse, i);
        }
        return result;
    }

    private Elements cast(TensorType type, Elements x) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            if (!x.isFloating()) {
                result.set(i, x.integer(i));
                continue;
            }
            switch (type.dtype()) {
                case BOOL -> result.set(i, x.real(i) != 0 ? 1L : 0L);
                case UINT8, INT32 -> result.set(i, (long) (int) x.real(i));
                case INT64 -> result.set(i, (long) x.real(i));
                case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> result.set(i, x.real(i));
            }
        }
        return result;
    }

    // ---- reduction

    private Elements reduce(TensorType type, Op.ReduceKind kind, List<Integer> axes, Elements x) {
        List<List<Integer>> members = IntStream.range(0, size(type)).<List<Integer>>mapToObj(_ -> new ArrayList<>())
                .toList();
        var result = new Elements(type, exact);
        for (int i = 0; i < x.size(); i++) {
            members.get(result.offset(without(axes, x.index(i)))).add(i);
        }
        for (int i = 0; i < result.size(); i++) {
            if (x.isFloating()) {
                result.set(i,
                        members.get(i).stream().map(x::real).reduce(neutral(kind), (a, b) -> combine(kind, a, b)));
            } else {
                long neutral = neutral(kind, type);
                result.set(i, members.get(i).stream().map(x::integer).reduce(neutral, (a, b) -> combine(kind, a, b)));
            }
        }
        return result;
    }

    private static int[] without(List<Integer> axes, int[] index) {
        return IntStream.range(0, index.length).filter(axis -> !axes.contains(axis)).map(axis -> index[axis]).toArray();
    }

    private static double neutral(Op.ReduceKind kind) {
        return switch (kind) {
            case SUM -> 0;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    private static double combine(Op.ReduceKind kind, double a, double b) {
        return switch (kind) {
            case SUM -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static long neutral(Op.ReduceKind kind, TensorType type) {
        return switch (kind) {
            case SUM -> 0;
            case MAX -> switch (type.dtype()) {
                case BOOL, UINT8 -> 0;
                case INT32 -> Integer.MIN_VALUE;
                case INT64 -> Long.MIN_VALUE;
                case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw notFor(kind, type);
            };
            case MIN -> switch (type.dtype()) {
                case BOOL -> 1;
                case UINT8 -> 0xFF;
                case INT32 -> Integer.MAX_VALUE;
                case INT64 -> Long.MAX_VALUE;
                case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw notFor(kind, type);
            };
        };
    }

    private static long combine(Op.ReduceKind kind, long a, long b) {
        return switch (kind) {
            case SUM -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private Elements argMax(TensorType type, int axis, Elements x) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            int[] outer = result.index(i);
            int best = 0;
            for (int k = 1; k < x.dim(axis); k++) {
                int here = x.offset(inserted(outer, axis, k));
                int there = x.offset(inserted(outer, axis, best));
                boolean wins = x.isFloating() ? beats(x.real(here), x.real(there)) : x.integer(here) > x.integer(there);
                best = wins ? k : best;
            }
            result.set(i, (long) best);
        }
        return result;
    }

    private static int[] inserted(int[] index, int axis, int value) {
        return IntStream.rangeClosed(0, index.length)
                .map(i -> i < axis ? index[i] : i == axis ? value : index[i - 1]).toArray();
    }

    /** Whether a number takes the place of one that came before it: NaN is largest, of equals the first stays. */
    private static boolean beats(double challenger, double holder) {
        return challenger > holder || (Double.isNaN(challenger) && !Double.isNaN(holder));
    }

    // ---- shape

    private Elements reshape(TensorType type, Elements x) {
        var result = new Elements(type, exact);
        if (result.size() != x.size()) {
            throw new IllegalStateException("%s is reshaped to %s".formatted(x.type(), type));
        }
        for (int i = 0; i < result.size(); i++) {
            result.copy(i, x, i);
        }
        return result;
    }

    private Elements transpose(TensorType type, List<Integer> permutation, Elements x) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            int[] index = result.index(i);
            int[] from = new int[index.length];
            for (int axis = 0; axis < index.length; axis++) {
                from[permutation.get(axis)] = index[axis];
            }
            result.copy(i, x, x.offset(from));
        }
        return result;
    }

    private Elements broadcast(TensorType type, Elements x) {
        var result = new Elements(type, exact);
        int outer = type.shape().rank() - x.shape().rank();
        for (int i = 0; i < result.size(); i++) {
            int[] index = result.index(i);
            int[] from = IntStream.range(0, x.shape().rank()).map(axis -> x.dim(axis) == 1 ? 0 : index[axis + outer])
                    .toArray();
            result.copy(i, x, x.offset(from));
        }
        return result;
    }

    private Elements slice(TensorType type, List<Integer> starts, List<Integer> steps, Elements x) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            int[] index = result.index(i);
            int[] from = IntStream.range(0, index.length)
                    .map(axis -> starts.get(axis) + index[axis] * steps.get(axis)).toArray();
            result.copy(i, x, x.offset(from));
        }
        return result;
    }

    private Elements pad(TensorType type, List<Integer> low, List<Integer> high, List<Integer> interior, Elements x) {
        var result = new Elements(type, exact);
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            int spread = x.dim(axis) + Math.max(x.dim(axis) - 1, 0) * interior.get(axis);
            if (result.dim(axis) != low.get(axis) + spread + high.get(axis)) {
                throw new IllegalStateException("%s is padded to %s".formatted(x.type(), type));
            }
        }
        for (int i = 0; i < x.size(); i++) {
            int[] index = x.index(i);
            int[] to = IntStream.range(0, index.length)
                    .map(axis -> low.get(axis) + index[axis] * (interior.get(axis) + 1)).toArray();
            result.copy(result.offset(to), x, i);
        }
        return result;
    }

    private Elements concat(TensorType type, int axis, List<Elements> parts) {
        var result = new Elements(type, exact);
        int start = 0;
        for (Elements part : parts) {
            for (int i = 0; i < part.size(); i++) {
                int[] to = part.index(i);
                to[axis] += start;
                result.copy(result.offset(to), part, i);
            }
            start += part.dim(axis);
        }
        return result;
    }

    private Elements reverse(TensorType type, List<Integer> axes, Elements x) {
        var result = new Elements(type, exact);
        for (int i = 0; i < result.size(); i++) {
            int[] from = result.index(i);
            for (int axis : axes) {
                from[axis] = x.dim(axis) - 1 - from[axis];
            }
            result.copy(i, x, x.offset(from));
        }
        return result;
    }

    // ---- tables

    private Elements gather(Tensor tensor, Elements table, Elements indices) {
        var result = new Elements(tensor.type(), exact);
        int row = indices.size() == 0 ? 0 : result.size() / indices.size();
        for (int i = 0; i < indices.size(); i++) {
            int from = row(tensor, table, indices, i);
            for (int k = 0; k < row; k++) {
                result.copy(i * row + k, table, from * row + k);
            }
        }
        return result;
    }

    private Elements scatterAdd(Tensor tensor, Elements table, Elements indices, Elements rows) {
        int row = indices.size() == 0 ? 0 : rows.size() / indices.size();
        var result = new Elements(tensor.type(), exact);
        double[] sums = new double[table.isFloating() ? table.size() : 0];
        for (int i = 0; i < table.size(); i++) {
            if (table.isFloating()) {
                sums[i] = table.real(i);
            } else {
                result.copy(i, table, i);
            }
        }
        for (int i = 0; i < indices.size(); i++) {
            int to = row(tensor, table, indices, i);
            for (int k = 0; k < row; k++) {
                if (table.isFloating()) {
                    sums[to * row + k] += rows.real(i * row + k);
                } else {
                    result.set(to * row + k, result.integer(to * row + k) + rows.integer(i * row + k));
                }
            }
        }
        return table.isFloating() ? reals(tensor.type(), sums) : result;
    }

    private static int row(Tensor tensor, Elements table, Elements indices, int i) {
        long index = indices.integer(i);
        if (index < 0 || index >= table.dim(0)) {
            throw new CambiumException(
                    "%sindex %d is outside the table of %d rows".formatted(at(tensor), index, table.dim(0)));
        }
        return (int) index;
    }

    private static String at(Tensor tensor) {
        return tensor.path().isEmpty() ? "" : tensor.path() + ": ";
    }

    // ---- products, convolution, pooling

    private Elements matmul(TensorType type, Elements a, Elements b) {
        double[] sums = new double[size(type)];
        int rows = a.dim(-2);
        int inner = a.dim(-1);
        int columns = b.dim(-1);
        for (int i = 0; i < sums.length; i++) {
            int batch = i / (rows * columns);
            int row = i / columns % rows;
            int column = i % columns;
            for (int k = 0; k < inner; k++) {
                sums[i] += a.real((batch * rows + row) * inner + k) * b.real((batch * inner + k) * columns + column);
            }
        }
        return reals(type, sums);
    }

    /** One product of a convolution: which image element times which weight goes into which output element. */
    private interface Term {
        void at(int image, int weight, int output);
    }

    /** Visits all products of a convolution, the gradients being the same products summed another way. */
    private static void convolution(Shape images, Shape weights, Shape outputs, Window2d window, int groups,
            Term term) {
        int outputsOfGroup = outputs.dim(1) / groups;
        int channelsOfGroup = images.dim(1) / groups;
        for (int n = 0; n < outputs.dim(0); n++) {
            for (int o = 0; o < outputs.dim(1); o++) {
                for (int oy = 0; oy < outputs.dim(2); oy++) {
                    for (int ox = 0; ox < outputs.dim(3); ox++) {
                        int output = ((n * outputs.dim(1) + o) * outputs.dim(2) + oy) * outputs.dim(3) + ox;
                        for (int c = 0; c < channelsOfGroup; c++) {
                            int channel = o / outputsOfGroup * channelsOfGroup + c;
                            for (int ky = 0; ky < window.height(); ky++) {
                                for (int kx = 0; kx < window.width(); kx++) {
                                    int iy = oy * window.strideHeight() - window.top() + ky * window.dilationHeight();
                                    int ix = ox * window.strideWidth() - window.left() + kx * window.dilationWidth();
                                    if (iy >= 0 && iy < images.dim(2) && ix >= 0 && ix < images.dim(3)) {
                                        int image = ((n * images.dim(1) + channel) * images.dim(2) + iy) * images.dim(3)
                                                + ix;
                                        int weight = ((o * weights.dim(1) + c) * window.height() + ky) * window.width()
                                                + kx;
                                        term.at(image, weight, output);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** The places in the images that the window of one output element covers, row-major, without the padding. */
    private static List<Integer> places(Window2d window, Elements images, Elements outputs, int output) {
        int[] at = outputs.index(output);
        var places = new ArrayList<Integer>();
        for (int ky = 0; ky < window.height(); ky++) {
            for (int kx = 0; kx < window.width(); kx++) {
                int iy = at[2] * window.strideHeight() - window.top() + ky * window.dilationHeight();
                int ix = at[3] * window.strideWidth() - window.left() + kx * window.dilationWidth();
                if (iy >= 0 && iy < images.dim(2) && ix >= 0 && ix < images.dim(3)) {
                    places.add(images.offset(at[0], at[1], iy, ix));
                }
            }
        }
        return places;
    }

    /** The place of the largest element in the window of one output element; −1 if the window holds nothing but padding. */
    private static int winner(Window2d window, Elements images, Elements outputs, int output) {
        int winner = -1;
        for (int place : places(window, images, outputs, output)) {
            if (winner < 0 || beats(images.real(place), images.real(winner))) {
                winner = place;
            }
        }
        return winner;
    }

    private Elements maxPool(TensorType type, Window2d window, Elements images) {
        var result = new Elements(type, exact);
        for (int y = 0; y < result.size(); y++) {
            int winner = winner(window, images, result, y);
            result.set(y, winner < 0 ? Double.NEGATIVE_INFINITY : images.real(winner));
        }
        return result;
    }

    private Elements pick(TensorType type, Window2d window, Elements images, Elements values) {
        var result = new Elements(type, exact);
        for (int y = 0; y < result.size(); y++) {
            int winner = winner(window, images, result, y);
            if (winner >= 0) {
                result.copy(y, values, winner);
            }
        }
        return result;
    }

    // ---- helpers

    private static int size(TensorType type) {
        return Math.toIntExact(type.shape().size());
    }

    private Elements reals(TensorType type, double[] values) {
        var result = new Elements(type, exact);
        for (int i = 0; i < values.length; i++) {
            result.set(i, values[i]);
        }
        return result;
    }
}
