package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_UINT64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/**
 * From our graph to operations in a TensorFlow graph. Values lie in the order that their operation likes best (see {@link Value});
 * they are put into another one only where an operation must have it.
 *
 * <p>
 * Tensors without elements never reach TensorFlow, many of whose kernels don't expect them: such a result is a constant, and
 * operations that make something of nothing are handled here.
 */
final class Lowering {
    /**
     * A lowered graph.
     *
     * @param inputs
     *            what to feed, by name
     * @param outputs
     *            what to fetch, in the order of the graph's outputs
     * @param targets
     *            what must run besides: checks and updates
     * @param checked
     *            the tensors whose operation fails if the values are at fault, by the name of TensorFlow's operation
     * @param origins
     *            the tensors, by the number of the first of TensorFlow's operations that each became
     */
    record Lowered(SequencedMap<String, Output> inputs, List<Output> outputs, List<Output> targets,
            Map<String, Tensor> checked, NavigableMap<Integer, Tensor> origins) {}

    /** What is max-pooled by which window; value and gradient share work. */
    private record Pooled(Output images, Window2d window) {}

    /** 0 where a condition holds, else 1; value and gradient of a relu share it. */
    private record Mask(Tensor condition, DType dtype) {}

    private static final List<Integer> NHWC = List.of(0, 2, 3, 1);
    /** The number of elements from which on a factor of a product counts as large. */
    private static final int LARGE = 1 << 18;
    private static final List<Integer> HWIO = List.of(2, 3, 1, 0);

    private final Emitter emit;
    private final Elementwise elementwise;
    private final GraphSession session;
    private final Map<Variable, Output> variables;
    private final Set<Tensor> transposedProducts = new HashSet<>();
    private final Map<Tensor, Value> values = new HashMap<>();
    private final Map<Variable, Output> reads = new HashMap<>();
    private final Map<Mask, Value> masks = new HashMap<>();
    private final Map<Pooled, MaxPooling> maxPoolings = new HashMap<>();
    private final SequencedMap<String, Output> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> checked = new HashMap<>();
    private final NavigableMap<Integer, Tensor> origins = new TreeMap<>();
    private final List<Output> checks = new ArrayList<>();

    private Lowering(GraphSession session, Map<Variable, Output> variables) {
        this.session = session;
        this.variables = variables;
        emit = new Emitter(session);
        elementwise = new Elementwise(emit);
    }

    /**
     * Writes a graph into a session's.
     *
     * @param variables
     *            the handles of the graph's variables
     */
    static Lowered lower(Graph graph, GraphSession session, Map<Variable, Output> variables) {
        List<AdamUpdate> adam = AdamUpdate.in(graph);
        // What Adam's updates take becomes an output, so that it is known again when the regions are opened.
        List<Tensor> roots = Stream.concat(graph.outputs().values().stream(),
                adam.stream().flatMap(update -> update.operands().stream())).toList();
        var numbered = new LinkedHashMap<String, Tensor>();
        roots.forEach(tensor -> numbered.put(Integer.toString(numbered.size()), tensor));
        var updates = new LinkedHashMap<>(graph.updates());
        adam.forEach(update -> updates.keySet().removeAll(update.variables()));
        return new Lowering(session, variables).lower(new Graph(numbered, updates).withoutRegions(),
                graph.outputs().size(), adam);
    }

    /**
     * Lowers a graph without regions.
     *
     * @param outputCount
     *            how many of the outputs are to be fetched; then those follow that Adam's updates take
     */
    private Lowered lower(Graph graph, int outputCount, List<AdamUpdate> adam) {
        Map<Tensor, Long> uses = uses(graph);
        for (Tensor tensor : graph.tensors()) {
            if (tensor.op() instanceof Op.Transpose(var permutation) && isSwapped(permutation)
                    && tensor.input(0).op() instanceof Op.MatMul && uses.getOrDefault(tensor.input(0), 0L) == 1) {
                transposedProducts.add(tensor.input(0));
            }
        }
        for (Tensor tensor : graph.tensors()) {
            if (!isTransposedLater(tensor)) {
                origins.put(session.operations(), tensor);
                values.put(tensor, tensor.shape().size() == 0 ? nothing(tensor) : lower(tensor));
            }
        }
        List<Output> outputs = graph.outputs().values().stream().limit(outputCount)
                .map(tensor -> emit.call("Identity", plain(value(tensor)).output())).toList();
        List<Output> targets = new ArrayList<>();
        if (!checks.isEmpty()) {
            targets.add(emit.op("NoOp").after(checks).build());
        }
        List<Output> before = List.copyOf(targets);
        graph.updates().forEach((variable, tensor) -> {
            if (variable.type().shape().size() > 0) {
                targets.add(update(variable, plain(value(tensor)).output(), before));
            }
        });
        Iterator<Output> operands = graph.outputs().values().stream().skip(outputCount)
                .map(tensor -> plain(value(tensor)).output()).iterator();
        adam.forEach(update -> targets.add(update(update, operands, before)));
        return new Lowered(inputs, outputs, List.copyOf(targets), checked, origins);
    }

