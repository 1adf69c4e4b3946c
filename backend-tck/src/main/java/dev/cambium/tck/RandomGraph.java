package dev.cambium.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/**
 * A graph of primitives drawn at random from a seed, with values for its inputs and variables. All floating-point values are whole
 * numbers kept so small that float32 holds every sum and product of them: nothing is ever rounded, and results must agree exactly.
 */
public final class RandomGraph {
    private static final int LARGEST = 50_000;
    private static final long EXACT = 1 << 20;

    /** A tensor whose elements are at most so large. */
    private record Node(Tensor tensor, long bound) {
        Shape shape() {
            return tensor.shape();
        }

        boolean is(DType dtype) {
            return tensor.dtype() == dtype;
        }
    }

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, NdArray> inputs = new HashMap<>();
    private final Map<Variable, NdArray> variables = new LinkedHashMap<>();
    private final Graph graph;

    /** The graph of a seed. */
    public RandomGraph(long seed) {
        random = new Random(seed);
        int batch = pick(1, 2, 3, 5, 17, 20);
        boolean large = random.nextInt(6) == 0;
        Shape images = Shape.of(batch, pick(1, 2, 3, 4), large ? 23 : pick(3, 4, 5, 6), large ? 24 : pick(3, 5, 6, 7));
        Shape rows = Shape.of(batch, large ? 900 : pick(4, 6, 12));
        for (Shape shape : List.of(images, rows, Shape.of(pick(3, 4, 6), pick(4, 6, 12)), Shape.of(batch))) {
            add(random.nextBoolean() ? input(shape) : variable(shape));
        }
        add(variable(rows));
        add(variable(images));
        int operations = 4 + random.nextInt(20);
        for (int i = 0; i < operations; i++) {
            operation();
        }
        graph = new Graph(outputs(), updates());
        graph.variables().forEach(variable -> variables.computeIfAbsent(variable,
                _ -> Values.whole(variable.type(), 6, variable.name().hashCode())));
        variables.keySet().retainAll(graph.variables());
    }

    /** What was drawn. */
    public Graph graph() {
        return graph;
    }

    /** A value for each input. */
    public Map<String, NdArray> inputs() {
        return inputs;
    }

    /** The first value of each variable. */
    public Map<Variable, NdArray> variables() {
        return variables;
    }

    /** What was drawn, with its values. */
    Trial trial() {
        return new Trial(graph, inputs, variables);
    }

