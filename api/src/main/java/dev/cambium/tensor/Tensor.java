package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.cambium.Stability;
import dev.cambium.backend.Backends;

/**
 * An immutable symbolic value with an element type and a static shape: an {@link Op operation} applied to other tensors. Its
 * methods build the graph and check types where the operation is written; nothing is computed until a backend compiles the
 * graph, or {@link #value()} asks for the numbers.
 *
 * <p>
 * Binary operations broadcast their shapes as in NumPy; element types must agree, and a plain number takes the type of the
 * tensor beside it. Axes count from 0, negative ones from the innermost, −1. Semantics are PyTorch's unless said otherwise.
 * Every method that combines tensors throws {@link ShapeException} when their types do not fit.
 */
@Stability(value = STABLE, since = "0.1")
public final class Tensor {
    private final Op op;
    private final List<Tensor> inputs;
    private final TensorType type;
    private final String path;

    private Tensor(Op op, TensorType type, List<Tensor> inputs) {
        this.op = op;
        this.type = type;
        this.inputs = inputs;
        this.path = LayerPath.current();
    }

    /**
     * An operation applied to inputs, as it stands: for code that transforms graphs. It trusts its caller that the type fits;
     * everyone else uses the methods of this class.
     */
    public static Tensor of(Op op, TensorType type, Tensor... inputs) {
        return new Tensor(op, type, List.of(inputs));
    }

    /** {@link #of(Op, TensorType, Tensor...)} for a list of inputs. */
    public static Tensor of(Op op, TensorType type, List<Tensor> inputs) {
        return new Tensor(op, type, List.copyOf(inputs));
    }

    // ---- leaves

    /** A value given at each run under a name. */
    public static Tensor input(String name, TensorType type) {
        return of(new Op.Input(name), type);
    }

    /** A fixed value. */
    public static Tensor constant(NdArray value) {
        return of(new Op.Constant(value), value.type());
    }

    /** A tensor whose elements are all the same number. */
    public static Tensor full(TensorType type, double value) {
        return constant(scalar(type.dtype(), value)).broadcastTo(type.shape());
    }

    /** Zeros. */
    public static Tensor zeros(TensorType type) {
        return full(type, 0);
    }

    /** Each element is its index along an axis, converted to the element type. */
    public static Tensor iota(TensorType type, int axis) {
        require(type.shape().hasAxis(axis), "iota: %s has no axis %d", type, axis);
        return of(new Op.Iota(type.shape().axis(axis)), type);
    }

    private static NdArray scalar(DType dtype, double value) {
        NdArray scalar = switch (dtype) {
            case BOOL -> NdArray.of(Shape.scalar(), value != 0);
            case UINT8 -> NdArray.ofUnsignedBytes(Shape.scalar(), (byte) (int) value);
            case INT32 -> NdArray.of(Shape.scalar(), (int) value);
            case INT64 -> NdArray.of(Shape.scalar(), (long) value);
            case FLOAT32 -> NdArray.of(Shape.scalar(), (float) value);
            case FLOAT64 -> NdArray.of(Shape.scalar(), value);
            case FLOAT16, BFLOAT16 -> throw new ShapeException(storageOnly(dtype));
        };
        require(dtype.isFloating() || scalar.getDouble(0) == value, "%s is no value of type %s", value, dtype);
        return scalar;
    }

    private static String storageOnly(DType dtype) {
        return dtype + " is for storage only; cast to float32 before computing with it";
    }

    // ---- what it is

    /** The operation that makes this tensor. */
    public Op op() {
        return op;
    }

    /** The operation's inputs. */
    public List<Tensor> inputs() {
        return inputs;
    }

    /** One of the operation's inputs. */
    public Tensor input(int index) {
        return inputs.get(index);
    }

    /** The element type and shape. */
    public TensorType type() {
        return type;
    }

    /** The element type. */
    public DType dtype() {
        return type.dtype();
    }

    /** The shape. */
    public Shape shape() {
        return type.shape();
    }

    /** The path of the layer that was being traced when this tensor was made, or an empty string. */
    public String path() {
        return path;
    }