    /** How often each tensor is an operand, an output or an update. */
    static Map<Tensor, Long> uses(Graph graph) {
        return Stream
                .of(graph.tensors().stream().flatMap(tensor -> tensor.inputs().stream()),
                        graph.outputs().values().stream(), graph.updates().values().stream())
                .flatMap(Function.identity())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /** Gives a variable a new value, after this run's read of the old one and when nothing can be at fault any more. */
    private Output update(Variable variable, Output value, Collection<Output> before) {
        OpBuilder op = emit.op("AssignVariableOp").input(handle(variable), value).after(before);
        Output read = reads.get(variable);
        return (read == null ? op : op.after(List.of(read))).build();
    }

    /**
     * The kernel corrects the step size by powers of the betas, which is done already; so they are given as 0. It writes into the
     * parameter's memory, and would copy it first if someone still needed what was read.
     */
    private Output update(AdamUpdate update, Iterator<Output> operands, Collection<Output> before) {
        DType dtype = update.parameter().type().dtype();
        Output gradient = operands.next();
        Output step = operands.next();
        Output epsilon = operands.next();
        Output zero = emit.scalar(dtype, 0);
        var earlier = new LinkedHashSet<>(before);
        Stream.of(update.parameter(), update.mean(), update.square()).map(reads::get).filter(Objects::nonNull)
                .forEach(read -> {
                    earlier.add(read);
                    earlier.addAll(session.consumers(read));
                });
        return emit.op("ResourceApplyAdam")
                .input(handle(update.parameter()), handle(update.mean()), handle(update.square()), zero, zero, step,
                        emit.scalar(dtype, update.beta1()), emit.scalar(dtype, update.beta2()), epsilon, gradient)
                .after(earlier).build();
    }

    private Output handle(Variable variable) {
        return Objects.requireNonNull(variables.get(variable));
    }

    private Value value(Tensor tensor) {
        return Objects.requireNonNull(values.get(tensor));
    }

    private Value in(Tensor tensor, int index) {
        return value(tensor.input(index));
    }

    // ---- one tensor

    private Value lower(Tensor tensor) {
        TensorType type = tensor.type();
        DType dtype = type.dtype();
        return switch (tensor.op()) {
            case Op.Input(String name) -> Value.plain(inputs.computeIfAbsent(name, _ -> placeholder(type)), type);
            case Op.ReadVariable(Variable variable) ->
                    Value.plain(reads.computeIfAbsent(variable, this::read), type);
            case Op.Constant(NdArray value) -> Value.plain(emit.constant(value), type);
            case Op.Iota(int axis) -> iota(type, axis);
            case Op.RandomBits(int stream) -> Value.plain(randomBits(stream, tensor), type);
            case Op.Unary(var kind) -> {
                Value x = in(tensor, 0);
                yield x.with(elementwise.unary(kind, dtype, x.output()), type);
            }
            case Op.Binary(var kind) -> {
                List<Value> operands = aligned(tensor);
                Output result = kind == Op.BinaryKind.ADD ? sum(operands.get(0), operands.get(1))
                        : elementwise.binary(kind, dtype, operands.get(0).output(), operands.get(1).output());
                if (kind == Op.BinaryKind.DIV && !dtype.isFloating()) {
                    check(tensor, result);
                }
                yield together(operands, result, type);
            }
            case Op.Compare(var kind) -> {
                List<Value> operands = aligned(tensor);
                yield together(operands, elementwise.compare(kind, tensor.input(0).dtype(), operands.get(0).output(),
                        operands.get(1).output()), type);
            }
            case Op.Select _ -> select(tensor);
            case Op.Cast _ -> {
                Value x = in(tensor, 0);
                yield x.with(elementwise.cast(x.type().dtype(), dtype, x.output()), type);
            }
            case Op.StopGradient _ -> in(tensor, 0);
            case Op.Reduce(var kind, var axes) -> reduce(type, kind, axes, in(tensor, 0));
            case Op.ArgMax(int axis) -> argMax(type, axis, in(tensor, 0));
            case Op.Reshape _ -> reshape(type, in(tensor, 0));
            case Op.Transpose(var permutation) -> isTransposedLater(tensor.input(0)) ? product(tensor.input(0), true)
                    : in(tensor, 0).transposed(permutation, type);
            case Op.Broadcast _ -> broadcast(type, in(tensor, 0));
            case Op.Slice(var starts, var steps) -> slice(type, starts, steps, in(tensor, 0));
            case Op.Pad(var low, var high, var interior) -> pad(type, low, high, interior, tensor);
            case Op.Concat(int axis) -> concat(type, axis, tensor);
            case Op.Reverse(var axes) -> {
                Value x = in(tensor, 0);
                int[] places = axes.stream().mapToInt(axis -> x.places()[axis]).toArray();
                yield x.with(emit.call("ReverseV2", x.output(), emit.ints(places)), type);
            }
            case Op.Gather _ -> Value.plain(check(tensor, gathered(plain(in(tensor, 0)), plain(in(tensor, 1)))), type);
            case Op.ScatterAdd _ -> scatterAdd(tensor);
            case Op.MatMul _ -> product(tensor, false);
            case Op.Conv2d(var window, _) -> isEmpty(tensor) ? full(type, 0)
                    : new Value(windows(window, tensor.input(0).type()).convolution(images(in(tensor, 0)),
                            weights(in(tensor, 1))), type, NHWC, Set.of());
            case Op.Conv2dInputGradient(var window, int groups) -> isEmpty(tensor) ? full(type, 0)
                    : new Value(windows(window, type).imageGradient(groups, tensor.input(0).shape().dim(1),
                            images(in(tensor, 0)), weights(in(tensor, 1))), type, NHWC, Set.of());
            case Op.Conv2dWeightGradient(var window, int groups) -> isEmpty(tensor) ? full(type, 0)
                    : new Value(windows(window, tensor.input(0).type()).weightGradient(groups, type.shape().dim(0),
                            images(in(tensor, 0)), images(in(tensor, 1))), type, HWIO, Set.of());
            case Op.MaxPool2d(var window) -> new Value(maxPooling(window, tensor).value(), type, NHWC, Set.of());
            case Op.MaxPool2dGradient(var window) -> new Value(
                    maxPooling(window, tensor).gradient(images(in(tensor, 1))), type, NHWC, Set.of());
            case Op.MaxPool2dPick(var window) -> new Value(maxPooling(window, tensor).pick(images(in(tensor, 1))),
                    type, NHWC, Set.of());
            case Op.SumPool2d(var window) -> new Value(
                    windows(window, tensor.input(0).type()).sum(images(in(tensor, 0))), type, NHWC, Set.of());
            case Op.SumPool2dGradient(var window) -> new Value(
                    windows(window, type).sumGradient(images(in(tensor, 0))), type, NHWC, Set.of());
            case Op.Region region -> throw new IllegalStateException("a region was left over: " + region.name());
        };
    }

    private static boolean isEmpty(Tensor tensor) {
        return tensor.inputs().stream().anyMatch(input -> input.shape().size() == 0);
    }

    private Windows windows(Window2d window, TensorType images) {
        return new Windows(emit, elementwise, images.dtype(), window, images.shape());
    }

    private MaxPooling maxPooling(Window2d window, Tensor tensor) {
        return maxPoolings.computeIfAbsent(new Pooled(images(in(tensor, 0)), window), pooled -> new MaxPooling(emit,
                windows(window, tensor.input(0).type()), pooled.images()));
    }

    private Output images(Value value) {
        return dense(value, NHWC).output();
    }

    private Output weights(Value value) {
        return dense(value, HWIO).output();
    }

    /** A result without elements; what can be at fault in its operands is checked all the same. */
    private Value nothing(Tensor tensor) {
        if (tensor.op() instanceof Op.Input(String name)) {
            inputs.computeIfAbsent(name, _ -> placeholder(tensor.type()));
        }
        boolean indexed = tensor.op() instanceof Op.Gather || tensor.op() instanceof Op.ScatterAdd;
        if (indexed && tensor.input(1).shape().size() > 0) {
            Output rows = emit
                    .constant(NdArray.zeros(new TensorType(DType.BOOL, Shape.of(tensor.input(0).shape().dim(0)))));
            check(tensor, emit.call("GatherV2", rows, plain(in(tensor, 1)).output(), emit.scalar(DType.INT32, 0)));
        }
        return Value.plain(emit.constant(NdArray.zeros(tensor.type())), tensor.type());
    }

    /** Notes that an operation fails if the values are at fault. */
    private Output check(Tensor tensor, Output result) {
        checked.put(session.name(result), tensor);
        checks.add(result);
        return result;
    }

    // ---- leaves

    private Output placeholder(TensorType type) {
        return emit.op("Placeholder").type("dtype", Elements.code(type.dtype())).attribute("shape", type.shape())
                .build();
    }

    private Output read(Variable variable) {
        return emit.op("ReadVariableOp").input(handle(variable)).type("dtype", Elements.code(variable.type().dtype()))
                .build();
    }

    /** The same number everywhere, kept once. */
    private Value full(TensorType type, double number) {
        return broadcast(type,
                Value.plain(emit.scalar(type.dtype(), number), new TensorType(type.dtype(), Shape.scalar())));
    }

    private Value iota(TensorType type, int axis) {
        Output numbers = emit.call("Range", emit.scalar(DType.INT32, 0),
                emit.scalar(DType.INT32, type.shape().dim(axis)),
                emit.scalar(DType.INT32, 1));
        Output converted = elementwise.cast(DType.INT32, type.dtype(), numbers);
        Set<Integer> others = IntStream.range(0, type.shape().rank()).filter(i -> i != axis).boxed()
                .collect(Collectors.toSet());
        Value value = new Value(converted, type, Value.natural(type.shape().rank()), others);
        return value.with(emit.reshape(converted, value.extents()), type);
    }

    private Output randomBits(int stream, Tensor tensor) {
        Output seed = emit.reshape(plain(in(tensor, 0)).output(), 1);
        Output block = emit.constant(NdArray.scalar((long) stream << 32));
        Output counter = emit.stack(List.of(block, plain(in(tensor, 1)).output()));
        Output philox = emit.scalar(DType.INT32, 1);
        return emit.op("StatelessRandomUniformFullIntV2").input(emit.ints(tensor.shape().dims()),
                emit.bitcast(seed, TF_UINT64), emit.bitcast(counter, TF_UINT64), philox)
                .type("dtype", Elements.code(DType.INT32)).build();
    }

    // ---- layout

    /** The operands of an elementwise operation, all in the order of the largest. */
    private List<Value> aligned(Tensor tensor) {
        return aligned(tensor.inputs().stream().map(this::value).toList());
    }

    private List<Value> aligned(List<Value> operands) {
        List<Integer> order = operands.stream().max(Comparator.comparingLong(Value::size)).orElseThrow().order();
        return operands.stream().map(operand -> ordered(operand, order)).toList();
    }

    private static Value together(List<Value> operands, Output result, TensorType type) {
        Set<Integer> repeated = new HashSet<>(operands.get(0).repeated());
        operands.forEach(operand -> repeated.retainAll(operand.repeated()));
        return new Value(result, type, operands.get(0).order(), repeated);
    }

    /** The same value with its axes in another order. */
    private Value ordered(Value value, List<Integer> order) {
        if (value.order().equals(order)) {
            return value;
        }
        int[] places = value.places();
        int[] permutation = order.stream().mapToInt(axis -> places[axis]).toArray();
        Value target = new Value(value.output(), value.type(), order, value.repeated());
        int[] extents = value.extents();
        int[] moving = Arrays.stream(permutation).filter(place -> extents[place] != 1).toArray();
        boolean same = IntStream.range(1, moving.length).allMatch(i -> moving[i - 1] < moving[i]);
        return target.with(same ? emit.reshape(value.output(), target.extents())
                : emit.transpose(value.output(), permutation), value.type());
    }

    /** The same value with all its elements, its axes in a given order. */
    private Value dense(Value value, List<Integer> order) {
        Value ordered = ordered(value, order);
        if (ordered.repeated().isEmpty()) {
            return ordered;
        }
        Value target = new Value(ordered.output(), value.type(), order, Set.of());
        return target.with(emit.call("BroadcastTo", ordered.output(), emit.ints(target.extents())), value.type());
    }

    private Value plain(Value value) {
        return dense(value, Value.natural(value.rank()));
    }

    // ---- elements

    /** A sum of two values that lie alike; a vector added to the innermost axis is what TensorFlow calls a bias. */
    private Output sum(Value a, Value b) {
        DType dtype = a.type().dtype();
        int innermost = a.rank() - 1;
        boolean vector = dtype.isFloating() && a.rank() >= 2 && a.repeated().isEmpty() && !b.repeated().isEmpty()
                && b.size() == b.extent(b.order().get(innermost)) && b.size() == a.extent(a.order().get(innermost));
        return vector ? emit.call("BiasAdd", a.output(), emit.reshape(b.output(), Math.toIntExact(b.size())))
                : elementwise.binary(Op.BinaryKind.ADD, dtype, a.output(), b.output());
    }

    /**
     * A choice. One of zero where a condition holds, as relu and its gradient are, is a product in which zero wins over NaN, several
     * times faster. TensorFlow's own relu keeps −0 in places, and its gradient multiplies NaN.
     */
    private Value select(Tensor tensor) {
        TensorType type = tensor.type();
        DType dtype = type.dtype();
        if ((dtype == DType.FLOAT32 || dtype == DType.FLOAT64) && isZero(tensor.input(1))) {
            Value mask = masks.computeIfAbsent(new Mask(tensor.input(0), dtype), this::mask);
            List<Value> factors = aligned(List.of(in(tensor, 2), mask));
            return together(factors, emit.call("MulNoNan", factors.get(0).output(), factors.get(1).output()), type);
        }
        List<Value> operands = aligned(tensor);
        return together(operands, elementwise.select(operands.get(0).output(), operands.get(1).output(),
                operands.get(2).output()), type);
    }

    private Value mask(Mask mask) {
        Value condition = value(mask.condition());
        return condition.with(emit.cast(emit.call("LogicalNot", condition.output()), mask.dtype()),
                new TensorType(mask.dtype(), condition.shape()));
    }

    /** Whether a tensor is written as the number 0 (not −0), repeated. */
    private static boolean isZero(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.Broadcast _ -> isZero(tensor.input(0));
            case Op.Constant(NdArray value) -> value.size() == 1 && Double.doubleToRawLongBits(value.getDouble(0)) == 0;
            default -> false;
        };
    }

