package dev.cambium.cpu.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.cpu.kernels.Convolution;
import dev.cambium.cpu.kernels.EntriesProduct;
import dev.cambium.cpu.kernels.EntryLists;
import dev.cambium.cpu.kernels.LinearGradients;
import dev.cambium.cpu.kernels.Matmul;
import dev.cambium.cpu.kernels.PackedFactor;
import dev.cambium.cpu.kernels.PooledConvolution;
import dev.cambium.cpu.kernels.Pooling;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.RowLists;
import dev.cambium.cpu.kernels.RowsProduct;
import dev.cambium.cpu.kernels.SampledProduct;
import dev.cambium.cpu.kernels.SparseConvolution;
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
 * Turns a simplified graph into steps over views. It chooses layouts on the way: results of convolution and pooling lie
 * channels-last, elementwise results as their inputs do, everything else row-major; a copy is inserted only where a step needs
 * another order than its input has.
 */
final class Lowering {
    /**
     * A graph as steps.
     *
     * @param steps
     *            each after those whose results it reads
     * @param inputs
     *            where the values of a run go, by name
     * @param variables
     *            the storages of variables
     * @param constants
     *            the storages of fixed values
     * @param outputs
     *            where the results are, by name
     * @param updates
     *            where the new values of variables are
     * @param paths
     *            of each step the paths of the layers that it computes for
     */
    record Lowered(List<Step> steps, SequencedMap<String, View> inputs, Map<Variable, View> variables,
            Map<Storage, NdArray> constants,
            SequencedMap<String, View> outputs, SequencedMap<Variable, View> updates, Map<Step, List<String>> paths) {}

    private record Packed(PackedFactor kernel, View view) {}

    /**
     * Rows from which on a product is computed some of them at a time: so many that each of a chain's 16 parts has the 84 rows that are
     * computed at once, for which all of the other factor is read.
     */
    private static final int MANY_ROWS = 1344;
    /** Rows from which on it is if it visits entries alone, or is wanted only at entries. */
    private static final int MANY_SPARSE_ROWS = 96;
    /** Elements of a sample below which an elementwise step is not worth cutting, which are those of a vector. */
    private static final int SMALLEST_SAMPLE = 16;

    private final Products products;
    private final Map<Variable, int[]> orders;
    private final Map<Tensor, List<Tensor>> users;
    private final Set<Tensor> wanted;
    private final Map<Tensor, Fusion.Group> groups;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Step, List<String>> paths = new HashMap<>();
    private final SequencedMap<String, View> inputs = new LinkedHashMap<>();
    private final Map<Variable, View> variables = new LinkedHashMap<>();
    private final Map<Storage, NdArray> constants = new LinkedHashMap<>();
    private final Set<Tensor> zeros;
    private final Set<Tensor> spread;
    private final Gates gates;
    private final Map<Tensor, SparseConvolutionSteps.Entries> entries = new HashMap<>();
    private final Map<Tensor, SparseConvolutionSteps.Gradients> sparseGradients = new HashMap<>();
    private final Map<List<Object>, EntriesSteps.Lists> rowLists = new HashMap<>();
    private final Map<Tensor, View> views = new HashMap<>();
    private final Map<Tensor, View> channelsLast = new HashMap<>();
    private final Map<List<Object>, View> winners = new HashMap<>();
    private final Map<List<Object>, View> packed = new HashMap<>();
    private final Map<List<Object>, View> transposed = new HashMap<>();
    private final Map<List<Object>, Packed> packedFactors = new HashMap<>();
    private final Map<List<Object>, Convolution> convolutions = new HashMap<>();
    private final Map<List<Object>, PooledConvolution> pooledConvolutions = new HashMap<>();
    /** Elementwise operations that the step of what they read does, too. */
    private final Set<Tensor> finished = new LinkedHashSet<>();
    private final Map<Storage, Step> writers = new HashMap<>();
    /** How many of the steps have been asked what they write. */
    private int known;
    private int values;

    private Lowering(Graph graph, Products products, Fusion.Plan plan, Set<Tensor> zeros, Set<Tensor> spread,
            Gates gates,
            Map<Variable, int[]> orders) {
        wanted = Stream.concat(graph.outputs().values().stream(), graph.updates().values().stream())
                .collect(Collectors.toSet());
        this.gates = gates;
        this.orders = orders;
        users = plan.users();
        groups = plan.groups();
        this.products = products;
        this.zeros = zeros;
        this.spread = spread;
    }