    /**
     * Computes the numbers on the default backend. For a person at a prompt and for tests; a training loop compiles a graph once
     * instead.
     *
     * @throws IllegalStateException
     *             if the tensor depends on an {@link Op.Input} or a variable
     */
    public NdArray value() {
        return Backends.evaluate(this);
    }

    /** The operation and the type, such as {@code add float32[2, 3]}. */
    @Override
    public String toString() {
        return OpNames.of(op) + " " + type;
    }

    // ---- arithmetic

    /** Sum, broadcasting. */
    public Tensor add(Tensor other) {
        return binary(Op.BinaryKind.ADD, other);
    }

    /** Sum with a number. */
    public Tensor add(double number) {
        return add(like(number));
    }

    /** Difference, broadcasting. */
    public Tensor sub(Tensor other) {
        return binary(Op.BinaryKind.SUB, other);
    }

    /** Difference with a number. */
    public Tensor sub(double number) {
        return sub(like(number));
    }

    /** Product, broadcasting. */
    public Tensor mul(Tensor other) {
        return binary(Op.BinaryKind.MUL, other);
    }

    /** Product with a number. */
    public Tensor mul(double number) {
        return mul(like(number));
    }

    /** Quotient, broadcasting; of integers cut towards zero. */
    public Tensor div(Tensor other) {
        return binary(Op.BinaryKind.DIV, other);
    }

    /** Quotient by a number. */
    public Tensor div(double number) {
        return div(like(number));
    }

    /** This to the power of the other, broadcasting. */
    public Tensor pow(Tensor exponent) {
        return binary(Op.BinaryKind.POW, exponent);
    }

    /** This to the power of a number. */
    public Tensor pow(double exponent) {
        return pow(like(exponent));
    }

    /** The larger of each two, broadcasting; NaN if either is. */
    public Tensor max(Tensor other) {
        return binary(Op.BinaryKind.MAX, other);
    }

    /** The smaller of each two, broadcasting; NaN if either is. */
    public Tensor min(Tensor other) {
        return binary(Op.BinaryKind.MIN, other);
    }

    /** The nearest number from {@code low} to {@code high}; NaN stays. */
    public Tensor clamp(double low, double high) {
        return max(like(low)).min(like(high));
    }

    /** Logical (bool) or bitwise (integers) and. */
    public Tensor and(Tensor other) {
        return binary(Op.BinaryKind.AND, other);
    }

    /** Logical (bool) or bitwise (integers) or. */
    public Tensor or(Tensor other) {
        return binary(Op.BinaryKind.OR, other);
    }

    /** Logical (bool) or bitwise (integers) exclusive or. */
    public Tensor xor(Tensor other) {
        return binary(Op.BinaryKind.XOR, other);
    }

    /** Shifted left by so many bits, integers. */
    public Tensor shiftLeft(Tensor bits) {
        return binary(Op.BinaryKind.SHIFT_LEFT, bits);
    }

    /** Shifted right by so many bits, zeros coming in, integers. */
    public Tensor shiftRight(Tensor bits) {
        return binary(Op.BinaryKind.SHIFT_RIGHT, bits);
    }

    /** −x. */
    public Tensor neg() {
        return unary(Op.UnaryKind.NEG);
    }

    /** |x|. */
    public Tensor abs() {
        return unary(Op.UnaryKind.ABS);
    }

    /** −1, 0 or 1. */
    public Tensor sign() {
        return unary(Op.UnaryKind.SIGN);
    }

    /** e to the x. */
    public Tensor exp() {
        return unary(Op.UnaryKind.EXP);
    }

    /** e to the x, less 1. */
    public Tensor expm1() {
        return unary(Op.UnaryKind.EXPM1);
    }

    /** Natural logarithm. */
    public Tensor log() {
        return unary(Op.UnaryKind.LOG);
    }

    /** Natural logarithm of 1 + x. */
    public Tensor log1p() {
        return unary(Op.UnaryKind.LOG1P);
    }

    /** Square root. */
    public Tensor sqrt() {
        return unary(Op.UnaryKind.SQRT);
    }

    /** 1 / √x. */
    public Tensor rsqrt() {
        return unary(Op.UnaryKind.RSQRT);
    }

    /** 1 / x. */
    public Tensor reciprocal() {
        return unary(Op.UnaryKind.RECIPROCAL);
    }