    // ---- reduction

    private Value reduce(TensorType type, Op.ReduceKind kind, List<Integer> axes, Value given) {
        if (given.shape().size() == 0) {
            return full(type, switch (kind) {
                case SUM -> 0;
                case MAX -> given.type().dtype() == DType.BOOL ? 0 : Double.NEGATIVE_INFINITY;
                case MIN -> Double.POSITIVE_INFINITY;
            });
        }
        boolean counts = kind == Op.ReduceKind.SUM && axes.stream().anyMatch(given.repeated()::contains);
        Value x = counts ? dense(given, given.order()) : given;
        int[] places = axes.stream().mapToInt(axis -> x.places()[axis]).toArray();
        boolean bool = type.dtype() == DType.BOOL;
        Output result = emit.call(switch (kind) {
            case SUM -> "Sum";
            case MAX -> bool ? "Any" : "Max";
            case MIN -> bool ? "All" : "Min";
        }, x.output(), emit.ints(places));
        return without(x, axes, result, type);
    }

    /** The index of the largest: the first of those that equal the largest or, if that is NaN, are NaN themselves. */
    private Value argMax(TensorType type, int axis, Value given) {
        Value x = given.repeated().contains(axis) ? dense(given, given.order()) : given;
        Output place = emit.scalar(DType.INT32, x.places()[axis]);
        DType dtype = x.type().dtype();
        Output candidates = x.output();
        if (dtype.isFloating()) {
            Output largest = emit.op("Max").input(x.output(), place).attribute("keep_dims", true).build();
            candidates = emit.call("LogicalOr", emit.call("Equal", x.output(), largest), elementwise.isNan(x.output()));
        }
        Output result = emit.op("ArgMax").input(candidates, place).type("output_type", Elements.code(DType.INT64))
                .build();
        return without(x, List.of(axis), result, type);
    }