    /**
     * Lowers a graph.
     *
     * @param skipZeros
     *            whether products may visit only what is not zero
     * @param orders
     *            the order in which each variable's axes lie
     */
    static Lowered lower(Graph graph, Products products, boolean skipZeros, Map<Variable, int[]> orders) {
        Fusion.Plan plan = Fusion.plan(graph);
        var lowering = new Lowering(graph, products, plan, skipZeros ? Zeros.of(graph) : Set.of(),
                skipZeros ? Zeros.spread(graph) : Set.of(),
                Gates.of(graph, plan.users()), orders);
        for (Tensor tensor : plan.order()) {
            lowering.lower(tensor);
        }
        lowering.joinGradients();
        SequencedMap<String, View> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, tensor) -> outputs.put(name, lowering.view(tensor)));
        SequencedMap<Variable, View> updates = new LinkedHashMap<>();
        graph.updates().forEach((variable, tensor) -> {
            lowering.variable(variable);
            updates.put(variable, lowering.view(tensor));
        });
        return new Lowered(List.copyOf(lowering.steps), lowering.inputs, lowering.variables, lowering.constants,
                outputs, updates, lowering.paths);
    }

    private void lower(Tensor tensor) {
        requireFitting(tensor);
        Fusion.Group group = groups.get(tensor);
        int known = steps.size();
        int finishedBefore = finished.size();
        if (group == null) {
            if (!isPooledOnly(tensor) && !isSpreadForWeights(tensor)) {
                views.put(tensor, lowerAlone(tensor));
            }
        } else if (group.members().getLast().equals(tensor)) {
            lower(group);
        }
        if (steps.size() > known) {
            List<String> of = Stream.concat(group == null ? withLeftOut(tensor) : group.members().stream(),
                    finished.stream().skip(finishedBefore)).map(Tensor::path)
                    .filter(path -> !path.isEmpty()).distinct().toList();
            steps.subList(known, steps.size()).forEach(step -> paths.put(step, of));
        }
    }

    /** A tensor, behind those of its inputs that its step computes, too, since they are not there themselves. */
    private Stream<Tensor> withLeftOut(Tensor tensor) {
        return Stream.concat(tensor.inputs().stream()
                .filter(input -> !views.containsKey(input) && !groups.containsKey(input)), Stream.of(tensor));
    }

    private static void requireFitting(Tensor tensor) {
        try {
            Convert.size(tensor.type());
        } catch (CambiumException e) {
            throw Step.at(tensor.path(), e);
        }
    }

    private View lowerAlone(Tensor tensor) {
        Shape shape = tensor.shape();
        return switch (tensor.op()) {
            case Op.Input(String name) -> inputs.computeIfAbsent(name, _ -> fresh(tensor.dtype(), shape, name));
            case Op.ReadVariable(Variable variable) -> variable(variable);
            case Op.Constant(NdArray value) -> constant(value);
            case Op.Iota(int axis) -> iota(tensor.dtype(), shape, axis);
            case Op.Reduce reduce -> reduce(reduce, tensor);
            case Op.ArgMax(int axis) -> {
                View result = fresh(DType.INT64, shape, "arg_max");
                yield emit(new TableSteps.ArgMax(axis, view(tensor.input(0)), result), result);
            }
            case Op.Reshape _ -> view(tensor.input(0)).reshape(shape)
                    .orElseGet(
                            () -> Objects.requireNonNull(rowMajor(view(tensor.input(0))).reshape(shape).orElse(null)));
            case Op.Transpose(var permutation) -> view(tensor.input(0)).transpose(permutation, shape);
            case Op.Broadcast _ -> view(tensor.input(0)).broadcast(shape);
            case Op.Slice(var starts, var stepsOfSlice) -> view(tensor.input(0)).slice(starts, stepsOfSlice, shape);
            case Op.Reverse(var axes) -> view(tensor.input(0)).reverse(axes);
            case Op.Pad pad -> pad(pad, tensor);
            case Op.Concat(int axis) -> concat(axis, tensor);
            case Op.Gather _ -> {
                View result = fresh(tensor.dtype(), shape, "gather");
                yield emit(
                        new TableSteps.Gather(tensor.path(), rowMajor(view(tensor.input(0))),
                                rowMajor(view(tensor.input(1))), result),
                        result);
            }
            case Op.ScatterAdd _ -> {
                View result = fresh(tensor.dtype(), shape, "scatter_add");
                yield emit(
                        new TableSteps.ScatterAdd(tensor.path(), view(tensor.input(0)), rowMajor(view(tensor.input(1))),
                                rowMajor(view(tensor.input(2))), result),
                        result);
            }
            case Op.MatMul _ -> matmul(tensor);
            case Op.Conv2d(var window, var count) -> convolution(tensor, window, count);
            case Op.Conv2dInputGradient(var window, var count) -> inputGradient(tensor, window, count);
            case Op.Conv2dWeightGradient(var window, var count) -> weightGradient(tensor, window, count);
            case Op.MaxPool2d(var window) -> maxPool(window, tensor);
            case Op.MaxPool2dGradient(var window) -> maxPoolGradient(window, tensor);
            case Op.MaxPool2dPick(var window) -> pool(PoolStep.Kind.MAX_PICK, window, tensor);
            case Op.SumPool2d(var window) -> pool(PoolStep.Kind.SUM, window, tensor);
            case Op.SumPool2dGradient(var window) -> pool(PoolStep.Kind.SUM_GRADIENT, window, tensor);
            case Op.Unary _,Op.Binary _,Op.Compare _,Op.Select _,Op.Cast _,Op.RandomBits _ ->
                    throw new IllegalStateException("not in a group: " + tensor);
            case Op.StopGradient _,Op.Region _ -> throw new IllegalStateException("not simplified away: " + tensor);
        };
    }

    // ---- elementwise

    private void lower(Fusion.Group group) {
        Shape shape = group.shape();
        if (group.results().stream().allMatch(views::containsKey)) {
            return;
        }
        List<Tensor> members = group.members().stream().filter(member -> !finished.contains(member)).toList();
        Map<Tensor, View> sources = sources(members, shape);
        int[] order = order(sources.values(), shape.rank());
        if (!Arrays.equals(order, Orders.rowMajor(shape.rank()))) {
            members.stream().filter(Lowering::isRandom).forEach(member -> views.put(member, draw(member)));
            members = members.stream().filter(member -> !isRandom(member)).toList();
            sources = sources(members, shape);
        }
        if (Arrays.equals(order, Orders.channelsLast())) {
            sources.replaceAll((input, view) -> view.denseOrder().isPresent() ? channelsLast(input) : view);
        }
        sources.replaceAll((_, view) -> view.permuted(order));
        Map<Tensor, View> results = new LinkedHashMap<>();
        for (Tensor result : group.results()) {
            if (views.containsKey(result)) {
                continue;
            }
            View view = fresh(result.dtype(), shape, order, "elementwise");
            views.put(result, view);
            results.put(result, view.permuted(order));
        }
        steps.add(ElementwiseStep.of(members, sources, results,
                sources.values().stream().anyMatch(this::isMadeBySample)));
    }

    /** Where what some operations read from outside lies; of random bits that is the seed and the step, the same for all elements. */
    private Map<Tensor, View> sources(List<Tensor> members, Shape shape) {
        Map<Tensor, View> sources = new LinkedHashMap<>();
        for (Tensor member : members) {
            for (Tensor input : member.inputs()) {
                if (!members.contains(input)) {
                    sources.put(input, isRandom(member) ? view(input).broadcast(shape) : view(input));
                }
            }
        }
        return sources;
    }

    private static boolean isRandom(Tensor tensor) {
        return tensor.op() instanceof Op.RandomBits;
    }

    /** Random bits by themselves, in the order in which they are counted. */
    private View draw(Tensor bits) {
        View result = fresh(bits.dtype(), bits.shape(), "random");
        Map<Tensor, View> sources = sources(List.of(bits), bits.shape());
        return emit(ElementwiseStep.of(List.of(bits), sources, Map.of(bits, result), false), result);
    }

    /** Whether a view's samples are written one by one and are not too small, so that what reads it may go on with each. */
    private boolean isMadeBySample(View view) {
        int samples = view.rank() == 0 ? 1 : view.shape().dim(0);
        if (samples < 2 || view.size() < SMALLEST_SAMPLE * samples
                || !view.isSampleWise(view.storage().size() / samples)) {
            return false;
        }
        Step writer = writer(view.storage());
        return writer != null && writer.perSample() && Partition.isMultiple(writer.units(), samples)
                && writer.makesUnitWise(view.storage());
    }

    private @Nullable Step writer(Storage storage) {
        for (; known < steps.size(); known++) {
            Step step = steps.get(known);
            step.writes().forEach(view -> writers.put(view.storage(), step));
        }
        return writers.get(storage);
    }

    /**
     * The order in which a group runs: that of the variables among its inputs; otherwise channels-last if one of them lies so, since
     * convolution and pooling then read it as it is; otherwise that of the first input that has one.
     */
    private int[] order(Collection<View> sources, int rank) {
        return Stream.of(orders(sources.stream().filter(variables::containsValue)),
                orders(sources.stream()).filter(order -> Arrays.equals(order, Orders.channelsLast())),
                orders(sources.stream())).flatMap(orders -> orders).findFirst().orElseGet(() -> Orders.rowMajor(rank));
    }

    private static Stream<int[]> orders(Stream<View> views) {
        return views.filter(view -> !view.isSplat()).map(View::denseOrder).flatMap(Optional::stream);
    }

    // ---- movement

    private View reduce(Op.Reduce reduce, Tensor tensor) {
        View source = view(tensor.input(0));
        View result = fresh(tensor.dtype(), tensor.shape(), "reduce");
        if (!ReduceStep.isPartial(source, reduce.axes())) {
            return emit(ReduceStep.whole(reduce.kind(), reduce.axes(), source, result), result);
        }
        int parts = Partition.parts(source.shape().dim(0));
        View partial = fresh(tensor.dtype(), Shape.of(parts, result.size()), "partial");
        steps.add(ReduceStep.partial(reduce.kind(), reduce.axes(), source, partial));
        steps.add(ReduceStep.whole(reduce.kind(), List.of(0), partial,
                new View(result.storage(), Shape.of(result.size()), 0, new int[] {1})));
        return result;
    }

    private View iota(DType dtype, Shape shape, int axis) {
        int extent = shape.dim(axis);
        NdArray counts = NdArray.of(Shape.of(extent), IntStream.range(0, extent).asLongStream().toArray());
        View line = constant(Convert.to(dtype, counts));
        int[] strides = new int[shape.rank()];
        strides[axis] = 1;
        return new View(line.storage(), shape, 0, strides);
    }

    private View pad(Op.Pad pad, Tensor tensor) {
        View source = view(tensor.input(0));
        View whole = fresh(tensor.dtype(), tensor.shape(), "pad");
        int offset = 0;
        int[] strides = whole.strides().clone();
        for (int axis = 0; axis < strides.length; axis++) {
            offset += pad.low().get(axis) * strides[axis];
            strides[axis] *= pad.interior().get(axis) + 1;
        }
        View target = new View(whole.storage(), source.shape(), offset, strides);
        return emit(CopyStep.into(whole, List.of(source), List.of(target), true), whole);
    }

    private View concat(int axis, Tensor tensor) {
        View whole = fresh(tensor.dtype(), tensor.shape(), "concat");
        var sources = new ArrayList<View>();
        var targets = new ArrayList<View>();
        int offset = 0;
        for (Tensor input : tensor.inputs()) {
            sources.add(view(input));
            targets.add(new View(whole.storage(), input.shape(), offset, whole.strides()));
            offset += input.shape().dim(axis) * whole.strides()[axis];
        }
        return emit(CopyStep.into(whole, sources, targets, false), whole);
    }

    /** The same elements lying row-major: the view itself if they do, otherwise a copy. */
    private View rowMajor(View view) {
        return view.isRowMajor() ? new View(view.storage(), view.shape(), view.offset(), view.shape().strides())
                : copy(view, Orders.rowMajor(view.rank()));
    }

    /** A tensor's elements lying channels-last: its view if they do, otherwise a copy that is made once. */
    private View channelsLast(Tensor tensor) {
        View view = view(tensor);
        int[] order = Orders.channelsLast();
        if (view.isDense(order)) {
            return new View(view.storage(), view.shape(), view.offset(), View.denseStrides(view.shape(), order));
        }
        return channelsLast.computeIfAbsent(tensor, _ -> copy(view, order));
    }

    private View copy(View view, int[] order) {
        View target = fresh(view.storage().dtype(), view.shape(), order, "copy");
        return emit(CopyStep.of(view, target), target);
    }

    // ---- products

    private View matmul(Tensor tensor) {
        Tensor left = tensor.input(0);
        Tensor right = tensor.input(1);
        if (isWantedTransposed(tensor)) {
            // (A · B)ᵀ = Bᵀ · Aᵀ
            int[] swap = {1, 0};
            return matmul(tensor, right, view(right).permuted(swap), view(left).permuted(swap)).permuted(swap);
        }
        return sampled(tensor).or(() -> byRowsOfRight(tensor))
                .orElseGet(() -> matmul(tensor, left, view(left), view(right)));
    }

    private View matmul(Tensor tensor, Tensor leftTensor, View leftView, View rightView) {
        int[] dims = leftView.shape().dims();
        dims[dims.length - 1] = rightView.shape().dim(-1);
        View result = fresh(tensor.dtype(), Shape.of(dims), "matmul");
        View left = factor(leftView);
        View right = factor(rightView);
        boolean byRow = left.shape().dim(0) == 1 && tensor.dtype() == DType.FLOAT32
                && left.shape().dim(1) >= (zeros.contains(leftTensor) ? MANY_SPARSE_ROWS : MANY_ROWS)
                && isReadElementwise(tensor)
                && PackedFactor.pays(products, right.shape().dim(1), right.shape().dim(2));
        Optional<EntriesSteps.Lists> lists = lists(leftTensor, left, right.shape().dim(2), byRow);
        if (byRow) {
            Packed packed = packedFactor(right);
            View rows = matrix(batched(result).orElseThrow());
            return emit(new RowsSteps.Product(
                    new RowsProduct(packed.kernel(), MatmulStep.layout(left), layout(rows)), matrix(left),
                    packed.view(), rows, lists), result);
        }
        if (lists.isPresent()) {
            var kernel = new EntriesProduct(products, lists.get().kernel(), right.shape().dim(2),
                    MatmulStep.layout(left), MatmulStep.layout(right));
            View sums = fresh(DType.FLOAT32, Shape.of(kernel.sums()), "sums");
            steps.add(new EntriesSteps.Product(kernel, left, right, lists.get(), sums));
            return emit(new EntriesSteps.Join(kernel, sums, matrix(batched(result).orElseThrow())), result);
        }
        return emit(new MatmulStep(TransposeStep.pays(left, right) ? transposed(left) : left, right,
                batched(result).orElseThrow(), products), result);
    }

    /** A matrix that lies row by row, made once for all products with it. */
    private View transposed(View matrix) {
        return transposed.computeIfAbsent(key(matrix), _ -> {
            View target = fresh(DType.FLOAT32, matrix.shape(), "transpose");
            return emit(new TransposeStep(products, matrix, target), target);
        });
    }

    private boolean isReadElementwise(Tensor tensor) {
        return users.getOrDefault(tensor, List.of()).stream().anyMatch(user -> groups.containsKey(user)
                || (user.op() instanceof Op.Reshape && isReadElementwise(user)));
    }

    /** A product D · Aᵀ of which only those elements are computed that are needed, if that is known. */
    private Optional<View> sampled(Tensor tensor) {
        View right = view(tensor.input(1));
        if (!isByTransposed(tensor, right, MANY_SPARSE_ROWS)
                || !PackedFactor.pays(products, tensor.shape().dim(0), right.shape().dim(0))) {
            return Optional.empty();
        }
        int[] swap = {1, 0};
        if (!EntriesProduct.pays(products, 1, tensor.shape().dim(1), right.shape().dim(0), tensor.shape().dim(0))) {
            return Optional.empty();
        }
        return zeros.stream().filter(value -> views.containsKey(value) && gates.neededOnlyWhere(tensor, value))
                .map(value -> lists(value, factor(view(value).permuted(swap)), right.shape().dim(0), true))
                .flatMap(Optional::stream).findFirst().map(lists -> {
                    View gradient = factor(view(tensor.input(0)));
                    Packed packed = packedFactor(gradient);
                    Packed transposed = packedForTiles(gradient.permuted(new int[] {0, 2, 1}));
                    View result = fresh(tensor.dtype(), tensor.shape(), "matmul");
                    View rows = right.permuted(swap);
                    return emit(new RowsSteps.Sampled(
                            new SampledProduct(packed.kernel(), transposed.kernel(), rows.strides()[0],
                                    result.strides()[0]),
                            rows, packed.view(), transposed.view(), result.permuted(swap), lists), result);
                });
    }

    /** Whether a tensor is a product with a transposed matrix whose rows, of which there are so many at least, each lie side by side. */
    private static boolean isByTransposed(Tensor tensor, View right, int leastRows) {
        return tensor.dtype() == DType.FLOAT32 && tensor.shape().rank() == 2 && tensor.shape().dim(1) >= leastRows
                && right.strides()[0] == 1;
    }

    /**
     * A product D · Aᵀ, where D has no zeros to skip, as (A · Dᵀ)ᵀ, some rows of A at a time: they are read as they lie, beside what else
     * reads or changes them.
     */
    private Optional<View> byRowsOfRight(Tensor tensor) {
        View right = view(tensor.input(1));
        if (!isByTransposed(tensor, right, MANY_ROWS) || zeros.contains(tensor.input(0))
                || !PackedFactor.paysForTiles(products, right.shape().dim(0), tensor.shape().dim(0))) {
            return Optional.empty();
        }
        Packed packed = packedForTiles(factor(view(tensor.input(0))).permuted(new int[] {0, 2, 1}));
        View result = fresh(tensor.dtype(), tensor.shape(), "matmul");
        int[] swap = {1, 0};
        View rows = right.permuted(swap);
        View transposed = result.permuted(swap);
        return Optional.of(emit(new RowsSteps.Product(new RowsProduct(packed.kernel(), layout(rows),
                layout(transposed)), rows, packed.view(), transposed, Optional.empty()), result));
    }

    private Packed packedForTiles(View factor) {
        return packed(PackedFactor.forTiles(products, factor.shape().dim(1), factor.shape().dim(2),
                MatmulStep.layout(factor)), factor);
    }

    /** Has what samples one gradient of a linear layer compute the other one beside it. */
    private void joinGradients() {
        for (Step step : List.copyOf(steps)) {
            if (step instanceof RowsSteps.Sampled sampled) {
                steps.stream().filter(RowsSteps.Product.class::isInstance).map(RowsSteps.Product.class::cast)
                        .filter(product -> product.packed().equals(sampled.packed())
                                && product.lists().filter(sampled.lists()::equals).isPresent())
                        .findFirst().ifPresent(product -> join(sampled, product));
            }
        }
    }

    private void join(RowsSteps.Sampled sampled, RowsSteps.Product product) {
        var gradients = new RowsSteps.Gradients(new LinearGradients(sampled.kernel(), product.kernel()), sampled,
                product, sampled.lists());
        // Nothing that the product reads depends on what is sampled, since both read the product's lists.
        steps.set(steps.indexOf(sampled), gradients);
        steps.remove(product);
        paths.put(gradients, Stream.of(sampled, product).map(step -> paths.getOrDefault(step, List.of()))
                .flatMap(List::stream).distinct().toList());
    }

    /** A factor that is packed, once for all products with it. */
    private Packed packedFactor(View factor) {
        return packedFactors.computeIfAbsent(key(factor), _ -> {
            var kernel = PackedFactor.of(products, factor.shape().dim(1), factor.shape().dim(2),
                    MatmulStep.layout(factor));
            return packed(kernel, factor);
        });
    }

    private Packed packed(PackedFactor kernel, View factor) {
        View packed = fresh(DType.FLOAT32, Shape.of(kernel.size()), "packed_factor");
        steps.add(new RowsSteps.Pack(kernel, factor, packed));
        return new Packed(kernel, packed);
    }

    private static List<Object> key(View view) {
        return List.of(view.storage(), view.offset(), view.shape(), Arrays.toString(view.strides()));
    }

    /** The only matrix of a batch of one. */
    private static View matrix(View batch) {
        return new View(batch.storage(), Shape.of(batch.shape().dim(1), batch.shape().dim(2)), batch.offset(),
                new int[] {batch.strides()[1], batch.strides()[2]});
    }

    private static Matmul.Layout layout(View matrix) {
        return new Matmul.Layout(matrix.strides()[0], matrix.strides()[1], 0);
    }

    /** Whether a product is read together with a variable that lies transposed. */
    private boolean isWantedTransposed(Tensor tensor) {
        return tensor.shape().rank() == 2 && users.getOrDefault(tensor, List.of()).stream().map(groups::get)
                .filter(Objects::nonNull).flatMap(group -> group.members().stream())
                .flatMap(member -> member.inputs().stream())
                .anyMatch(input -> input.op() instanceof Op.ReadVariable(Variable variable)
                        && input.shape().equals(tensor.shape())
                        && Objects.requireNonNull(orders.get(variable))[0] != 0);
    }

    private Optional<EntriesSteps.Lists> lists(Tensor factor, View view, int columns, boolean byRow) {
        int rows = view.shape().dim(1);
        int inner = view.shape().dim(2);
        if (!zeros.contains(factor) || factor.dtype() != DType.FLOAT32
                || !EntriesProduct.pays(products, view.shape().dim(0), rows, columns, inner)) {
            return Optional.empty();
        }
        return Optional.of(rowLists.computeIfAbsent(List.of(key(view), byRow), _ -> {
            var kernel = byRow ? RowLists.byRow(rows, inner) : RowLists.byPiece(rows, inner);
            var made = new EntriesSteps.Lists(kernel, fresh(DType.FLOAT32, Shape.of(kernel.values()), "entries"),
                    fresh(DType.INT32, Shape.of(kernel.numbers()), "entry_lists"));
            View matrix = matrix(view);
            View counts = fresh(DType.INT32, Shape.of(kernel.counts(layout(matrix))), "entry_counts");
            steps.add(new EntriesSteps.CountRows(products, matrix, layout(matrix), kernel, counts));
            steps.add(new EntriesSteps.ListRows(products, view, counts, made));
            return made;
        }));
    }

    /** A factor as [batch, rows, columns] with one of the last two strides 1. */
    private View factor(View view) {
        int[] strides = view.strides().clone();
        boolean unit = false;
        for (int axis = view.rank() - 2; axis < view.rank(); axis++) {
            if (view.shape().dim(axis) == 1) {
                strides[axis] = 1;
            }
            unit |= strides[axis] == 1;
        }
        Optional<View> batched = unit ? batched(new View(view.storage(), view.shape(), view.offset(), strides))
                : Optional.empty();
        return batched.orElseGet(() -> batched(copy(view, Orders.rowMajor(view.rank()))).orElseThrow());
    }

    /** All leading axes as one, where their strides allow it. */
    private static Optional<View> batched(View view) {
        int rows = view.shape().dim(-2);
        int columns = view.shape().dim(-1);
        int batch = Math.toIntExact(
                Arrays.stream(view.shape().dims()).limit(view.rank() - 2).asLongStream().reduce(1, (a, b) -> a * b));
        Shape shape = Shape.of(batch, rows, columns);
        int rowStride = view.strides()[view.rank() - 2];
        int columnStride = view.strides()[view.rank() - 1];
        int stride = 0;
        int merged = 1;
        for (int axis = view.rank() - 3; axis >= 0; axis--) {
            int dim = view.shape().dim(axis);
            if (dim == 1) {
                continue;
            }
            if (merged == 1) {
                stride = view.strides()[axis];
            } else if (view.strides()[axis] != stride * merged) {
                return Optional.empty();
            }
            merged *= dim;
        }
        return Optional.of(new View(view.storage(), shape, view.offset(), new int[] {stride, rowStride, columnStride}));
    }

    private View convolution(Tensor tensor, Window2d window, int count) {
        Tensor images = tensor.input(0);
        Tensor weights = tensor.input(1);
        View result = fresh(tensor.dtype(), tensor.shape(), Orders.channelsLast(), "conv2d");
        if (tensor.dtype() == DType.FLOAT64) {
            return emit(new DoubleConvolutionStep(DoubleConvolutionStep.Kind.FORWARD, window, count, images.shape(),
                    weights.shape().dim(0), channelsLast(images), rowMajor(view(weights)), result), result);
        }
        Convolution kernel = kernel(images.shape(), weights, window, count);
        return emit(new ConvolutionSteps.Correlate(kernel, false, channelsLast(images), packed(kernel, false, weights),
                result), result);
    }

    private View inputGradient(Tensor tensor, Window2d window, int count) {
        Tensor outputGradient = tensor.input(0);
        Tensor weights = tensor.input(1);
        if (tensor.dtype() == DType.FLOAT64) {
            View result = fresh(tensor.dtype(), tensor.shape(), Orders.channelsLast(), "conv2d_input_gradient");
            return emit(
                    new DoubleConvolutionStep(DoubleConvolutionStep.Kind.INPUT_GRADIENT, window, count, tensor.shape(),
                            weights.shape().dim(0), channelsLast(outputGradient),
                            rowMajor(view(weights)), result),
                    result);
        }
        Convolution kernel = kernel(tensor.shape(), weights, window, count);
        if (isSparse(outputGradient, kernel)) {
            return sparseGradients(tensor, outputGradient, kernel).byImages().orElseThrow().result();
        }
        View result = fresh(tensor.dtype(), tensor.shape(), Orders.channelsLast(), "conv2d_input_gradient");
        View dense = packed(kernel, true, weights);
        return emit(new ConvolutionSteps.Correlate(kernel, true, channelsLast(outputGradient), dense, result), result);
    }

    private View weightGradient(Tensor tensor, Window2d window, int count) {
        Tensor images = tensor.input(0);
        Tensor outputGradient = tensor.input(1);
        if (images.shape().dim(0) == 0) {
            return constant(NdArray.zeros(new TensorType(tensor.dtype(), Shape.scalar()))).broadcast(tensor.shape());
        }
        View result = fresh(tensor.dtype(), tensor.shape(), "conv2d_weight_gradient");
        if (tensor.dtype() == DType.FLOAT64) {
            return emit(
                    new DoubleConvolutionStep(DoubleConvolutionStep.Kind.WEIGHT_GRADIENT, window, count, images.shape(),
                            tensor.shape().dim(0), channelsLast(images),
                            channelsLast(outputGradient), result),
                    result);
        }
        Convolution kernel = kernel(images.shape(), tensor, window, count);
        int parts = Partition.parts(images.shape().dim(0));
        if (isSparse(outputGradient, kernel)) {
            SparseConvolutionSteps.Gradients step = sparseGradients(tensor, outputGradient, kernel);
            View sums = step.byWeights().orElseThrow().sums();
            View sum = fresh(tensor.dtype(), Shape.of(sums.shape().dim(1)), "weight_gradient_sum");
            steps.add(new SparseConvolutionSteps.AddParts(step.kernel(), kernel, sums, sum));
            return emit(new SparseConvolutionSteps.LayOut(step.kernel(), kernel, sum, result), result);
        }
        int pitch = ConvolutionSteps.WeightGradient.pitch(kernel);
        View sums = fresh(tensor.dtype(), Shape.of(parts, pitch), "weight_gradient_sums");
        if (!views.containsKey(outputGradient)
                && outputGradient.op() instanceof Op.MaxPool2dGradient(var pooling)) {
            steps.add(new ConvolutionSteps.PooledWeightGradient(pooled(kernel, pooling), kernel, channelsLast(images),
                    Objects.requireNonNull(winners.get(List.of(pooling, outputGradient.input(0)))),
                    channelsLast(outputGradient.input(1)), sums));
        } else {
            steps.add(new ConvolutionSteps.WeightGradient(kernel, channelsLast(images), channelsLast(outputGradient),
                    sums));
        }
        View sum = fresh(tensor.dtype(), Shape.of(kernel.kernelGradient()), "weight_gradient_sum");
        steps.add(ReduceStep.whole(Op.ReduceKind.SUM, List.of(0),
                new View(sums.storage(), Shape.of(parts, sum.size()), 0, new int[] {pitch, 1}), sum));
        return emit(new ConvolutionSteps.LayOut(kernel, sum, result), result);
    }

    /**
     * The step that computes a gradient of a convolution from entries, and with it the other one if that is wanted, too, and what it
     * reads is there.
     */
    private SparseConvolutionSteps.Gradients sparseGradients(Tensor tensor, Tensor outputGradient, Convolution dense) {
        SparseConvolutionSteps.Gradients known = sparseGradients.get(tensor);
        if (known != null) {
            return known;
        }
        var kernel = new SparseConvolution(products, dense);
        List<Tensor> computed = Stream
                .concat(Stream.of(tensor), users.getOrDefault(outputGradient, List.of()).stream()
                        .filter(other -> areOfOneConvolution(tensor, other) || areOfOneConvolution(other, tensor))
                        .filter(other -> !sparseGradients.containsKey(other)
                                && views.keySet().containsAll(other.inputs()))
                        .limit(1))
                .toList();
        Optional<SparseConvolutionSteps.ByImages> byImages = computed.stream()
                .filter(gradient -> gradient.op() instanceof Op.Conv2dInputGradient).findFirst()
                .map(gradient -> byImages(gradient, kernel, dense));
        Optional<SparseConvolutionSteps.ByWeights> byWeights = computed.stream()
                .filter(gradient -> gradient.op() instanceof Op.Conv2dWeightGradient).findFirst()
                .map(gradient -> byWeights(gradient, kernel, dense));
        var step = new SparseConvolutionSteps.Gradients(kernel, dense, channelsLast(outputGradient),
                entries(outputGradient, kernel.lists()), byImages, byWeights);
        steps.add(step);
        computed.forEach(gradient -> sparseGradients.put(gradient, step));
        return step;
    }

    /** Whether two tensors are the gradients of one convolution by its images and by its weights. */
    private static boolean areOfOneConvolution(Tensor byImages, Tensor byWeights) {
        return byImages.op() instanceof Op.Conv2dInputGradient(var window, var count)
                && byWeights.op().equals(new Op.Conv2dWeightGradient(window, count))
                && byImages.input(0).equals(byWeights.input(1))
                && byImages.shape().equals(byWeights.input(0).shape())
                && byImages.input(1).shape().equals(byWeights.shape()) && byImages.shape().dim(0) > 0;
    }

    private SparseConvolutionSteps.ByImages byImages(Tensor gradient, SparseConvolution kernel, Convolution dense) {
        Tensor weights = gradient.input(1);
        View packed = fresh(gradient.dtype(), Shape.of(kernel.kernel()), "packed_weights");
        steps.add(new SparseConvolutionSteps.Pack(kernel, rowMajor(view(weights)), packed));
        return new SparseConvolutionSteps.ByImages(packed, packed(dense, true, weights),
                fresh(gradient.dtype(), gradient.shape(), Orders.channelsLast(), "conv2d_input_gradient"));
    }

    private SparseConvolutionSteps.ByWeights byWeights(Tensor gradient, SparseConvolution kernel,
            Convolution dense) {
        Tensor images = gradient.input(0);
        return new SparseConvolutionSteps.ByWeights(channelsLast(images),
                fresh(gradient.dtype(), Shape.of(Partition.parts(images.shape().dim(0)),
                        SparseConvolutionSteps.ByWeights.pitch(kernel, dense)), "weight_gradient_sums"));
    }

    private boolean isSparse(Tensor outputGradient, Convolution kernel) {
        return spread.contains(outputGradient) && SparseConvolution.pays(products, kernel);
    }

    private SparseConvolutionSteps.Entries entries(Tensor outputGradient, EntryLists lists) {
        return entries.computeIfAbsent(outputGradient, _ -> {
            int samples = outputGradient.shape().dim(0);
            var made = new SparseConvolutionSteps.Entries(
                    fresh(DType.FLOAT32, Shape.of(samples, lists.values()), "entries"),
                    fresh(DType.INT32, Shape.of(samples, lists.numbers()), "entry_lists"));
            steps.add(list(outputGradient, lists, made));
            return made;
        });
    }

    /** Of a gradient that is spread to the winners of a pooling what is spread is listed, which is less to look through. */
    private Step list(Tensor outputGradient, EntryLists lists, SparseConvolutionSteps.Entries made) {
        if (outputGradient.op() instanceof Op.MaxPool2dGradient(var window)) {
            View places = winners.get(List.of(window, outputGradient.input(0)));
            if (places != null) {
                int height = outputGradient.shape().dim(2);
                int width = outputGradient.shape().dim(3);
                return new SparseConvolutionSteps.ListSpread(lists, products,
                        Pooling.firstPlaces(window, height, width), width, places,
                        channelsLast(outputGradient.input(1)), made);
            }
        }
        return new SparseConvolutionSteps.ListEntries(lists, products, channelsLast(outputGradient), made);
    }

    private Convolution kernel(Shape images, Tensor weights, Window2d window, int count) {
        var shape = ConvolutionSteps.shape(images, weights.shape().dim(0), window, count);
        return convolutions.computeIfAbsent(List.of(shape), _ -> new Convolution(products, shape));
    }

    private View packed(Convolution kernel, boolean forInputGradient, Tensor weights) {
        View plain = rowMajor(view(weights));
        return packed.computeIfAbsent(List.of(kernel, forInputGradient, plain.storage(), plain.offset()), _ -> {
            View target = fresh(plain.storage().dtype(), Shape.of(ConvolutionSteps.Pack.size(kernel, forInputGradient)),
                    "packed_weights");
            return emit(new ConvolutionSteps.Pack(kernel, forInputGradient, plain, target), target);
        });
    }

    /**
     * If its gradient is wanted, too, a pooling tells the winners, which are fewer than the images that they are found in. Images that a
     * convolution makes for it alone are computed together with it.
     */
    private View maxPool(Window2d window, Tensor tensor) {
        Tensor images = tensor.input(0);
        boolean told = tensor.dtype() == DType.FLOAT32 && Pooling.hasWinners(window)
                && readers(images).stream().anyMatch(user -> user.op().equals(new Op.MaxPool2dGradient(window)));
        if (!told && !isPooledOnly(images)) {
            return pool(PoolStep.Kind.MAX, window, tensor);
        }
        View result = fresh(tensor.dtype(), tensor.shape(), Orders.channelsLast(), "pool");
        Optional<View> places = told
                ? Optional.of(fresh(tensor.dtype(), tensor.shape(), Orders.channelsLast(), "winners"))
                : Optional.empty();
        places.ifPresent(view -> winners.put(List.of(window, images), view));
        if (isPooledOnly(images) && images.op() instanceof Op.Conv2d(var convolved, var count)) {
            Convolution kernel = kernel(images.input(0).shape(), images.input(1), convolved, count);
            return emit(new ConvolutionSteps.Pooled(pooled(kernel, window), kernel, channelsLast(images.input(0)),
                    packed(kernel, false, images.input(1)), takeEpilogue(tensor, result), result, places), result);
        }
        return emit(new PoolStep(PoolStep.Kind.MAX, window, List.of(channelsLast(images)), result, places), result);
    }

    /** Takes a bias and ReLU behind a value into its own step, so that what comes of them lies in the value's view; tells which there are. */
    private ConvolutionSteps.Epilogue takeEpilogue(Tensor tensor, View result) {
        Tensor last = tensor;
        Optional<View> shift = Optional.empty();
        if (!wanted.contains(last) && readers(last).size() == 1) {
            Tensor sum = readers(last).getFirst();
            shift = shiftByChannel(sum, last);
            if (shift.isPresent()) {
                finish(sum, result);
                last = sum;
            }
        }
        Optional<Tensor> relu = relu(last);
        if (relu.isPresent()) {
            finished.add(relu.get().input(0));
            finish(relu.get(), result);
        }
        return new ConvolutionSteps.Epilogue(shift, relu.isPresent());
    }

    private void finish(Tensor tensor, View result) {
        views.put(tensor, result);
        finished.add(tensor);
    }

    /** The vector that a sum adds to each place of a value, if it does and the vector is there. */
    private Optional<View> shiftByChannel(Tensor sum, Tensor value) {
        if (!(sum.op() instanceof Op.Binary(var kind)) || kind != Op.BinaryKind.ADD) {
            return Optional.empty();
        }
        return spread(sum.input(sum.input(0) == value ? 1 : 0))
                .filter(view -> view.strides()[0] == 0 && view.strides()[2] == 0 && view.strides()[3] == 0
                        && (view.strides()[1] == 1 || view.shape().dim(1) == 1));
    }

    /** A variable or an input that is spread over the shape of a tensor, which may not have been lowered yet. */
    private Optional<View> spread(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.Broadcast _ -> spread(tensor.input(0)).map(view -> view.broadcast(tensor.shape()));
            case Op.Reshape _ -> spread(tensor.input(0)).flatMap(view -> view.reshape(tensor.shape()));
            case Op.ReadVariable _,Op.Input _ -> Optional.of(lowerAlone(tensor));
            default -> Optional.empty();
        };
    }

    /** The ReLU that alone reads a value. */
    private Optional<Tensor> relu(Tensor value) {
        return readers(value).stream()
                .filter(reader -> reader.op() instanceof Op.Select && reader.input(2) == value && Gates.isRelu(reader))
                .filter(relu -> !wanted.contains(value) && !wanted.contains(relu.input(0))
                        && readers(value).equals(List.of(relu.input(0), relu))
                        && readers(relu.input(0)).equals(List.of(relu)))
                .findFirst();
    }

    private PooledConvolution pooled(Convolution kernel, Window2d window) {
        return pooledConvolutions.computeIfAbsent(List.of(kernel, window),
                _ -> new PooledConvolution(products, kernel, window));
    }

    /** Whether a value is a convolution's that only a max-pooling reads, and then perhaps its gradient: it need not be there itself. */
    private boolean isPooledOnly(Tensor tensor) {
        return tensor.op() instanceof Op.Conv2d(var convolved, var count) && tensor.dtype() == DType.FLOAT32
                && !wanted.contains(tensor) && !readers(tensor).isEmpty()
                && readers(tensor).getFirst().op() instanceof Op.MaxPool2d(var window)
                && readers(tensor).stream().allMatch(reader -> reader.op().equals(new Op.MaxPool2d(window))
                        || (reader.op().equals(new Op.MaxPool2dGradient(window)) && reader.input(1) != tensor))
                && PooledConvolution.pays(products,
                        kernel(tensor.input(0).shape(), tensor.input(1), convolved, count), window);
    }

    /** Whether a value is a max-pooling's gradient from which only weights' gradients follow: it need not be there itself. */
    private boolean isSpreadForWeights(Tensor tensor) {
        return tensor.op() instanceof Op.MaxPool2dGradient(var window) && !wanted.contains(tensor)
                && winners.containsKey(List.of(window, tensor.input(0))) && !readers(tensor).isEmpty()
                && readers(tensor).stream().allMatch(reader -> reader
                        .op() instanceof Op.Conv2dWeightGradient(var convolved, var count)
                        && reader.input(1) == tensor && reader.input(0) != tensor
                        && reader.input(0).shape().dim(0) > 0
                        && isSpread(tensor, kernel(reader.input(0).shape(), reader, convolved, count), window));
    }

    private boolean isSpread(Tensor outputGradient, Convolution kernel, Window2d window) {
        return !isSparse(outputGradient, kernel) && PooledConvolution.paysForKernels(products, kernel, window);
    }

    private List<Tensor> readers(Tensor tensor) {
        return users.getOrDefault(tensor, List.of());
    }

    private View maxPoolGradient(Window2d window, Tensor tensor) {
        View places = winners.get(List.of(window, tensor.input(0)));
        if (places == null) {
            return pool(PoolStep.Kind.MAX_GRADIENT, window, tensor);
        }
        View result = fresh(tensor.dtype(), tensor.shape(), Orders.channelsLast(), "pool");
        return emit(new PoolStep(PoolStep.Kind.MAX_SCATTER, window, List.of(places, channelsLast(tensor.input(1))),
                result, Optional.empty()), result);
    }

    private View pool(PoolStep.Kind kind, Window2d window, Tensor tensor) {
        List<View> sources = tensor.inputs().stream().map(this::channelsLast).toList();
        View result = fresh(tensor.dtype(), tensor.shape(), Orders.channelsLast(), "pool");
        return emit(new PoolStep(kind, window, sources, result, Optional.empty()), result);
    }

    // ---- values

    private View view(Tensor tensor) {
        return Objects.requireNonNull(views.get(tensor), () -> "not lowered yet: " + tensor);
    }

    private View emit(Step step, View result) {
        steps.add(step);
        return result;
    }

    private View fresh(DType dtype, Shape shape, String what) {
        return fresh(dtype, shape, Orders.rowMajor(shape.rank()), what);
    }

    private View fresh(DType dtype, Shape shape, int[] order, String what) {
        int size = Convert.size(new TensorType(dtype, shape));
        return View.dense(new Storage(dtype, size, "%" + values++ + " " + what), shape, order);
    }

    private View variable(Variable variable) {
        return variables.computeIfAbsent(variable, _ -> fresh(variable.type().dtype(), variable.type().shape(),
                Objects.requireNonNull(orders.get(variable)), variable.name()));
    }

    private View constant(NdArray value) {
        View view = fresh(value.dtype(), value.shape(), "constant");
        constants.put(view.storage(), value);
        return view;
    }
}