    /** Sine of radians. */
    public Tensor sin() {
        return unary(Op.UnaryKind.SIN);
    }

    /** Cosine of radians. */
    public Tensor cos() {
        return unary(Op.UnaryKind.COS);
    }

    /** Hyperbolic tangent. */
    public Tensor tanh() {
        return unary(Op.UnaryKind.TANH);
    }

    /** 1 / (1 + e to the −x). */
    public Tensor sigmoid() {
        return unary(Op.UnaryKind.SIGMOID);
    }

    /** Gauss's error function. */
    public Tensor erf() {
        return unary(Op.UnaryKind.ERF);
    }

    /** The largest whole number that is not above x. */
    public Tensor floor() {
        return unary(Op.UnaryKind.FLOOR);
    }

    /** The smallest whole number that is not below x. */
    public Tensor ceil() {
        return unary(Op.UnaryKind.CEIL);
    }

    /** The nearest whole number, of two the even one. */
    public Tensor round() {
        return unary(Op.UnaryKind.ROUND);
    }

    /** Logical (bool) or bitwise (integers) not. */
    public Tensor not() {
        return unary(Op.UnaryKind.NOT);
    }

    /** x where it is positive, else 0; NaN stays, and the gradient at 0 is 0. */
    public Tensor relu() {
        return select(le(like(0)), like(0), this);
    }

    // ---- comparison and choice

    /** Whether equal, broadcasting. */
    public Tensor eq(Tensor other) {
        return compare(Op.CompareKind.EQ, other);
    }

    /** Whether different, broadcasting. */
    public Tensor ne(Tensor other) {
        return compare(Op.CompareKind.NE, other);
    }

    /** Whether less, broadcasting. */
    public Tensor lt(Tensor other) {
        return compare(Op.CompareKind.LT, other);
    }

    /** Whether less or equal, broadcasting. */
    public Tensor le(Tensor other) {
        return compare(Op.CompareKind.LE, other);
    }

    /** Whether greater, broadcasting. */
    public Tensor gt(Tensor other) {
        return compare(Op.CompareKind.GT, other);
    }

    /** Whether greater or equal, broadcasting. */
    public Tensor ge(Tensor other) {
        return compare(Op.CompareKind.GE, other);
    }

    /** Where the condition (bool) holds the second, elsewhere the third; all three broadcast. */
    public static Tensor select(Tensor condition, Tensor ifTrue, Tensor ifFalse) {
        require(condition.dtype() == DType.BOOL, "select: the condition must be bool, but is %s", condition.type);
        require(ifTrue.dtype() == ifFalse.dtype(), "select: element types differ: %s and %s", ifTrue.type,
                ifFalse.type);
        Shape shape = broadcast("select", broadcast("select", condition.shape(), ifTrue.shape()), ifFalse.shape());
        return of(new Op.Select(), new TensorType(ifTrue.dtype(), shape), condition.broadcastTo(shape),
                ifTrue.broadcastTo(shape),
                ifFalse.broadcastTo(shape));
    }

    /** The elements converted to another type as Java's casts do it; to bool, whether they differ from zero. */
    public Tensor cast(DType dtype) {
        return dtype == dtype() ? this : of(new Op.Cast(), new TensorType(dtype, shape()), this);
    }

    /** This value, through which no gradient flows. */
    public Tensor stopGradient() {
        return of(new Op.StopGradient(), type, this);
    }

    // ---- reduction

    /** The sum over axes, which disappear; over all without arguments. */
    public Tensor sum(int... axes) {
        return reduce(Op.ReduceKind.SUM, axes);
    }