    /** The layout of what remains when axes have disappeared. */
    private static Value without(Value x, List<Integer> axes, Output result, TensorType type) {
        List<Integer> kept = Value.natural(x.rank()).stream().filter(axis -> !axes.contains(axis)).toList();
        List<Integer> order = x.order().stream().filter(kept::contains).map(kept::indexOf).toList();
        Set<Integer> repeated = x.repeated().stream().filter(kept::contains).map(kept::indexOf)
                .collect(Collectors.toSet());
        return new Value(result, type, order, repeated);
    }

    // ---- shape

    /** Adding and removing axes of extent 1 keeps the layout; everything else goes by the logical order of elements. */
    private Value reshape(TensorType type, Value x) {
        List<Integer> from = longAxes(x.shape());
        List<Integer> to = longAxes(type.shape());
        boolean same = from.stream().map(x.shape()::dim).toList().equals(to.stream().map(type.shape()::dim).toList());
        if (!same) {
            return Value.plain(emit.reshape(plain(x).output(), type.shape().dims()), type);
        }
        var order = new ArrayList<Integer>();
        x.order().stream().filter(from::contains).map(axis -> to.get(from.indexOf(axis))).forEach(order::add);
        for (int axis = 0; axis < type.shape().rank(); axis++) {
            if (!to.contains(axis)) {
                order.add(order.contains(axis - 1) ? order.indexOf(axis - 1) + 1 : 0, axis);
            }
        }
        Set<Integer> repeated = x.repeated().stream().map(axis -> to.get(from.indexOf(axis)))
                .collect(Collectors.toSet());
        Value target = new Value(x.output(), type, order, repeated);
        return target.with(emit.reshape(x.output(), target.extents()), type);
    }

