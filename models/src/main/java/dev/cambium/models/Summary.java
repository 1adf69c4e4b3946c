package dev.cambium.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.cambium.nn.Layer;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * A network layer by layer: what comes out, what is learned and what it costs.
 *
 * @param rows
 *            a row a layer, each before the layers that it calls itself; the first one is the network's
 */
public record Summary(List<Row> rows) {
    /**
     * One layer; what the layers that it calls own and cost is theirs.
     *
     * @param path
     *            its name in the network, such as {@code conv1}; empty for the network itself
     * @param kind
     *            the name of its class, such as {@code Conv2d}
     * @param output
     *            the shape of its output for one example
     * @param parameters
     *            how many numbers it learns
     * @param flops
     *            the floating-point operations of its convolutions and matrix products for one example forwards, a multiplication
     *            and an addition counted as two; all else is small beside them
     */
    public record Row(String path, String kind, Shape output, long parameters, long flops) {}

    /** Keeps a copy of the rows. */
    public Summary {
        rows = List.copyOf(rows);
    }

    /**
     * Traces a network for one example.
     *
     * @param network
     *            the network
     * @param input
     *            the type of one input, without the batch axis
     * @throws dev.cambium.tensor.ShapeException
     *             if the input does not fit the network
     */
    public static Summary of(Layer network, TensorType input) {
        var trace = new Trace(false, input);
        Tensor batch = Tensor.input("inputs", new TensorType(input.dtype(), input.shape().prepend(1)));
        Tensor output = trace.call(network, batch);
        Map<String, Long> parameters = new HashMap<>();
        for (Variable variable : trace.parameters()) {
            String owner = variable.name().substring(0, Math.max(0, variable.name().lastIndexOf('.')));
            parameters.merge(owner, variable.type().shape().size(), Long::sum);
        }
        Map<String, Long> flops = new HashMap<>();
        for (Tensor tensor : Graph.of("output", output).withoutRegions().tensors()) {
            flops.merge(layer(tensor), flops(tensor), Long::sum);
        }
        // A layer that is called twice under one name has one row.
        var rows = new LinkedHashMap<String, Row>();
        for (Trace.Call call : trace.calls()) {
            rows.putIfAbsent(call.path(), new Row(call.path(), kind(call.layer()), example(call.output().shape()),
                    Optional.ofNullable(parameters.get(call.path())).orElse(0L),
                    Optional.ofNullable(flops.get(call.path())).orElse(0L)));
        }
        return new Summary(List.copyOf(rows.values()));
    }

    /** The path in the network of the layer that made a tensor, whose own path starts with the network's name. */
    private static String layer(Tensor tensor) {
        int name = tensor.path().indexOf('/');
        return name < 0 ? "" : tensor.path().substring(name + 1).replace('/', '.');
    }

    private static long flops(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.MatMul _ -> 2 * tensor.shape().size() * tensor.input(0).shape().dim(-1);
            case Op.Conv2d _ -> convolution(tensor, tensor.input(1));
            case Op.Conv2dInputGradient _ -> convolution(tensor.input(0), tensor.input(1));
            case Op.Conv2dWeightGradient _ -> convolution(tensor.input(1), tensor);
            case Op.Input _,Op.ReadVariable _,Op.Constant _,Op.Iota _,Op.RandomBits _,Op.Unary _,Op.Binary _,Op.Compare _,Op.Select _,Op.Cast _,Op.StopGradient _,Op.Reduce _,Op.ArgMax _,Op.Reshape _,Op.Transpose _,Op.Broadcast _,Op.Slice _,Op.Pad _,Op.Concat _,Op.Reverse _,Op.Gather _,Op.ScatterAdd _,Op.MaxPool2d _,Op.MaxPool2dGradient _,Op.MaxPool2dPick _,Op.SumPool2d _,Op.SumPool2dGradient _,Op.Region _ ->
                    0;
        };
    }

    /** Each output of a convolution sums over the weights of one filter, and its two gradients do as much. */
    private static long convolution(Tensor output, Tensor weights) {
        return 2 * output.shape().size() * weights.shape().dropFirst().size();
    }

    private static String kind(Layer layer) {
        String name = layer.getClass().getSimpleName();
        return layer.getClass().isHidden() || name.isEmpty() ? "Layer" : name;
    }

    private static Shape example(Shape batch) {
        return batch.rank() == 0 ? batch : batch.dropFirst();
    }

    /** How many numbers the network learns. */
    public long parameters() {
        return rows.stream().mapToLong(Row::parameters).sum();
    }

    /** The floating-point operations of all convolutions and matrix products for one example forwards. */
    public long flops() {
        return rows.stream().mapToLong(Row::flops).sum();
    }

    /** A table for people, with the totals below. */
    @Override
    public String toString() {
        var table = new ArrayList<List<String>>();
        table.add(List.of("layer", "kind", "output", "parameters", "FLOPs"));
        for (Row row : rows) {
            table.add(List.of(row.path(), row.kind(), row.output().toString(), grouped(row.parameters()),
                    grouped(row.flops())));
        }
        table.add(List.of("total", "", "", grouped(parameters()), grouped(flops())));
        int[] widths = new int[5];
        for (List<String> line : table) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        String format = "%%-%ds  %%-%ds  %%-%ds  %%%ds  %%%ds%%n".formatted(widths[0], widths[1], widths[2], widths[3],
                widths[4]);
        var text = new StringBuilder();
        table.forEach(line -> text.append(format.formatted(line.toArray())));
        return text.toString();
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