    /** The mean over axes, which disappear; over all without arguments. */
    public Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.div((double) shape().size() / sum.shape().size());
    }

    /** The largest over axes, which disappear; over all without arguments. Of equals each takes its share of the gradient. */
    public Tensor max(int... axes) {
        return reduce(Op.ReduceKind.MAX, axes);
    }

    /** The smallest over axes, which disappear; over all without arguments. Of equals each takes its share of the gradient. */
    public Tensor min(int... axes) {
        return reduce(Op.ReduceKind.MIN, axes);
    }

    /** The index (int64) of the largest element along an axis, which disappears; of equals the first; NaN is largest. */
    public Tensor argMax(int axis) {
        int normal = axis("arg_max", axis);
        computing("arg_max");
        require(shape().dim(normal) > 0, "arg_max: axis %d of %s is empty", axis, type);
        return of(new Op.ArgMax(normal), new TensorType(DType.INT64, without(List.of(normal))), this);
    }

    private Tensor reduce(Op.ReduceKind kind, int... axes) {
        String name = OpNames.of(new Op.Reduce(kind, List.of()));
        computing(name);
        require(kind != Op.ReduceKind.SUM || dtype() != DType.BOOL, "%s: not for elements of type %s", name, type);
        int[] which = axes.length == 0 ? IntStream.range(0, shape().rank()).toArray()
                : Arrays.stream(axes).map(axis -> axis(name, axis)).sorted().distinct().toArray();
        require(which.length >= axes.length, "%s: axes of %s are named twice: %s", name, type, Arrays.toString(axes));
        List<Integer> sorted = Arrays.stream(which).boxed().toList();
        if (sorted.isEmpty()) {
            return this;
        }
        return of(new Op.Reduce(kind, sorted), new TensorType(dtype(), without(sorted)), this);
    }

    private Shape without(List<Integer> axes) {
        return Shape.of(
                IntStream.range(0, shape().rank()).filter(axis -> !axes.contains(axis)).map(shape()::dim).toArray());
    }

    /** e to the x over its sum along an axis. */
    public Tensor softmax(int axis) {
        int normal = axis("softmax", axis);
        return region("softmax", List.of(this), in -> {
            Tensor exp = in.get(0).sub(in.get(0).max(normal).stopGradient().expand(normal)).exp();
            return exp.div(exp.sum(normal).expand(normal));
        });
    }

    /** The logarithm of {@link #softmax}, precise where that is tiny. */
    public Tensor logSoftmax(int axis) {
        int normal = axis("log_softmax", axis);
        return region("log_softmax", List.of(this), in -> {
            Tensor shifted = in.get(0).sub(in.get(0).max(normal).stopGradient().expand(normal));
            return shifted.sub(shifted.exp().sum(normal).log().expand(normal));
        });
    }

    // ---- shape

    /**
     * The same elements in row-major order under another shape.
     *
     * @param dims
     *            the new dimensions; one of them may be −1, which stands for what is left
     */
    public Tensor reshape(int... dims) {
        int[] known = dims.clone();
        long product = 1;
        int open = -1;
        for (int i = 0; i < known.length; i++) {
            if (known[i] == -1 && open < 0) {
                open = i;
            } else {
                require(known[i] >= 0, "reshape: %s can't take the shape %s", type, Arrays.toString(dims));
                product *= known[i];
            }
        }
        if (open >= 0) {
            require(product > 0 && shape().size() % product == 0, "reshape: %s can't take the shape %s", type,
                    Arrays.toString(dims));
            known[open] = Math.toIntExact(shape().size() / product);
        }
        return reshape(Shape.of(known));
    }

    /** The same elements in row-major order under another shape. */
    public Tensor reshape(Shape shape) {
        require(shape.size() == shape().size(), "reshape: %s has %d elements, %s takes %d", type, shape().size(), shape,
                shape.size());
        return shape.equals(shape()) ? this : of(new Op.Reshape(), new TensorType(dtype(), shape), this);
    }

    /** All axes from {@code start} on joined into one; {@code flatten(1)} keeps the batch. */
    public Tensor flatten(int start) {
        int from = axis("flatten", start);
        int[] dims = Arrays.copyOf(shape().dims(), from + 1);
        dims[from] = Math
                .toIntExact(Arrays.stream(shape().dims()).skip(from).asLongStream().reduce(1, Math::multiplyExact));
        return reshape(Shape.of(dims));
    }

    /** A new axis of extent 1 before the axis that has this number afterwards; −1 appends one. */
    public Tensor expand(int axis) {
        int rank = shape().rank() + 1;
        int at = axis < 0 ? axis + rank : axis;
        require(at >= 0 && at < rank, "expand: %s can't get an axis %d", type, axis);
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = i < at ? shape().dim(i) : i == at ? 1 : shape().dim(i - 1);
        }
        return reshape(Shape.of(dims));
    }

    /** Without an axis of extent 1. */
    public Tensor squeeze(int axis) {
        int normal = axis("squeeze", axis);
        require(shape().dim(normal) == 1, "squeeze: axis %d of %s is not of extent 1", axis, type);
        return reshape(without(List.of(normal)));
    }

    /** Axis i of the result is axis {@code permutation[i]} of this. */
    public Tensor transpose(int... permutation) {
        List<Integer> axes = Arrays.stream(permutation).map(axis -> axis("transpose", axis)).boxed().toList();
        require(axes.stream().sorted().toList().equals(IntStream.range(0, shape().rank()).boxed().toList()),
                "transpose: %s is no permutation of the axes of %s", Arrays.toString(permutation), type);
        Shape shape = Shape.of(axes.stream().mapToInt(shape()::dim).toArray());
        return of(new Op.Transpose(axes), new TensorType(dtype(), shape), this);
    }

    /** The last two axes exchanged. */
    public Tensor transpose() {
        require(shape().rank() >= 2, "transpose: %s has fewer than two axes", type);
        int[] permutation = IntStream.range(0, shape().rank()).toArray();
        permutation[permutation.length - 1] = permutation.length - 2;
        permutation[permutation.length - 2] = permutation.length - 1;
        return transpose(permutation);
    }

    /** Repeated along axes of extent 1 and new outer axes, as NumPy broadcasts. */
    public Tensor broadcastTo(Shape shape) {
        if (shape.equals(shape())) {
            return this;
        }
        require(shape.rank() >= shape().rank(), "broadcast: %s does not fit %s", type, shape);
        int offset = shape.rank() - shape().rank();
        for (int i = 0; i < shape().rank(); i++) {
            require(shape().dim(i) == shape.dim(i + offset) || shape().dim(i) == 1, "broadcast: %s does not fit %s",
                    type, shape);
        }
        return of(new Op.Broadcast(), new TensorType(dtype(), shape), this);
    }

    /** The elements from {@code start} (included) to {@code end} (excluded) along an axis. */
    public Tensor slice(int axis, int start, int end) {
        return slice(axis, start, end, 1);
    }

    /** Every {@code step}-th element from {@code start} (included) to {@code end} (excluded) along an axis. */
    public Tensor slice(int axis, int start, int end, int step) {
        int normal = axis("slice", axis);
        require(start >= 0 && start <= end && end <= shape().dim(normal) && step >= 1,
                "slice: %d to %d by %d is not within axis %d of %s", start, end, step, axis, type);
        var starts = new ArrayList<>(Collections.nCopies(shape().rank(), 0));
        var steps = new ArrayList<>(Collections.nCopies(shape().rank(), 1));
        starts.set(normal, start);
        steps.set(normal, step);
        Shape shape = shape().withDim(normal, Math.ceilDiv(end - start, step));
        return of(new Op.Slice(List.copyOf(starts), List.copyOf(steps)), new TensorType(dtype(), shape), this);
    }

    /** The elements at one index of an axis, which disappears. */
    public Tensor index(int axis, int index) {
        int normal = axis("index", axis);
        require(index >= 0 && index < shape().dim(normal), "index: %d is not within axis %d of %s", index, axis, type);
        return slice(normal, index, index + 1).squeeze(normal);
    }

    /** Zeros (false) added before and after along an axis. */
    public Tensor pad(int axis, int low, int high) {
        int normal = axis("pad", axis);
        require(low >= 0 && high >= 0, "pad: %d before and %d after axis %d of %s: neither can be negative", low, high,
                axis, type);
        var lows = new ArrayList<>(Collections.nCopies(shape().rank(), 0));
        var highs = new ArrayList<>(lows);
        List<Integer> interiors = List.copyOf(lows);
        lows.set(normal, low);
        highs.set(normal, high);
        Shape shape = shape().withDim(normal, shape().dim(normal) + low + high);
        return of(new Op.Pad(List.copyOf(lows), List.copyOf(highs), interiors), new TensorType(dtype(), shape), this);
    }

    /** Tensors one after the other along an axis; all else of their types must agree. */
    public static Tensor concat(int axis, List<Tensor> tensors) {
        require(!tensors.isEmpty(), "concat: nothing to join");
        Tensor first = tensors.get(0);
        int normal = first.axis("concat", axis);
        int extent = 0;
        for (Tensor tensor : tensors) {
            boolean fits = tensor.dtype() == first.dtype() && tensor.shape().rank() == first.shape().rank()
                    && tensor.shape().withDim(normal, 0).equals(first.shape().withDim(normal, 0));
            require(fits, "concat: %s and %s differ beside axis %d", first.type, tensor.type, axis);
            extent += tensor.shape().dim(normal);
        }
        return of(new Op.Concat(normal), new TensorType(first.dtype(), first.shape().withDim(normal, extent)), tensors);
    }

    /** Tensors of one type joined along a new axis. */
    public static Tensor stack(int axis, List<Tensor> tensors) {
        return concat(axis, tensors.stream().map(tensor -> tensor.expand(axis)).toList());
    }

    /** The elements in reverse order along axes. */
    public Tensor reverse(int... axes) {
        List<Integer> sorted = Arrays.stream(axes).map(axis -> axis("reverse", axis)).sorted().distinct().boxed()
                .toList();
        return sorted.isEmpty() ? this : of(new Op.Reverse(sorted), type, this);
    }

    // ---- tables

    /**
     * Rows of this table: result[i…, k…] = this[indices[i…], k…]. An index outside the table is an error when it runs.
     *
     * @param indices
     *            int64 [i…]
     */
    public Tensor gather(Tensor indices) {
        require(shape().rank() >= 1 && indices.dtype() == DType.INT64,
                "gather: rows of %s by %s; a table and int64 indices are wanted", type,
                indices.type);
        return of(new Op.Gather(), new TensorType(dtype(), rows(indices)), this, indices);
    }

    /**
     * This table with rows added to it, in the order of the indices.
     *
     * @param indices
     *            int64 [i…]
     * @param rows
     *            [i…, k…]
     */
    public Tensor scatterAdd(Tensor indices, Tensor rows) {
        computing("scatter_add");
        require(shape().rank() >= 1 && dtype() != DType.BOOL && indices.dtype() == DType.INT64,
                "scatter_add: to rows of %s by %s; a table of numbers and int64 indices are wanted",
                type, indices.type);
        require(rows.type.equals(new TensorType(dtype(), rows(indices))),
                "scatter_add: rows %s do not fit the table %s and indices %s", rows.type,
                type, indices.type);
        return of(new Op.ScatterAdd(), type, this, indices, rows);
    }

    private Shape rows(Tensor indices) {
        int[] row = shape().dropFirst().dims();
        int[] dims = Arrays.copyOf(indices.shape().dims(), indices.shape().rank() + row.length);
        System.arraycopy(row, 0, dims, indices.shape().rank(), row.length);
        return Shape.of(dims);
    }

    /**
     * Class labels as rows of zeros with a one at the label. A label outside the classes gives a row of zeros.
     *
     * @param classes
     *            the number of classes, the extent of the new last axis
     * @param dtype
     *            the element type of the result
     */
    public Tensor oneHot(int classes, DType dtype) {
        int[] dims = Arrays.copyOf(shape().dims(), shape().rank() + 1);
        dims[shape().rank()] = classes;
        Tensor labels = iota(new TensorType(dtype(), Shape.of(dims)), -1);
        return expand(-1).eq(labels).cast(dtype);
    }

    // ---- products, convolution, pooling

    /** The matrix product of the last two axes; leading axes broadcast. [b…, m, k] · [b…, k, n] = [b…, m, n]. */
    public Tensor matmul(Tensor other) {
        computing("matmul");
        boolean fits = shape().rank() >= 2 && other.shape().rank() >= 2 && dtype() == other.dtype()
                && dtype().isFloating()
                && shape().dim(-1) == other.shape().dim(-2);
        require(fits,
                "matmul: %s and %s do not fit: the last axis of the first must match the last but one of the second",
                type, other.type);
        Shape batch = broadcast("matmul", leading(shape()), leading(other.shape()));
        Shape left = matrix(batch, shape().dim(-2), shape().dim(-1));
        Shape right = matrix(batch, other.shape().dim(-2), other.shape().dim(-1));
        return of(new Op.MatMul(), new TensorType(dtype(), matrix(batch, shape().dim(-2), other.shape().dim(-1))),
                broadcastTo(left),
                other.broadcastTo(right));
    }

    private static Shape leading(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 2));
    }

    private static Shape matrix(Shape batch, int rows, int columns) {
        int[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 2);
        dims[batch.rank()] = rows;
        dims[batch.rank() + 1] = columns;
        return Shape.of(dims);
    }

    /**
     * Two-dimensional convolution (cross-correlation, as in PyTorch) of images [n, c, h, w].
     *
     * @param weights
     *            [o, c / groups, window height, window width]
     * @param window
     *            size, stride, padding and dilation
     * @param groups
     *            the number of groups that channels are split into; divides c and o
     * @return [n, o, oh, ow]
     */
    public Tensor conv2d(Tensor weights, Window2d window, int groups) {
        computing("conv2d");
        boolean ranks = shape().rank() == 4 && weights.shape().rank() == 4 && dtype() == weights.dtype()
                && dtype().isFloating();
        require(ranks,
                "conv2d: images %s and weights %s; floating [n, c, h, w] and [o, c / groups, kh, kw] of one type are wanted",
                type,
                weights.type);
        int outputs = weights.shape().dim(0);
        boolean fits = groups >= 1 && shape().dim(1) == weights.shape().dim(1) * groups && outputs % groups == 0
                && weights.shape().dim(2) == window.height() && weights.shape().dim(3) == window.width();
        require(fits, "conv2d: images %s do not fit weights %s with %d groups and a window of %d×%d", type,
                weights.type, groups, window.height(),
                window.width());
        return of(new Op.Conv2d(window, groups), new TensorType(dtype(), windows("conv2d", window).withDim(1, outputs)),
                this, weights);
    }

    /** The largest of each window of images [n, c, h, w], without padding; windows do not overlap. */
    public Tensor maxPool2d(int size) {
        return maxPool2d(Window2d.square(size, size));
    }

    /** The largest of each window of images [n, c, h, w]; the padding, at most half a window, never wins. */
    public Tensor maxPool2d(Window2d window) {
        computing("max_pool2d");
        require(shape().rank() == 4 && dtype().isFloating(),
                "max_pool2d: floating images [n, c, h, w] are wanted, not %s", type);
        boolean padding = 2 * Math.max(window.top(), window.bottom()) <= window.height()
                && 2 * Math.max(window.left(), window.right()) <= window.width();
        require(padding, "max_pool2d: the padding must be at most half of the window %d×%d", window.height(),
                window.width());
        return of(new Op.MaxPool2d(window), new TensorType(dtype(), windows("max_pool2d", window)), this);
    }

    /** The mean of each window of images [n, c, h, w]; padding counts as zeros. */
    public Tensor avgPool2d(Window2d window) {
        computing("avg_pool2d");
        require(shape().rank() == 4 && dtype().isFloating(),
                "avg_pool2d: floating images [n, c, h, w] are wanted, not %s", type);
        Tensor sum = of(new Op.SumPool2d(window), new TensorType(dtype(), windows("avg_pool2d", window)), this);
        return sum.div((double) window.height() * window.width());
    }

    private Shape windows(String name, Window2d window) {
        int height = window.outputHeight(shape().dim(2));
        int width = window.outputWidth(shape().dim(3));
        require(height >= 1 && width >= 1,
                "%s: the window spans %d×%d, but images %s with their padding are only %d×%d", name,
                window.spanHeight(), window.spanWidth(), type, shape().dim(2) + window.top() + window.bottom(),
                shape().dim(3) + window.left() + window.right());
        return Shape.of(shape().dim(0), shape().dim(1), height, width);
    }

    // ---- regions

    /**
     * Keeps a composite together under a name, so that a backend may compute it with a kernel of its own.
     *
     * @param name
     *            what it computes
     * @param inputs
     *            what it computes it from
     * @param body
     *            the composite, a function of stand-ins for the inputs alone
     * @throws IllegalArgumentException
     *             if the body depends on another input or on a variable
     */
    public static Tensor region(String name, List<Tensor> inputs, Function<List<Tensor>, Tensor> body) {
        return region(name, inputs, body, Optional.empty());
    }

    /** A region with a gradient of its own in place of that of its body; see {@link #region(String, List, Function)}. */
    public static Tensor region(String name, List<Tensor> inputs, Function<List<Tensor>, Tensor> body,
            GradientRule gradient) {
        return region(name, inputs, body, Optional.of(gradient));
    }

    private static Tensor region(String name, List<Tensor> inputs, Function<List<Tensor>, Tensor> body,
            Optional<GradientRule> gradient) {
        var parameters = new ArrayList<Tensor>();
        for (Tensor input : inputs) {
            parameters.add(input(name + "." + parameters.size(), input.type));
        }
        Tensor result = body.apply(List.copyOf(parameters));
        for (Tensor leaf : Graph.topological(List.of(result))) {
            boolean foreign = leaf.op() instanceof Op.ReadVariable
                    || (leaf.op() instanceof Op.Input && !parameters.contains(leaf));
            if (foreign) {
                throw new IllegalArgumentException(
                        "the body of region %s depends on %s, which is none of its inputs".formatted(name, leaf));
            }
        }
        return of(new Op.Region(name, List.copyOf(parameters), result, gradient), result.type, inputs);
    }

    // ---- helpers

    /** The non-negative form of an axis. */
    private int axis(String operation, int axis) {
        require(shape().hasAxis(axis), "%s: %s has no axis %d", operation, type, axis);
        return shape().axis(axis);
    }

    /** Refuses element types that are for storage only. */
    private void computing(String operation) {
        require(dtype() != DType.FLOAT16 && dtype() != DType.BFLOAT16, "%s: %s", operation, storageOnly(dtype()));
    }

    private Tensor like(double number) {
        return constant(scalar(dtype(), number));
    }

    private Tensor unary(Op.UnaryKind kind) {
        boolean fits = switch (kind) {
            case NEG, ABS, SIGN -> dtype() != DType.BOOL;
            case NOT -> !dtype().isFloating();
            case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR, CEIL, ROUND ->
                    dtype().isFloating();
        };
        String name = OpNames.of(new Op.Unary(kind));
        computing(name);
        require(fits, "%s: not for elements of type %s", name, type);
        return of(new Op.Unary(kind), type, this);
    }

    private Tensor binary(Op.BinaryKind kind, Tensor other) {
        String name = OpNames.of(new Op.Binary(kind));
        computing(name);
        require(dtype() == other.dtype(), "%s: element types differ: %s and %s; cast one of them", name, type,
                other.type);
        boolean fits = switch (kind) {
            case ADD, SUB, MUL, DIV, MAX, MIN -> dtype() != DType.BOOL;
            case POW -> dtype().isFloating();
            case AND, OR, XOR -> !dtype().isFloating();
            case SHIFT_LEFT, SHIFT_RIGHT -> dtype() == DType.INT32 || dtype() == DType.INT64;
        };
        require(fits, "%s: not for elements of type %s", name, type);
        Shape shape = broadcast(name, shape(), other.shape());
        return of(new Op.Binary(kind), new TensorType(dtype(), shape), broadcastTo(shape), other.broadcastTo(shape));
    }

    private Tensor compare(Op.CompareKind kind, Tensor other) {
        String name = OpNames.of(new Op.Compare(kind));
        computing(name);
        require(dtype() == other.dtype(), "%s: element types differ: %s and %s; cast one of them", name, type,
                other.type);
        Shape shape = broadcast(name, shape(), other.shape());
        return of(new Op.Compare(kind), new TensorType(DType.BOOL, shape), broadcastTo(shape),
                other.broadcastTo(shape));
    }

    private static Shape broadcast(String name, Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.dim(-i) : 1;
            int y = i <= b.rank() ? b.dim(-i) : 1;
            require(x == y || x == 1 || y == 1,
                    "%s: the shapes %s and %s do not broadcast: %d and %d differ at axis −%d", name, a, b, x, y, i);
            dims[rank - i] = x == 1 ? y : x;
        }
        return Shape.of(dims);
    }

    @SuppressWarnings("AnnotateFormatMethod") // that annotation would be a dependency
    private static void require(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new ShapeException(message.formatted(arguments));
        }
    }
}