    private static List<Integer> longAxes(Shape shape) {
        return IntStream.range(0, shape.rank()).filter(axis -> shape.dim(axis) != 1).boxed().toList();
    }

    private Value broadcast(TensorType type, Value x) {
        int outer = type.shape().rank() - x.rank();
        var order = new ArrayList<>(Value.natural(outer));
        x.order().forEach(axis -> order.add(axis + outer));
        Set<Integer> repeated = IntStream.range(0, type.shape().rank())
                .filter(axis -> axis < outer || x.extent(axis - outer) == 1).boxed().collect(Collectors.toSet());
        Value target = new Value(x.output(), type, order, repeated);
        return outer == 0 ? target : target.with(emit.reshape(x.output(), target.extents()), type);
    }

    /** Along axes that repeat there is one element to take, whichever is asked for. */
    private Value slice(TensorType type, List<Integer> starts, List<Integer> steps, Value x) {
        Value result = x.with(x.output(), type);
        int[] from = x.map(axis -> x.repeated().contains(axis) ? 0 : starts.get(axis));
        return result.with(emit.slice(x.output(), from, result.extents(), x.map(steps::get)), type);
    }

    private Value pad(TensorType type, List<Integer> low, List<Integer> high, List<Integer> interior, Tensor tensor) {
        if (isEmpty(tensor)) {
            return full(type, 0);
        }
        Value x = dense(in(tensor, 0), in(tensor, 0).order());
        Value result = x.with(x.output(), type);
        if (interior.stream().allMatch(i -> i == 0)) {
            Output zero = emit.scalar(type.dtype(), 0);
            return result.with(emit.pad(x.output(), x.map(low::get), x.map(high::get), zero), type);
        }
        return result.with(emit.unslice(x.output(), result.extents(), x.map(low::get), x.extents(),
                x.map(axis -> interior.get(axis) + 1)), type);
    }