    private int pick(int... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Node input(Shape shape) {
        var type = new TensorType(DType.FLOAT32, shape);
        String name = "input" + inputs.size();
        inputs.put(name, Values.whole(type, 6, random.nextLong()));
        return new Node(Tensor.input(name, type), 6);
    }

    private Node variable(Shape shape) {
        var variable = new Variable("variable" + variables.size(), new TensorType(DType.FLOAT32, shape),
                Variable.Role.PARAMETER);
        variables.put(variable, Values.whole(variable.type(), 6, random.nextLong()));
        return new Node(variable.read(), 6);
    }

    /** Keeps a node, unless it's too large; its values are brought down when sums of them might be rounded. */
    private void add(Node node) {
        if (node.shape().size() > LARGEST || node.shape().rank() > 6) {
            return;
        }
        nodes.add(node.is(DType.FLOAT32) && node.bound() > 50 ? small(node) : node);
    }

    private static Node small(Node node) {
        Tensor x = node.tensor();
        return new Node(x.sub(x.mul(0.125).round().mul(8)), 4);
    }

    private void add(Tensor tensor, long bound) {
        if (bound > EXACT) {
            throw new IllegalStateException("not exact: " + tensor);
        }
        add(new Node(tensor, bound));
    }

    /** Some node, rather a recent one, so that graphs get deep. */
    private Node node(Predicate<Node> condition) {
        List<Node> fitting = nodes.stream().filter(condition).toList();
        if (fitting.isEmpty()) {
            return nodes.get(0);
        }
        return random.nextInt(3) == 0 ? any(fitting)
                : fitting.get(fitting.size() - 1 - random.nextInt(Math.min(3, fitting.size())));
    }

    private Node number() {
        return node(node -> node.is(DType.FLOAT32));
    }

    /** A number of the shape of another, made to fit by repetition where it can't be found. */
    private Node numberLike(Shape shape) {
        List<Node> same = nodes.stream().filter(node -> node.is(DType.FLOAT32) && node.shape().equals(shape)).toList();
        List<Node> repeatable = nodes.stream().filter(node -> node.is(DType.FLOAT32) && fits(node.shape(), shape))
                .toList();
        if (!same.isEmpty() && random.nextInt(4) > 0) {
            return any(same);
        }
        if (!repeatable.isEmpty() && random.nextInt(3) > 0) {
            Node node = any(repeatable);
            return new Node(node.tensor().broadcastTo(shape), node.bound());
        }
        int number = random.nextInt(-3, 4);
        return new Node(Tensor.full(new TensorType(DType.FLOAT32, shape), number), Math.abs(number));
    }

    private static boolean fits(Shape small, Shape shape) {
        int outer = shape.rank() - small.rank();
        return outer >= 0 && IntStream.range(0, small.rank())
                .allMatch(axis -> small.dim(axis) == 1 || small.dim(axis) == shape.dim(axis + outer));
    }

    private void operation() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> arithmetic();
            case 4 -> unary();
            case 5, 6 -> choice();
            case 7 -> integers();
            case 8, 9, 10 -> reduction();
            case 11, 12, 13, 14, 15 -> movement();
            case 16, 17 -> product();
            case 18, 19 -> convolution();
            case 20, 21 -> pooling();
            case 22 -> table();
            case 23 -> fromNothing();
            default -> throw new IllegalStateException();
        }
    }

    private void arithmetic() {
        Node a = number();
        Node b = numberLike(a.shape());
        Tensor x = a.tensor();
        Tensor y = b.tensor();
        switch (random.nextInt(6)) {
            case 0, 1 -> add(x.add(y), a.bound() + b.bound());
            case 2 -> add(y.sub(x), a.bound() + b.bound());
            case 3 -> add(y.mul(x), a.bound() * b.bound());
            case 4 -> add(x.max(y), Math.max(a.bound(), b.bound()));
            case 5 -> add(x.min(y), Math.max(a.bound(), b.bound()));
            default -> throw new IllegalStateException();
        }
    }

    private void unary() {
        Node node = number();
        Tensor x = node.tensor();
        add(switch (random.nextInt(7)) {
            case 0 -> x.neg();
            case 1 -> x.abs();
            case 2 -> x.sign();
            case 3 -> x.relu();
            case 4 -> x.mul(0.5).floor();
            case 5 -> x.mul(0.25).ceil();
            default -> x.stopGradient();
        }, node.bound());
    }

    private void choice() {
        Node a = number();
        Node b = numberLike(a.shape());
        Node c = numberLike(a.shape());
        Tensor less = switch (random.nextInt(4)) {
            case 0 -> a.tensor().lt(b.tensor());
            case 1 -> b.tensor().ge(c.tensor());
            case 2 -> a.tensor().eq(c.tensor()).not();
            default -> a.tensor().le(b.tensor()).xor(c.tensor().ne(b.tensor()));
        };
        if (random.nextInt(3) == 0) {
            add(less.cast(DType.FLOAT32), 1);
        } else {
            add(Tensor.select(less, b.tensor(), c.tensor()), Math.max(b.bound(), c.bound()));
        }
    }

    private void integers() {
        Node a = number();
        Node b = numberLike(a.shape());
        DType dtype = any(List.of(DType.INT32, DType.INT64, DType.UINT8));
        Tensor x = a.tensor().cast(dtype);
        Tensor y = b.tensor().cast(dtype);
        Tensor result = switch (random.nextInt(5)) {
            case 0 -> x.and(y);
            case 1 -> x.mul(y).or(x);
            case 2 -> x.sub(y).abs();
            case 3 -> x.not().add(y);
            default -> x.max(y).neg();
        };
        add(new Node(result, EXACT));
        add(result.and(Tensor.full(result.type(), 7)).cast(DType.FLOAT32), 7);
    }

    private void reduction() {
        Node node = number();
        int rank = node.shape().rank();
        if (rank == 0) {
            return;
        }
        int[] axes = IntStream.range(0, rank).filter(_ -> random.nextBoolean()).toArray();
        if (axes.length == 0) {
            axes = new int[] {random.nextInt(rank)};
        }
        long count = 1;
        Shape kept = node.shape();
        for (int axis : axes) {
            count *= node.shape().dim(axis);
            kept = kept.withDim(axis, 1);
        }
        Tensor x = node.bound() > 8 ? small(node).tensor() : node.tensor();
        Node reduced = switch (random.nextInt(5)) {
            case 0, 1 -> new Node(x.sum(axes), 8 * count);
            case 2 -> new Node(x.max(axes), EXACT);
            case 3 -> new Node(x.min(axes), EXACT);
            default -> new Node(x.abs().sum(axes), 8 * count);
        };
        Tensor value = count == 0 ? Tensor.zeros(reduced.tensor().type()) : small(reduced).tensor();
        add(value, 4);
        if (random.nextBoolean()) {
            add(node.tensor().sub(value.reshape(kept)), node.bound() + 4);
        }
        if (random.nextInt(4) == 0 && node.shape().dim(axes[0]) > 0) {
            Tensor place = node.tensor().argMax(axes[0]);
            add(new Node(place, EXACT));
            add(place.and(Tensor.full(place.type(), 3)).cast(DType.FLOAT32), 3);
        }
    }

    private void movement() {
        Node node = random.nextInt(5) == 0 ? any(nodes) : number();
        Tensor x = node.tensor();
        int rank = x.shape().rank();
        if (rank == 0) {
            add(x.broadcastTo(Shape.of(pick(1, 3), pick(2, 5))), node.bound());
            return;
        }
        int axis = random.nextInt(rank);
        int dim = x.shape().dim(axis);
        Tensor moved = switch (random.nextInt(12)) {
            case 0, 1 -> x.transpose(permutation(rank));
            case 2 -> x.flatten(random.nextInt(rank));
            case 3 -> x.reshape(split(x.shape(), axis));
            case 4 -> x.slice(axis, dim / 3, dim);
            case 5 -> x.slice(axis, 0, dim, 2);
            case 6 -> x.reverse(axis);
            case 7 -> x.pad(axis, random.nextInt(3), random.nextInt(3));
            case 8 -> Tensor.concat(axis, List.of(x, x.reverse(axis), x.slice(axis, 0, dim / 2)));
            case 9 -> x.expand(axis).broadcastTo(inserted(x.shape(), axis, pick(1, 2, 3)));
            case 10 -> spread(x, axis);
            default -> x.index(axis, Math.max(0, dim - 1) * (dim > 0 ? 1 : 0)).expand(axis);
        };
        add(new Node(moved, node.bound()));
    }

    private int[] permutation(int rank) {
        List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(axes, random);
        return axes.stream().mapToInt(i -> i).toArray();
    }

    private static Shape split(Shape shape, int axis) {
        int dim = shape.dim(axis);
        int factor = dim % 2 == 0 ? 2 : dim % 3 == 0 ? 3 : 1;
        return inserted(shape.withDim(axis, dim / factor), axis + 1, factor);
    }

    private static Shape inserted(Shape shape, int axis, int dim) {
        int[] dims = new int[shape.rank() + 1];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < axis ? shape.dim(i) : i == axis ? dim : shape.dim(i - 1);
        }
        return Shape.of(dims);
    }

    private static Tensor spread(Tensor x, int axis) {
        Integer[] zeros = new Integer[x.shape().rank()];
        Arrays.fill(zeros, 0);
        Integer[] interior = zeros.clone();
        interior[axis] = 1;
        int dim = x.shape().dim(axis);
        return Tensor.of(new Op.Pad(List.of(zeros), List.of(zeros), List.of(interior)),
                new TensorType(x.dtype(), x.shape().withDim(axis, dim + Math.max(0, dim - 1))), x);
    }

    private void product() {
        Node left = node(node -> node.is(DType.FLOAT32) && node.shape().rank() >= 2 && node.shape().dim(-1) <= 2000);
        if (left.shape().rank() < 2 || !left.is(DType.FLOAT32)) {
            return;
        }
        int inner = left.shape().dim(-1);
        Tensor x = small(left).tensor();
        Optional<Node> matching = nodes.stream().filter(node -> node.is(DType.FLOAT32) && node.shape().rank() == 2
                && node.shape().dim(0) == inner).findAny();
        Tensor y = switch (random.nextInt(3)) {
            case 0 -> matching.map(node -> small(node).tensor()).orElseGet(() -> x.transpose());
            case 1 -> x.transpose();
            default -> (random.nextBoolean() ? variable(Shape.of(pick(1, 5, 33), inner)).tensor().transpose()
                    : input(Shape.of(inner, pick(1, 5, 33))).tensor());
        };
        long work = x.shape().size() * y.shape().dim(-1);
        if (work > 2_000_000) {
            return;
        }
        Tensor product = x.matmul(y);
        add(random.nextInt(4) == 0 ? product.transpose() : product, 24L * inner);
    }

    private Optional<Node> images() {
        List<Node> images = nodes.stream()
                .filter(node -> node.is(DType.FLOAT32) && node.shape().rank() == 4 && node.shape().size() > 0).toList();
        return images.isEmpty() ? Optional.empty() : Optional.of(any(images));
    }

    private Window2d window(Shape images) {
        int height = 1 + random.nextInt(Math.min(3, images.dim(2)));
        int width = 1 + random.nextInt(Math.min(3, images.dim(3)));
        int dilation = random.nextInt(4) == 0 && (height - 1) * 2 < images.dim(2) && (width - 1) * 2 < images.dim(3) ? 2
                : 1;
        return new Window2d(height, width, pick(1, 1, 2), pick(1, 1, 2, 3), dilation, dilation,
                random.nextInt(height / 2 + 1),
                random.nextInt(height / 2 + 1), random.nextInt(width / 2 + 1), random.nextInt(width / 2 + 1));
    }

    private void convolution() {
        images().ifPresent(node -> {
            Tensor x = small(node).tensor();
            int channels = x.shape().dim(1);
            Window2d window = window(x.shape());
            int groups = random.nextInt(3) == 0 ? channels : 1;
            int outputs = groups * pick(1, 2, 5);
            if (x.shape().size() * outputs > 500_000 || channels > 40) {
                return;
            }
            Shape shape = Shape.of(outputs, channels / groups, window.height(), window.width());
            Tensor weights = (random.nextBoolean() ? variable(shape) : input(shape)).tensor();
            Tensor y = x.conv2d(weights, window, groups);
            long bound = 24L * 9 * channels;
            add(y, bound);
            Tensor gradient = small(numberLike(y.shape())).tensor();
            if (random.nextBoolean()) {
                add(Tensor.of(new Op.Conv2dInputGradient(window, groups), x.type(), gradient, weights),
                        24L * 9 * outputs);
            }
            if (random.nextBoolean()) {
                Tensor byWeights = Tensor.of(new Op.Conv2dWeightGradient(window, groups), weights.type(), x, gradient);
                add(byWeights, Math.min(EXACT, 16 * y.shape().size()));
            }
        });
    }

    private void pooling() {
        images().ifPresent(node -> {
            Tensor x = node.tensor();
            Window2d window = window(x.shape());
            Tensor y = x.maxPool2d(window);
            Tensor gradient = numberLike(y.shape()).tensor();
            Tensor values = numberLike(x.shape()).tensor();
            switch (random.nextInt(5)) {
                case 0, 1 -> add(y.max(Tensor.full(y.type(), -9)), Math.max(9, node.bound()));
                case 2 -> add(Tensor.of(new Op.SumPool2d(window), y.type(), x), 9 * node.bound());
                case 3 -> {
                    add(y.max(Tensor.full(y.type(), -9)), Math.max(9, node.bound()));
                    add(Tensor.of(new Op.MaxPool2dGradient(window), x.type(), x, gradient), 9 * 50);
                    add(Tensor.of(new Op.SumPool2dGradient(window), x.type(), gradient), 9 * 50);
                }
                default -> add(Tensor.of(new Op.MaxPool2dPick(window), y.type(), x, values), 50);
            }
        });
    }

    private void table() {
        Node table = number();
        if (table.shape().rank() == 0 || table.shape().dim(0) == 0) {
            return;
        }
        int rows = table.shape().dim(0);
        Node places = numberLike(Shape.of(pick(1, 4, 9)));
        Tensor indices = places.tensor().abs().min(Tensor.full(places.tensor().type(), rows - 1)).cast(DType.INT64);
        Tensor found = table.tensor().gather(indices);
        add(found, table.bound());
        if (random.nextBoolean()) {
            add(table.tensor().scatterAdd(indices, found.mul(2)), 20 * table.bound());
        }
    }

    private void fromNothing() {
        Shape shape = number().shape();
        if (random.nextBoolean() && shape.rank() > 0) {
            int axis = random.nextInt(shape.rank());
            add(Tensor.iota(new TensorType(DType.FLOAT32, shape), axis), Math.max(1, shape.dim(axis)));
        } else {
            Tensor seed = Tensor.constant(NdArray.scalar(random.nextLong()));
            Tensor bits = RandomStream.named("draw", seed, Tensor.constant(NdArray.scalar(3L))).bits(shape);
            add(bits.shiftRight(Tensor.full(bits.type(), 29)).cast(DType.FLOAT32), 7);
        }
    }

    private SequencedMap<String, Tensor> outputs() {
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (i >= nodes.size() - 2 || random.nextInt(5) == 0) {
                outputs.put("output" + i, nodes.get(i).tensor());
            }
        }
        return outputs;
    }

    private SequencedMap<Variable, Tensor> updates() {
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        List<Variable> changing = new ArrayList<>(variables.keySet());
        Collections.shuffle(changing, random);
        for (Variable variable : changing) {
            if (random.nextInt(4) > 0) {
                updates.put(variable, update(variable));
            }
        }
        return updates;
    }

    /** A node of the variable's type, made to fit by whatever it takes. */
    private Tensor update(Variable variable) {
        Shape shape = variable.type().shape();
        List<Node> fitting = nodes.stream()
                .filter(node -> node.is(DType.FLOAT32) && node.shape().size() == shape.size()).toList();
        List<Node> transposed = nodes.stream().filter(node -> node.is(DType.FLOAT32) && node.shape().rank() == 2
                && shape.equals(Shape.of(node.shape().dim(1), node.shape().dim(0)))).toList();
        Tensor old = variable.read();
        List<Variable> others = variables.keySet().stream()
                .filter(other -> other.type().shape().size() == shape.size()).toList();
        return switch (random.nextInt(7)) {
            case 0 -> transposed.isEmpty() ? old : any(transposed).tensor().transpose();
            case 3 -> any(others).read().reshape(shape);
            case 4 -> any(others).read().reverse(0).reshape(shape);
            case 1 -> small(new Node(old.add(numberLike(shape).tensor()), 0)).tensor();
            case 2 -> numberLike(shape).tensor();
            default -> fitting.isEmpty() ? old.neg() : any(fitting).tensor().reshape(shape);
        };
    }
}