    private Value concat(TensorType type, int axis, Tensor tensor) {
        List<Value> parts = tensor.inputs().stream().filter(part -> part.shape().size() > 0).map(this::value).toList();
        List<Integer> order = parts.get(0).order();
        List<Output> outputs = parts.stream().map(part -> dense(part, order).output()).toList();
        return new Value(emit.concat(order.indexOf(axis), outputs), type, order, Set.of());
    }

    // ---- tables

    private Output gathered(Value table, Value indices) {
        return emit.call("GatherV2", table.output(), indices.output(), emit.scalar(DType.INT32, 0));
    }

    private Value scatterAdd(Tensor tensor) {
        Value indices = in(tensor, 1);
        if (indices.shape().size() == 0) {
            return in(tensor, 0);
        }
        Output table = plain(in(tensor, 0)).output();
        int count = Math.toIntExact(indices.shape().size());
        int[] rows = tensor.shape().dims();
        rows[0] = count;
        Output result = emit.call("TensorScatterAdd", table, emit.reshape(plain(indices).output(), count, 1),
                emit.reshape(plain(in(tensor, 2)).output(), rows));
        return Value.plain(check(tensor, result), tensor.type());
    }

    // ---- products

    /** Whether a tensor is a product whose only reader wants it transposed: it is then computed as that reader wants it. */
    private boolean isTransposedLater(Tensor tensor) {
        return transposedProducts.contains(tensor);
    }

    /** A matrix product or, as Bᵀ · Aᵀ, its transpose. */
    private Value product(Tensor tensor, boolean transposed) {
        TensorType type = transposed ? tensor.transpose().type() : tensor.type();
        if (isEmpty(tensor)) {
            return full(type, 0);
        }
        Value left = transposed ? in(tensor, 1).swapped() : in(tensor, 0);
        Value right = transposed ? in(tensor, 0).swapped() : in(tensor, 1);
        int rank = type.shape().rank();
        if (rank > 2 && !isSwapped(left.order()) && repeatsMatrices(right) && !repeatsMatrices(left)) {
            // All matrices on the left times one on the right is one product of their rows.
            Output rows = emit.reshape(plain(left).output(), -1, left.shape().dim(-1));
            Output product = product(rows, false, matrix(right), isSwapped(right.order()), false);
            return Value.plain(emit.reshape(product, type.shape().dims()), type);
        }
        Value a = factor(left);
        Value b = factor(right);
        if (rank == 2 && isSwapped(b.order()) && b.size() >= LARGE && 8 * a.shape().dim(0) <= b.shape().dim(1)) {
            // oneDNN takes twice as long at a large right factor transposed as at a left one.
            Output product = product(b.output(), false, a.output(), !isSwapped(a.order()), false);
            return Value.plain(emit.transpose(product, 1, 0), type);
        }
        return Value.plain(product(a.output(), isSwapped(a.order()), b.output(), isSwapped(b.order()), rank > 2), type);
    }

    private Output product(Output left, boolean leftSwapped, Output right, boolean rightSwapped, boolean batches) {
        return emit.op(batches ? "BatchMatMulV2" : "MatMul").input(left, right)
                .attribute(batches ? "adj_x" : "transpose_a", leftSwapped)
                .attribute(batches ? "adj_y" : "transpose_b", rightSwapped).build();
    }

    /** Whether all matrices of a value are the same one. */
    private static boolean repeatsMatrices(Value x) {
        return IntStream.range(0, x.rank() - 2).allMatch(axis -> x.extent(axis) == 1)
                && !x.repeated().contains(x.rank() - 2) && !x.repeated().contains(x.rank() - 1)
                && (isSwapped(x.order()) || x.order().equals(Value.natural(x.rank())));
    }

    /** The one matrix of a value that repeats it, as it lies. */
    private Output matrix(Value x) {
        int[] extents = x.extents();
        return emit.reshape(x.output(), extents[x.rank() - 2], extents[x.rank() - 1]);
    }

    /** A factor of a product: matrices as they are or transposed; oneDNN's product fails where only one side repeats them. */
    private Value factor(Value x) {
        return dense(x, isSwapped(x.order()) ? x.order() : Value.natural(x.rank()));
    }

    /** Whether an order, or a permutation, exchanges the last two axes and leaves the others. */
    private static boolean isSwapped(List<Integer> order) {
        var swapped = Value.natural(order.size());
        return order.size() >= 2 && order.subList(0, order.size() - 2).equals(swapped.subList(0, order.size() - 2))
                && order.get(order.size() - 1) == order.size() - 2;
    }
}
